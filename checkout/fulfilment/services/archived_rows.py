"""Checks of the orders in an archive, which another market may have written, for what a shop's pages need."""

from psycopg import sql

from kit.db.sql import fetch_all
from kit.db.statements import load_statement
from kit.money import SYMBOLS

FAULTS = sql.SQL(load_statement(__package__, "archived_faults"))


def faults_of_orders(schema_name: str) -> list[str]:
    """Return the faults of the orders in a schema, as texts."""
    names = {"vendor_order": "fulfilment_vendororder", "line": "fulfilment_vendororderline"}
    tables = {name: sql.Identifier(schema_name, table) for name, table in names.items()}
    return [str(fault) for (fault,) in fetch_all(FAULTS.format(**tables), {"currencies": list(SYMBOLS)})]
