"""django-tenants' connection, on which a shop's role goes with the search path: in one statement, when needed.

`role_shop_id` is the shop whose role statements run under; None is the platform's own. As with the search path, nothing
reaches the server before the next statement, and both are sent again when a rollback may have undone them.
"""

import time
from collections.abc import Sequence
from typing import Any, ClassVar

from django.conf import settings
from django.db.backends.signals import connection_created
from django.db.utils import ProgrammingError
from django_tenants.postgresql_backend.base import DatabaseWrapper as TenantsWrapper
from django_tenants.utils import quote_schema_name
from psycopg import errors, sql
from psycopg.pq import TransactionStatus

from tenants.database import recycling
from tenants.database.cursors import CURSORS, HINT
from tenants.database.round_trips import RoundTrips, Rows, Statement
from tenants.database.statements import refuse_unless_plain

ROLE_NAME = "shop_{database}_{shop_id}"


class DatabaseWrapper(TenantsWrapper):
    """A connection that runs as the platform, or as one shop."""

    role_shop_id: int | None = None
    _setting_search_path: bool
    _uncommitted_paths: list[str] | None = None
    _may_have_role = False  # whether the server may hold a shop's role for this connection
    _database_oids: ClassVar[dict[tuple[str, str, str], int]] = {}

    @property
    def is_setting_session(self) -> bool:
        """Return whether the statement under way is this class's own."""
        return bool(self._setting_search_path)

    def set_role(self, shop_id: int | None) -> None:
        """Run the following statements as a shop, or as the platform."""
        if shop_id != self.role_shop_id:
            self.role_shop_id = shop_id
            self.search_path_set_schemas = None

    def set_session(self) -> None:
        """Bring role and search path up to date, if they are not."""
        if not self.search_path_set_schemas:
            self._handle_search_path()

    def role_name(self, shop_id: int) -> str:
        """Return the role of a shop: roles belong to the whole server, so the database is part of the name."""
        return ROLE_NAME.format(database=self._database_oid(), shop_id=shop_id)

    def get_connection_params(self) -> dict[str, Any]:
        params: dict[str, Any] = super().get_connection_params()
        params["cursor_factory"] = CURSORS.get(params["cursor_factory"], params["cursor_factory"])
        if settings.PREPARED_STATEMENTS:  # they look rows up by keys: one plan serves all values
            params["options"] = f"{params.get('options', '')} -c plan_cache_mode=force_generic_plan".strip()
        return params

    def create_cursor(self, name: str | None = None) -> Any:
        cursor = super().create_cursor(name)
        cursor.wrapper = self
        return cursor

    def chunked_cursor(self) -> Any:
        """Under a shop's role, read everything at once: a cursor on the server would be declared by a statement."""
        return super().chunked_cursor() if self.role_shop_id is None else self.cursor()

    def run_together(self, statements: Sequence[Statement]) -> list[Rows]:
        """Run statements in one round trip and return the rows of each; the rules for cursors apply here too.

        Raises:
            DatabaseError: of the first one that failed; those after it were not run.
        """
        if self.connection is None:
            self.ensure_connection()
        self.validate_no_broken_transaction()
        began = time.monotonic()
        try:
            with self.wrap_database_errors:
                self.set_session()
                if self.role_shop_id is not None:
                    for text, _ in statements:
                        refuse_unless_plain(text)
                return self._round_trips().go(statements)
        except ProgrammingError as error:
            if self.role_shop_id is not None and isinstance(error.__cause__, errors.InsufficientPrivilege):
                error.__cause__.add_note(HINT)
            raise
        finally:
            if self.queries_logged:
                took = f"{time.monotonic() - began:.3f}"
                self.queries_log.extend({"sql": text, "time": took} for text, _ in statements)

    def _round_trips(self) -> RoundTrips:
        """Return the prepared statements of the server session; they stay with it, through the pool."""
        round_trips: RoundTrips | None = getattr(self.connection, "kasuwa_round_trips", None)
        if round_trips is None:
            round_trips = RoundTrips(self.connection, prepared_max=settings.PREPARED_STATEMENTS)
            self.connection.kasuwa_round_trips = round_trips
        return round_trips

    def _handle_search_path(self, cursor: Any = None) -> None:
        if self._setting_search_path or self.search_path_set_schemas:
            return
        if self.connection.info.transaction_status == TransactionStatus.INERROR:
            return  # nothing runs before the rollback, after which this is called again
        paths = self._get_cursor_search_paths()
        if self.role_shop_id is None and self._known_session() == paths:
            self.search_path_set_schemas = paths
            return
        self._forget_session()
        self._setting_search_path = True
        try:
            statement = f"SET search_path = {','.join(map(quote_schema_name, paths))}" + self._role_clause()
            if cursor is None:
                with self.wrap_database_errors, self.connection.cursor() as own:
                    own.execute(statement)
            else:
                cursor.execute(statement)
        finally:
            self._setting_search_path = False
        self.search_path_set_schemas = paths
        if self.role_shop_id is None:
            self._note_session(paths)

    # The known state of a server's session is kept on psycopg's connection, through the pool: the next request
    # that wants the same says nothing. Only the platform's role is remembered. What a transaction has set is known
    # once it is committed, for a rollback takes it back.

    def _commit(self) -> None:
        """Commit, unless a pipeline has done so (`kit.db.pipeline.COMMIT`)."""
        if self.connection is None or self.connection.pgconn.transaction_status != TransactionStatus.IDLE:
            super()._commit()

    def commit(self) -> None:
        super().commit()
        if self._uncommitted_paths is not None:
            self.connection.kasuwa_session, self._uncommitted_paths = self._uncommitted_paths, None

    def rollback(self) -> None:
        self._uncommitted_paths = None
        super().rollback()

    def savepoint_rollback(self, sid: str) -> None:
        self._uncommitted_paths = None
        super().savepoint_rollback(sid)

    def _known_session(self) -> list[str] | None:
        known: list[str] | None = getattr(self.connection, "kasuwa_session", None)
        return known

    def _forget_session(self) -> None:
        self.connection.kasuwa_session = self._uncommitted_paths = None

    def _note_session(self, paths: list[str]) -> None:
        if self.connection.info.transaction_status == TransactionStatus.IDLE:
            self.connection.kasuwa_session = list(paths)
        else:
            self._uncommitted_paths = list(paths)

    def _role_clause(self) -> str:
        if self.role_shop_id is not None:
            self._may_have_role = True
            return f"; SET ROLE {self.role_name(self.role_shop_id)}"
        return f"; {self._platform_role()}" if self._may_have_role else ""

    def _platform_role(self) -> str:
        assumed = self.settings_dict["OPTIONS"].get("assume_role")
        return sql.SQL("SET ROLE {}").format(sql.Identifier(assumed)).as_string() if assumed else "RESET ROLE"

    def _database_oid(self) -> int:
        here = self.settings_dict
        key = (str(here["HOST"]), str(here["PORT"]), str(here["NAME"]))
        if key not in self._database_oids:
            self.ensure_connection()
            found = self.connection.execute("SELECT oid FROM pg_database WHERE datname = current_database()")
            self._database_oids[key] = int(found.fetchone()[0])
        return self._database_oids[key]

    @property
    def pool(self) -> Any:
        """Return the pool of connections, if there is one; Django's own look-up is asked for a new one alone."""
        is_pooled = self.settings_dict["OPTIONS"].get("pool")
        return (is_pooled and self._connection_pools.get(self.alias)) or super().pool

    def connect(self) -> None:
        """Take a connection from the pool, and set up what belongs to this use of it.

        Django sets all of it up as on a new connection, for each request (docs/adr/0059): it puts parameters together
        that an open pool does not read, and tells the apps, which is done here once for each connection.
        """
        pool = self.pool
        if pool is None or pool.closed:
            super().connect()
            return
        self.in_atomic_block = self.needs_rollback = self.closed_in_transaction = self.errors_occurred = False
        for transactions in ("savepoint_ids", "atomic_blocks", "run_on_commit"):
            setattr(self, transactions, [])
        self.health_check_done, self.close_at = True, time.monotonic()  # it goes back when the request ends
        self.connection = self.get_new_connection({})
        self.autocommit = True
        if not self.connection.autocommit:
            self._set_autocommit(True)
        if not getattr(self.connection, "kasuwa_is_announced", False):
            connection_created.send(sender=self.__class__, connection=self)
            self.connection.kasuwa_is_announced = True

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Return a connection; one from the pool may still have a shop's role, which the first statement resets."""
        self._may_have_role = self.pool is not None
        return super().get_new_connection(conn_params)

    def _close(self) -> None:
        if self.connection is not None and self.pool is not None:
            recycling.count_use(self.connection)
        super()._close()
