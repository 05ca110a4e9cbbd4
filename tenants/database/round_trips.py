"""Statements that go to the server together: one round trip for all of them, prepared once they come again and again.

psycopg's cursors and pipeline take more processor time for short statements than the server does. So this talks to
libpq through psycopg's wrapper of it; values and rows are psycopg's to convert, as ever.
"""

import select
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

from psycopg import Connection, errors, pq
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq.abc import PGconn, PGresult

AS_TEXT = [PyFormat.TEXT]
Rows = list[tuple[Any, ...]]
Statement = tuple[str, Sequence[Any]]
PREPARED_AFTER = 1  # a text that has come that often is prepared
SEEN = 4  # of texts that may come to that, so many times the prepared ones are counted
FAILED = frozenset({pq.ExecStatus.FATAL_ERROR, pq.ExecStatus.PIPELINE_ABORTED})
STALE_PLAN = "cached plan must not change result type"


class PlanLostError(errors.SerializationFailure):
    """A prepared statement is no longer valid; the transaction may be run again."""


class Prepared:
    """Texts that a server's session has prepared.

    The least recently used one is dropped for a new one. Rare texts are never prepared: their count is dropped before
    it is high enough.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._names: OrderedDict[str, bytes] = OrderedDict()
        self._seen: OrderedDict[str, int] = OrderedDict()
        self._number = 0

    def name_of(self, text: str) -> bytes | None:
        """Return the name of a prepared text."""
        name = self._names.get(text)
        if name is not None:
            self._names.move_to_end(text)
        return name

    def is_due(self, text: str) -> bool:
        """Count a text that is not prepared, and return whether it is to be prepared now."""
        seen = self._seen.pop(text, 0) + 1
        if seen > PREPARED_AFTER:
            return self._most > 0
        self._seen[text] = seen
        if len(self._seen) > self._most * SEEN:
            self._seen.popitem(last=False)
        return False

    def add(self, text: str) -> tuple[bytes, bytes | None]:
        """Give a text a name; return it, and the name of the statement to be dropped for it."""
        oldest = self._names.popitem(last=False)[1] if len(self._names) >= self._most else None
        self._number += 1
        self._names[text] = name = b"kasuwa_%d" % self._number
        return name, oldest

    def drop(self, text: str) -> None:
        """Forget a text that the server did not take."""
        self._names.pop(text, None)

    def drop_all(self) -> None:
        """Forget everything; names are never given twice."""
        self._names.clear()


class RoundTrips:
    """The round trips of one server session."""

    def __init__(self, connection: Connection[Any], *, prepared_max: int) -> None:
        self._connection = connection
        self._transformer = Transformer(connection)
        self._prepared = Prepared(prepared_max)
        self._is_lost = False  # whether the server may hold what is not known here any more

    def go(self, statements: Sequence[Statement]) -> list[Rows]:
        """Run statements in their order and return the rows of each; a transaction begins where one has to.

        Raises:
            psycopg.Error: of the first statement that failed; those after it were not run.
            PlanLostError: it was prepared, and is not any more; only in a transaction, for outside one it is run again.
        """
        try:
            return self._go(statements)
        except PlanLostError:
            if not self._connection.autocommit:
                raise
            return self._go(statements)

    def _go(self, statements: Sequence[Statement]) -> list[Rows]:
        connection, pg = self._connection, self._connection.pgconn
        dump = self._transformer.dump_sequence
        ready = [(text, dump(params, AS_TEXT * len(params))) for text, params in statements]
        with connection.lock:
            if pg.status != pq.ConnStatus.OK:
                raise errors.OperationalError("the connection is closed")
            try:
                pg.enter_pipeline_mode()
                sent = self._send(pg, ready)
                results = _results(pg, len(sent))
                pg.exit_pipeline_mode()
            except BaseException:
                connection.close()  # the following results are unknown
                raise
        return self._rows(sent, results)

    def _send(self, pg: PGconn, statements: Sequence[tuple[str, Sequence[Any]]]) -> list[tuple[str, bool]]:
        """Send everything; return, for each result that will come, its text and whether it has rows."""
        sent: list[tuple[str, bool]] = []
        if not self._connection.autocommit and pg.transaction_status == pq.TransactionStatus.IDLE:
            pg.send_query_params(self._begin(), None)
            sent.append(("", False))
        if self._is_lost:
            pg.send_query_params(b"DEALLOCATE ALL", None)
            sent.append(("", False))
            self._is_lost = False
        for text, params in statements:
            name = self._prepared.name_of(text)
            if name is None and self._prepared.is_due(text):
                name, oldest = self._prepared.add(text)
                if oldest is not None:
                    pg.send_query_params(b"DEALLOCATE " + oldest, None)
                    sent.append(("", False))
                pg.send_prepare(name, text.encode())
                sent.append((text, False))
            if name is None:
                pg.send_query_params(text.encode(), params)
            else:
                pg.send_query_prepared(name, params)
            sent.append((text, True))
        pg.pipeline_sync()
        return sent

    def _begin(self) -> bytes:
        level = self._connection.isolation_level
        return b"BEGIN" if level is None else f"BEGIN ISOLATION LEVEL {level.name.replace('_', ' ')}".encode()

    def _rows(self, sent: Sequence[tuple[str, bool]], results: Sequence[PGresult]) -> list[Rows]:
        if len(results) > len(sent):
            raise self._failure(results[-1])
        transformer = self._transformer
        found: list[Rows] = []
        for (_, has_rows), result in zip(sent, results, strict=True):
            if result.status in FAILED:
                self._drop_failed(sent, results)
                raise self._failure(result)
            if has_rows:
                count = result.ntuples
                if count:
                    transformer.set_pgresult(result)
                found.append(transformer.load_rows(0, count, tuple) if count else [])
        return found

    def _drop_failed(self, sent: Sequence[tuple[str, bool]], results: Sequence[PGresult]) -> None:
        """Forget the texts that were to be prepared, and were not."""
        for (text, has_rows), result in zip(sent, results, strict=True):
            if not has_rows and result.status in FAILED:
                self._prepared.drop(text)

    def _failure(self, result: PGresult) -> errors.Error:
        error = errors.error_from_result(result, self._connection.info.encoding)
        is_stale = isinstance(error, errors.FeatureNotSupported) and STALE_PLAN in str(error)
        if not is_stale and not isinstance(error, errors.InvalidSqlStatementName | errors.DuplicatePreparedStatement):
            return error
        self._prepared.drop_all()
        self._is_lost = True
        return PlanLostError(str(error))


def _results(pg: PGconn, count: int) -> list[PGresult]:
    """Send the queued messages, and wait for the results of `count` statements, and for the end of the pipeline.

    One more result is there where the end has failed.
    """
    waiting = select.poll()
    waiting.register(pg.socket, select.POLLIN | select.POLLOUT)
    while pg.flush():
        if any(events & ~select.POLLOUT for _, events in waiting.poll()):
            pg.consume_input()
    waiting.modify(pg.socket, select.POLLIN)
    results: list[PGresult] = []
    for _ in range(count):
        results.append(_next_result(pg, waiting))
        pg.get_result()  # None, at once: each statement has one result
    end = _next_result(pg, waiting)
    if end.status in FAILED:  # of the transaction that ends with the trip, as by a deferred constraint
        results.append(end)
        pg.get_result()
        _next_result(pg, waiting)
    return results


def _next_result(pg: PGconn, waiting: select.poll) -> PGresult:
    while pg.is_busy():
        waiting.poll()
        pg.consume_input()
    result = pg.get_result()
    if result is None:
        raise errors.OperationalError(f"the connection is lost: {pg.get_error_message()}")
    return result
