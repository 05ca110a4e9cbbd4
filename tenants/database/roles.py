"""A database role for each shop: made with the shop, gone with it, and brought up to date by `migrate`."""

import hashlib
import logging
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, cast

from django.conf import settings
from django.db import connection, transaction
from django_tenants.utils import get_public_schema_name, schema_context
from psycopg import sql

from kit.db.roles import as_platform
from kit.db.sql import execute, fetch_all
from tenants.database.connections import schema_connection
from tenants.database.grants import COUNTING_FUNCTIONS, HOLDING_FUNCTIONS, RESERVED_FUNCTIONS, Grant, shop_grants
from tenants.errors import ShopNotFoundError
from tenants.models import Shop

logger = logging.getLogger(__name__)

GROUP_LOCK = 5_121_017  # two installations on one server may make the group at the same moment
# Existing roles, functions that are still callable by all, and the database user.
INSTALLED = """
SELECT to_regrole({group}) IS NOT NULL, to_regprocedure('public.tenants_role_shop()') IS NOT NULL,
    rolsuper, pg_has_role(CURRENT_USER, datdba, 'USAGE'),
    ARRAY(SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace
        AND proname ~ {counting} AND has_function_privilege('public', oid, 'EXECUTE') ORDER BY 1),
    ARRAY(SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace
        AND proname ~ {holding} AND has_function_privilege('public', oid, 'EXECUTE') ORDER BY 1),
    ARRAY(SELECT rolname::text FROM pg_roles WHERE rolcanlogin ORDER BY 1)
FROM pg_roles, pg_database WHERE rolname = CURRENT_USER AND datname = current_database()
"""
SHOP_FUNCTION = """
CREATE OR REPLACE FUNCTION public.tenants_role_shop() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE WHEN starts_with(CURRENT_USER::text, 'shop_') THEN split_part(CURRENT_USER::text, '_', 3)::bigint END
"""


def roles_are_on() -> bool:
    """Return whether requests on shops' hosts run under the shop's role: by the setting, else by the user's rights."""
    if settings.SHOP_ROLES == "auto":
        return _may_make_roles(str(connection.settings_dict["HOST"]), str(connection.settings_dict["USER"]))
    return bool(settings.SHOP_ROLES == "on")


def may_make_roles() -> bool:
    """Return whether this database user may make roles."""
    with schema_context(get_public_schema_name()), as_platform():
        return fetch_all(sql.SQL("SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = CURRENT_USER")) == [
            (True,)
        ]


def grant_shop_role(*, schema_name: str) -> None:
    """Give a shop's role what is in the shop's schema, now and later; make the role where there is none.

    Call it whenever a schema came to be, or took the place of another; calling it twice does no harm.

    Raises:
        ShopNotFoundError: no shop has this schema.
    """
    if not roles_are_on():
        return
    shop_id = Shop.objects.filter(schema_name=schema_name).values_list("pk", flat=True).first()
    if shop_id is None:
        raise ShopNotFoundError
    make, *before = _before_tables(shop_id, schema_name)
    for statement in (*([] if _exists(shop_id) else [make]), *before):
        execute(statement)
    execute(
        sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}").format(
            schema=sql.Identifier(schema_name), role=_role(shop_id)
        )
    )
    execute(_hide_migrations(shop_id, schema_name))


def privileges_of_new_shop(*, shop_id: int, schema_name: str) -> tuple[list[sql.Composed], list[sql.Composed]]:
    """Return the statements that make a new shop's role: before its tables exist, and after."""
    if not roles_are_on():
        return [], []
    return _before_tables(shop_id, schema_name), [_hide_migrations(shop_id, schema_name)]


def _before_tables(shop_id: int, schema_name: str) -> list[sql.Composed]:
    parts = {"role": _role(shop_id), "schema": sql.Identifier(schema_name), "group": _group()}
    statements = (
        "CREATE ROLE {role} NOLOGIN IN ROLE {group} ROLE CURRENT_USER",
        "GRANT USAGE ON SCHEMA {schema} TO {role}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}",
    )
    return [sql.SQL(statement).format(**parts) for statement in statements]


def _hide_migrations(shop_id: int, schema_name: str) -> sql.Composed:
    """Return the statement that hides a schema's record of migrations from the shop's role."""
    return sql.SQL("REVOKE ALL ON {table} FROM {role}").format(
        table=sql.Identifier(schema_name, "django_migrations"), role=_role(shop_id)
    )


def drop_shop_role(*, shop_id: int) -> None:
    """Take a shop's role away with all that it was granted; nothing happens where there is none."""
    if _exists(shop_id):
        execute(sql.SQL("DROP OWNED BY {}").format(_role(shop_id)))
        execute(sql.SQL("DROP ROLE {}").format(_role(shop_id)))


def sync_shop_roles() -> int:
    """Update grants on `public`, and give a role to shops without one; return the number of changes.

    It takes three statements where there is nothing to do.
    """
    if not roles_are_on():
        return 0
    with schema_context(get_public_schema_name()):
        _install()
        changed = sum(_grant_public_table(grant) for grant in _stale_grants())
        changed += sum(_withdraw(table) for table in _policed_tables() - {grant.table for grant in shop_grants()})
        for schema_name in _shops_without_role():
            with transaction.atomic():
                grant_shop_role(schema_name=schema_name)
            changed += 1
    return changed


