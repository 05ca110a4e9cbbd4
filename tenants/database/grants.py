"""Grants to shops' database roles on tables in `public`: each app grants its own tables, in its wiring.

A table without a grant does not exist for code on a shop's host. A grant names the operations, the columns where not
all, and the rows. `manage.py migrate` and `manage.py shops roles` bring the database up to date; the tables of the
shop's own schema need none.
"""

from dataclasses import dataclass

from kit.wiring import Contribution, contributions

SHOP = "tenants_role_shop()"  # the shop whose role is in force
MINE = f"shop_id = {SHOP}"


@dataclass(frozen=True, slots=True)
class Grant(Contribution):
    """Operations on some rows of a table.

    The tables in a condition show their own rows of the shop alone, by their own grants.

    Args:
        rows: the rows that may be read, changed or deleted, as an SQL condition.
        new_rows: what a written row must be like, where that is something else.
    """

    table: str
    operations: tuple[str, ...]
    rows: str
    new_rows: str = ""

    @property
    def key(self) -> str:
        """Return the table."""
        return self.table


READ = ("SELECT",)
READ_AND_WRITE = ("SELECT", "INSERT", "UPDATE", "DELETE")


def shop_grants() -> tuple[Grant, ...]:
    """Return the grants of all apps."""
    return contributions(Grant)


# Built into PostgreSQL for everybody. They change a setting (the role is one), run SQL that they are handed as
# text, or leave things behind in the database: taken from all but the platform, where it may.
RESERVED_FUNCTIONS = (
    "set_config(text, text, boolean)",
    "query_to_xml(text, boolean, boolean, text)",
    "query_to_xmlschema(text, boolean, boolean, text)",
    "query_to_xml_and_xmlschema(text, boolean, boolean, text)",
    "cursor_to_xml(refcursor, integer, boolean, boolean, text)",
    "ts_stat(text)",
    "ts_stat(text, text)",
    "ts_rewrite(tsquery, text)",
    "lo_creat(integer)",
    "lo_create(oid)",
    "lo_from_bytea(oid, bytea)",
)
# Of these, those that the server's version has: exact counts and sizes of every shop's tables, and the log of changes.
# Those who watch the server (`pg_monitor`) keep them.
COUNTING_FUNCTIONS = (
    r"^(pg_stat_get_(xact_)?(live|dead|tuples|ins|mod|blocks|numscans|lastscan|last_|vacuum|auto|analyze|total)"
    r"|pg_(relation|table|total_relation|indexes|database|schema)_size$|pg_logical_emit_message$)"
)
# Of these too: advisory locks, which are the platform's own, waiting, and waking others. Users who sign in to the
# database keep them; shops' roles do not sign in.
HOLDING_FUNCTIONS = r"^(pg_(try_)?advisory_|pg_sleep|pg_notify$)"
