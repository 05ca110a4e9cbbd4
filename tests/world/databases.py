"""Test databases: one template a run, a clone for each worker, a clone for each test that commits."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
from django.db import connection, connections
from psycopg import sql

from tests.runtime_plugin import SERVER_URL, template_name, worker_database_name

BUILD_LOCK = 5_121_001
_clones = itertools.count(1)


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


def clone(plain: psycopg.Connection[tuple[object, ...]], name: str) -> None:
    plain.execute(
        sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template_name()))
    )


@contextmanager
def worker_database() -> Iterator[str]:
    """This worker's clone, for tests that roll back."""
    name = worker_database_name()
    with server() as plain:
        clone(plain, name)
    point_django_at(name)
    yield name
    connections.close_all()
    with server() as plain:
        drop(plain, name)


@contextmanager
def throwaway_database() -> Iterator[str]:
    """A clone for one test that commits; Django is pointed at it and back."""
    name = f"{worker_database_name()}_{next(_clones)}"
    with server() as plain:
        clone(plain, name)
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
