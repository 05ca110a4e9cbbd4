"""Statements that may be sent while a shop's role is set.

Statements that an injection would need to leave its role are refused before they are sent: all that are no plain reads
or writes, and functions that change a setting or run SQL given as text. Statements also go out one at a time, so that
none can be hidden behind another. The list is about text that came to be part of a statement; values that travel as
parameters are not looked at.
"""

import re
from functools import lru_cache

from django.db import ProgrammingError

# PostgreSQL knows a statement's kind by its first word. WITH leads to these four and to nothing else.
PLAIN = r"(?:SELECT|INSERT|UPDATE|DELETE|WITH|VALUES)\b"
SAVEPOINTS = r"(?:SAVEPOINT|RELEASE SAVEPOINT|ROLLBACK TO SAVEPOINT)\b"
CONSTRAINTS = r"SET CONSTRAINTS\b"
TIMEOUTS = r"SET LOCAL (?:lock|statement)_timeout (?:=|TO) '?[0-9]+(?:ms|s)?'?\s*\Z"
READ_ONLY = (
    r"SET (?:LOCAL transaction_read_only = on|default_transaction_read_only = (?:on|off))\s*\Z"  # kit.db.read_only
)
ALLOWED = re.compile(rf"[\s(]*(?:{PLAIN}|{SAVEPOINTS}|{CONSTRAINTS}|{TIMEOUTS}|{READ_ONLY})", re.IGNORECASE)

# Names that begin with `pg_` are the server's own: they count the rows of every shop (pg_stat_all_tables, pg_class),
# hold locks that are ours (pg_advisory_lock), write to the log of changes and wait. No page needs any. The schema
# pg_catalog is only a prefix, and pg_unicode_fast a collation, which reads nothing. The last is a way to write any name
# without its letters.
FORBIDDEN = re.compile(
    r"\b(?:set_config|pg_(?!(?:catalog|unicode_fast)\b)\w+|query_to_xml|cursor_to_xml|ts_stat|ts_rewrite|dblink)|\bU&[\"']",
    re.IGNORECASE,
)


class StatementRefusedError(ProgrammingError):
    """A statement that a shop's role may not send."""


@lru_cache(maxsize=1024)
def refuse_unless_plain(statement: str) -> None:
    """Refuse a statement that could change the role, or run another in its stead.

    The same statements come again and again, so allowed ones are cached.

    Raises:
        StatementRefusedError: it is neither a read nor a write, or it names something of the server's own.
    """
    if not ALLOWED.match(statement):
        raise StatementRefusedError(f"Not allowed on a shop's host: {statement[:60]!r}. See docs/isolation.md.")
    found = FORBIDDEN.search(statement)
    if found:
        raise StatementRefusedError(f"Not allowed on a shop's host: {found.group()}. See docs/isolation.md.")
