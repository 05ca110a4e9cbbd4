"""Checks of the products in an archive, which another market may have written, for what the pages need."""

from psycopg import sql

from catalogue.services.validation import MAX_ON_HAND, MAX_OPTIONS, MAX_PRICE_MINOR
from kit.db.sql import fetch_all
from kit.db.statements import load_statement

FAULTS = sql.SQL(load_statement(__package__, "archived_faults"))
LIMITS = {"price": MAX_PRICE_MINOR, "stock": MAX_ON_HAND, "options": MAX_OPTIONS}


def faults_of_goods(schema_name: str) -> list[str]:
    """Return the faults of the products and variants in a schema, as texts."""
    names = {"product": "catalogue_product", "variant": "catalogue_variant", "stock": "catalogue_stocklevel"}
    tables = {name: sql.Identifier(schema_name, table) for name, table in names.items()}
    return [str(fault) for (fault,) in fetch_all(FAULTS.format(**tables), LIMITS)]