def _install() -> None:
    """Create the objects that all shops' roles share, if they do not exist."""
    group = settings.SHOP_ROLES_GROUP
    [(has_group, has_function, is_superuser, owns_database, counting, holding, users)] = fetch_all(
        sql.SQL(INSTALLED).format(
            group=sql.Literal(group), counting=sql.Literal(COUNTING_FUNCTIONS), holding=sql.Literal(HOLDING_FUNCTIONS)
        )
    )
    if is_superuser and counting:
        _take_from_everybody(counting, keep=["pg_monitor"])
    if is_superuser and holding:
        _take_from_everybody(holding, keep=users)
    if has_group and has_function:
        return
    with transaction.atomic():
        execute(sql.SQL("SELECT pg_advisory_xact_lock({})").format(sql.Literal(GROUP_LOCK)))
        if fetch_all(sql.SQL("SELECT to_regrole({})").format(sql.Literal(group))) == [(None,)]:
            execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(_group()))
        execute(sql.SQL(SHOP_FUNCTION))
        if owns_database or is_superuser:  # a table of one's own making would come before everybody's
            database = sql.Identifier(str(fetch_all(sql.SQL("SELECT current_database()"))[0][0]))
            execute(sql.SQL("REVOKE TEMPORARY ON DATABASE {} FROM PUBLIC").format(database))
        if is_superuser:
            for signature in RESERVED_FUNCTIONS:
                execute(sql.SQL("REVOKE EXECUTE ON FUNCTION pg_catalog.{} FROM PUBLIC").format(sql.SQL(signature)))


def _take_from_everybody(functions: Iterable[str], *, keep: Iterable[str]) -> None:
    """Leave functions of the server to some roles alone; no shop's role is one of them, or a member of one."""
    names = sql.SQL(", ").join(sql.SQL("pg_catalog.{}").format(sql.SQL(cast("Any", name))) for name in functions)
    roles = sql.SQL(", ").join(sql.Identifier(role) for role in keep)
    with transaction.atomic():
        execute(sql.SQL("SELECT pg_advisory_xact_lock({})").format(sql.Literal(GROUP_LOCK)))
        execute(sql.SQL("REVOKE EXECUTE ON FUNCTION {} FROM PUBLIC").format(names))
        execute(sql.SQL("GRANT EXECUTE ON FUNCTION {} TO {}").format(names, roles))


def _stale_grants() -> Iterable[Grant]:
    """Return the grants that the database does not have in this form; a policy's comment names its form."""
    installed = dict(
        fetch_all(
            sql.SQL(
                "SELECT relname, obj_description(pg_policy.oid, 'pg_policy') FROM pg_class "
                "LEFT JOIN pg_policy ON polrelid = pg_class.oid AND polname = 'shop_rows' "
                "WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
            )
        )
    )
    return [grant for grant in shop_grants() if grant.table in installed and installed[grant.table] != _digest(grant)]


def _grant_public_table(grant: Grant) -> int:
    parts: dict[str, sql.Composable] = {
        "table": sql.Identifier("public", grant.table),
        "group": _group(),
        "operations": sql.SQL(cast("Any", ", ".join(grant.operations))),
        "rows": sql.SQL(cast("Any", grant.rows)),
        "new_rows": sql.SQL(cast("Any", grant.new_rows or grant.rows)),
        "digest": sql.Literal(_digest(grant)),
    }
    with transaction.atomic():
        for statement in (
            "REVOKE ALL ON {table} FROM {group}",
            "DROP POLICY IF EXISTS shop_rows ON {table}",
            "ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            "CREATE POLICY shop_rows ON {table} TO {group} USING ({rows}) WITH CHECK ({new_rows})",
            "COMMENT ON POLICY shop_rows ON {table} IS {digest}",
            "GRANT {operations} ON {table} TO {group}",
        ):
            execute(sql.SQL(cast("Any", statement)).format(**parts))
    return 1


def _policed_tables() -> set[str]:
    found = fetch_all(sql.SQL("SELECT polrelid::regclass::text FROM pg_policy WHERE polname = 'shop_rows'"))
    return {str(name).removeprefix("public.") for (name,) in found}


def _withdraw(table: str) -> int:
    """Take away what was granted on a table once and no longer is."""
    name = sql.Identifier("public", table)
    with transaction.atomic():
        execute(sql.SQL("REVOKE ALL ON {} FROM {}").format(name, _group()))
        execute(sql.SQL("DROP POLICY shop_rows ON {}").format(name))
        execute(sql.SQL("ALTER TABLE {} DISABLE ROW LEVEL SECURITY").format(name))
    return 1


def _shops_without_role() -> list[str]:
    pattern = schema_connection().role_name(0).removesuffix("0")
    found = fetch_all(
        sql.SQL(
            "SELECT schema_name FROM tenants_shop WHERE to_regrole({pattern} || id) IS NULL "
            "AND to_regnamespace(schema_name) IS NOT NULL ORDER BY id"
        ).format(pattern=sql.Literal(pattern))
    )
    return [str(name) for (name,) in found]


def _exists(shop_id: int) -> bool:
    name = sql.Literal(schema_connection().role_name(shop_id))
    return fetch_all(sql.SQL("SELECT to_regrole({})").format(name)) != [(None,)]


def _role(shop_id: int) -> sql.Identifier:
    return sql.Identifier(schema_connection().role_name(shop_id))


def _group() -> sql.Identifier:
    return sql.Identifier(settings.SHOP_ROLES_GROUP)


def _digest(grant: Grant) -> str:
    text = f"{settings.SHOP_ROLES_GROUP} {grant}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@lru_cache
def _may_make_roles(_host: str, _user: str) -> bool:
    may = may_make_roles()
    if not may:
        logger.warning("Shops have no database roles of their own: this database user may not make any.")
    return may
