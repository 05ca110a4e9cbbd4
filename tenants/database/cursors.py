"""Cursors that know whose role they run under."""

from typing import Any, Protocol, cast

from django.db.backends.postgresql.base import Cursor, ServerBindingCursor
from psycopg import errors, sql

from tenants.database.statements import StatementRefusedError, refuse_unless_plain

HINT = (
    "This ran under a shop's role. If pages on shops' hosts are to use the table, grant it in its app's wiring.py "
    "and run: manage.py shops roles"
)


class Session(Protocol):
    """Connection that a cursor is of: it knows its role, and brings role and search path up to date."""

    role_shop_id: int | None

    @property
    def is_setting_session(self) -> bool: ...

    def set_session(self) -> None: ...


class GuardedCursor:
    """Mixin for psycopg's cursors: updates role and search path, then passes allowed statements on.

    Both are looked at when a statement is sent, not only when the cursor is made: one that was made before the role
    changed is no way around it.
    """

    wrapper: Session | None = None

    def execute(self, query: Any, *args: Any, **kwargs: Any) -> Any:
        guarded = self._admit(query)
        try:
            return cast("Any", super()).execute(query, *args, **kwargs)
        except errors.InsufficientPrivilege as error:
            if guarded:
                error.add_note(HINT)
            raise

    def executemany(self, query: Any, *args: Any, **kwargs: Any) -> Any:
        self._admit(query)
        return cast("Any", super()).executemany(query, *args, **kwargs)

    def stream(self, query: Any, *args: Any, **kwargs: Any) -> Any:
        self._admit(query)
        return cast("Any", super()).stream(query, *args, **kwargs)

    def copy(self, statement: Any, *args: Any, **kwargs: Any) -> Any:
        if self._admit(statement):
            raise StatementRefusedError("COPY is not allowed on a shop's host. See docs/isolation.md.")
        return cast("Any", super()).copy(statement, *args, **kwargs)

    def _execute_send(self, query: Any, *, force_extended: bool = False, binary: bool | None = None) -> None:
        """Send by the extended protocol under a shop's role: it takes one statement and no second."""
        alone = force_extended or self._is_guarded()
        cast("Any", super())._execute_send(query, force_extended=alone, binary=binary)  # noqa: SLF001 - its own

    def _is_guarded(self) -> bool:
        wrapper = self.wrapper
        return wrapper is not None and wrapper.role_shop_id is not None and not wrapper.is_setting_session

    def _admit(self, query: Any) -> bool:
        wrapper = self.wrapper
        if wrapper is None or wrapper.is_setting_session:
            return False
        wrapper.set_session()
        if wrapper.role_shop_id is None:
            return False
        refuse_unless_plain(_text(query, self))
        return True


class ClientCursor(GuardedCursor, Cursor):
    """Values are merged into the statement here."""


class ServerCursor(GuardedCursor, ServerBindingCursor):
    """Values travel beside the statement."""


CURSORS = {Cursor: ClientCursor, ServerBindingCursor: ServerCursor}


def _text(query: Any, cursor: Any) -> str:
    if isinstance(query, sql.Composable):
        return query.as_string(cursor)
    return query.decode() if isinstance(query, bytes) else str(query)
