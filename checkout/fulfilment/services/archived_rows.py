"""What a shop's pages count on in the orders of an archive that another market may have written."""

from psycopg import sql

from kit.db.sql import fetch_all
from kit.db.statements import load_statement
from kit.money import SYMBOLS

FAULTS = sql.SQL(load_statement(__package__, "archived_faults"))


def faults_of_orders(schema_name: str) -> list[str]:
    """Return what is wrong with a schema's orders, in words."""
    names = {"vendor_order": "fulfilment_vendororder", "line": "fulfilment_vendororderline"}
    tables = {name: sql.Identifier(schema_name, table) for name, table in names.items()}
    return [str(fault) for (fault,) in fetch_all(FAULTS.format(**tables), {"currencies": list(SYMBOLS)})]
