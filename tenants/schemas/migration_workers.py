"""Migrate shops one after another, here or in processes side by side."""

import logging
import multiprocessing
import signal
from collections.abc import Iterable, Iterator, Sequence
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkProcess
from typing import cast

from django.db import connections
from django.db.backends.postgresql.base import DatabaseWrapper
from django.utils.translation import gettext_noop
from django_tenants.utils import get_public_schema_name, schema_context

from tenants.schemas.migration_failures import forget_failure, record_failure
from tenants.schemas.migration_state import mark_migrated
from tenants.schemas.migrator import SchemaMigrator
from tenants.schemas.state import ShopState
from tenants.shops.profile import forget_hosts

logger = logging.getLogger(__name__)

WORKER_ENDED = gettext_noop("The process that was to migrate it ended early.")
Outcome = tuple[ShopState, str]  # the reason of a failure, else nothing


def migrate_in_turn(shops: Iterable[ShopState]) -> Iterator[Outcome]:
    """Migrate shops one by one in this process."""
    migrator = SchemaMigrator()
    for shop in shops:
        yield shop, _migrate(migrator, shop)


def migrate_side_by_side(shops: Sequence[ShopState], *, jobs: int) -> Iterator[Outcome]:
    """Migrate shops in several processes, each with its own connections; yield outcomes as they come.

    Threads would not help: building models keeps the interpreter busier than the database. When this process is killed,
    the others end after their current shop.
    """
    _close_connections()  # a connection, or a pool with its threads, must not be there twice after a fork
    context = multiprocessing.get_context("fork")
    pipes = [context.Pipe(duplex=False) for _ in range(min(jobs, len(shops)))]
    shares = [list(range(start, len(shops), len(pipes))) for start in range(len(pipes))]
    workers = [
        context.Process(target=_work, args=(pipes, number, [shops[index] for index in share]), daemon=True)
        for number, share in enumerate(shares)
    ]
    for worker in workers:
        worker.start()
    for _, outgoing in pipes:
        outgoing.close()
    told = set()
    for schema_name, reason in _messages([incoming for incoming, _ in pipes]):
        told.add(schema_name)
        yield next(shop for shop in shops if shop.schema_name == schema_name), reason
    _join(workers)
    for shop in shops:
        if shop.schema_name not in told:
            yield shop, WORKER_ENDED


def _migrate(migrator: SchemaMigrator, shop: ShopState) -> str:
    try:
        migrator.migrate(shop.schema_name)
    except Exception as error:  # a data migration may raise anything, and the others go on
        logger.exception("The shop in schema %s could not be migrated.", shop.schema_name)
        reason = str(error) or type(error).__name__
        record_failure(shop, reason)
        return reason
    forget_failure(shop)
    mark_migrated(shop_ids=[shop.shop_id])
    with schema_context(get_public_schema_name()):
        forget_hosts(shop_id=shop.shop_id, slug=shop.slug)
    return ""


def _work(pipes: Sequence[tuple[Connection, Connection]], number: int, shops: list[ShopState]) -> None:
    """Be one of the processes: keep one end of one pipe, so that the others' ends can be noticed."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    outgoing = pipes[number][1]
    for ends in pipes:
        for end in ends:
            if end is not outgoing:
                end.close()
    try:
        for shop, reason in migrate_in_turn(shops):
            outgoing.send((shop.schema_name, reason))
    except BrokenPipeError:
        logger.warning("The reader of the outcomes is gone; the rest is left to the next run.")
    finally:
        _close_connections()


def _messages(incoming: list[Connection]) -> Iterator[tuple[str, str]]:
    waiting = list(incoming)
    while waiting:
        for end in cast("list[Connection]", wait(waiting)):
            try:
                yield end.recv()
            except EOFError:
                waiting.remove(end)
                end.close()


def _join(workers: Iterable[ForkProcess]) -> None:
    for worker in workers:
        worker.join()
        if worker.exitcode:
            logger.error("A process that migrated shops ended with %s.", worker.exitcode)


def _close_connections() -> None:
    for connection in connections.all(initialized_only=True):
        connection.close()
        if isinstance(connection, DatabaseWrapper):
            connection.close_pool()
