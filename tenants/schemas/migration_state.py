"""Marks on shops that tell which migrations their schemas have, so that one statement finds those with work to do.

A mark names the digest of the migrations and the very table that records them: a schema that was dropped, restored or
made anew has another one, and is checked. After a change of that table by hand, past `migrate`, the marks must be
deleted.
"""

import hashlib
from collections.abc import Sequence

from django_tenants.utils import get_public_schema_name, schema_context
from psycopg import sql

from kit.db.sql import execute
from kit.db.statements import load_statement
from tenants.models import Shop
from tenants.schemas.graph import needed_migrations

MARK = load_statement(__package__, "mark_migrated")
MARK_NEW = sql.SQL(
    "UPDATE public.tenants_shop SET migrated_to = {digest} || ':' || to_regclass('django_migrations')::oid"
    " WHERE id = {shop_id}"
)


def needed_digest() -> str:
    """Return the digest of the migrations that this process's code needs."""
    return hashlib.sha256("\n".join(sorted(needed_migrations())).encode()).hexdigest()[:32]


def mark_migrated(*, shop_ids: Sequence[int]) -> None:
    """Mark shops as having all migrations that the code needs; one statement."""
    if shop_ids:
        with schema_context(get_public_schema_name()):
            execute(MARK, {"shops": list(shop_ids), "digest": needed_digest()})


def mark_of_new_shop(*, shop_id: int) -> sql.Composed:
    """Return the statement that notes it of a shop whose schema, just made from the artefact, is on the search path."""
    return MARK_NEW.format(digest=sql.Literal(needed_digest()), shop_id=sql.Literal(shop_id))


def forget_marks() -> None:
    """Have every shop's schema looked into the next time."""
    with schema_context(get_public_schema_name()):
        Shop.objects.exclude(migrated_to="").update(migrated_to="")
