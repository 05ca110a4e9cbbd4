"""Test databases: one template a run, one a worker, clones of it for the worker and for each test that commits.

Shops' roles are in a group that belongs to the server. Whoever makes a shop locks the group until the transaction ends,
which in a test is its end: with one group, tests that make shops would run one at a time. So each worker has its own,
and a template in which that group has its rights.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import psycopg
from django.core.exceptions import SynchronousOnlyOperation
from django.db import connection, connections
from psycopg import sql

from tests.runtime_plugin import SERVER_URL, template_name, worker_database_name, worker_template_name

BUILD_LOCK = 5_121_001
RENEWED_AFTER_TESTS = 25
_clones, _tests = itertools.count(1), itertools.count(1)


@contextmanager
def server() -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """A connection to the server itself, outside any test database and any transaction."""
    with psycopg.connect(os.environ[SERVER_URL], autocommit=True) as plain:
        yield plain


def point_django_at(name: str) -> None:
    """Let every thread's next connection go to another database."""
    connections.close_all()
    connection.settings_dict["NAME"] = name


def ensure_template(build: Callable[[], None]) -> None:
    """Build the template if no other worker has; the others wait for it."""
    template = template_name()
    draft = f"{template}_draft"
    with server() as plain:
        plain.execute("SELECT pg_advisory_lock(%s)", [BUILD_LOCK])
        if plain.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template]).fetchone():
            return
        drop(plain, draft)
        plain.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(draft)))
        point_django_at(draft)
        try:
            build()
        finally:
            point_django_at(worker_database_name())
        plain.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(draft), sql.Identifier(template)))


def drop(plain: psycopg.Connection[tuple[object, ...]], name: str) -> None:
    """Drop a database with its shops' roles, which belong to the server and bear the database's oid."""
    found = plain.execute("SELECT oid FROM pg_database WHERE datname = %s", [name]).fetchone()
    if found is None:
        return
    plain.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
    roles = plain.execute("SELECT rolname FROM pg_roles WHERE starts_with(rolname, %s)", [f"shop_{found[0]}_"])
    for (role,) in roles.fetchall():
        plain.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(str(role))))


def clone(plain: psycopg.Connection[tuple[object, ...]], name: str, *, template: str) -> None:
    """Copy a database file by file, which takes half of what it takes page by page through the log, as is usual."""
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY = file_copy")
    plain.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))


@contextmanager
def worker_database(prepare: Callable[[], object]) -> Iterator[str]:
    """This worker's clone, for tests that roll back, of a template that `prepare` has completed for this worker."""
    template, name = worker_template_name(), worker_database_name()
    with server() as plain:
        clone(plain, template, template=template_name())
        point_django_at(template)
        prepare()
        point_django_at(name)
        clone(plain, name, template=template)
    yield name
    connections.close_all()
    with server() as plain:
        drop(plain, name)
        drop(plain, template)


def renew_connection_in_turn() -> None:
    """Close the worker's connection after every few tests; the next one that needs it opens another.

    PostgreSQL keeps the plans of foreign keys while a connection lives, also of tables that are gone, and looks at all
    of them whenever a table is made: with the shops of some hundred tests, that is a quarter of its time.
    """
    if next(_tests) % RENEWED_AFTER_TESTS == 0 and not connection.in_atomic_block:
        with suppress(SynchronousOnlyOperation):  # while a browser is open
            connection.close()


@contextmanager
def throwaway_database() -> Iterator[str]:
    """A clone for one test that commits; Django is pointed at it and back."""
    name = f"{worker_database_name()}_{next(_clones)}"
    with server() as plain:
        clone(plain, name, template=worker_template_name())
        point_django_at(name)
        try:
            yield name
        finally:
            point_django_at(worker_database_name())
            drop(plain, name)


def drop_template() -> None:
    """Remove the template; only needed on a server that outlives the run."""
    with server() as plain:
        drop(plain, template_name())
