"""A next release of the shop apps, made up: one migration more, which some shops can be told to fail or wait in."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from psycopg import sql

from catalogue import migrations as real_migrations
from runtime.datadir import PROJECT_ROOT
from tenants.schemas.graph import needed_migrations
from tests.runtime_plugin import database_url

PACKAGE = "catalogue_of_the_next_release"
PENDING = "catalogue.0099_note"
GATE = 4_711
MIGRATION = f"""
import os

from django.db import migrations, models


def meet_its_fate(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        schema_name = cursor.fetchone()[0]
        if schema_name in os.environ.get("TRIAL_BROKEN", "").split():
            raise ValueError("no such rate")
        if schema_name in os.environ.get("TRIAL_WAITING", "").split():
            cursor.execute("SELECT pg_advisory_xact_lock({GATE})")


class Migration(migrations.Migration):
    dependencies = [("catalogue", "LATEST")]
    operations = [
        migrations.AddField("product", "note", models.CharField(max_length=20, db_default="", db_index=True)),
        migrations.RunPython(meet_its_fate),
    ]
"""
SETTINGS = f"""
from config.settings.test import *
from config.settings.base import DATABASES  # with the pool

MIGRATION_MODULES = {{"catalogue": "{PACKAGE}"}}
"""


def write_release(folder: Path) -> None:
    """Write the release's migrations, and settings that use them."""
    package = folder / PACKAGE
    package.mkdir()
    real = sorted(Path(real_migrations.__path__[0]).glob("*.py"))
    for path in real:
        (package / path.name).write_text(path.read_text())
    latest = max(path.stem for path in real if path.stem[0].isdigit())
    (package / "0099_note.py").write_text(MIGRATION.replace("LATEST", latest))
    (folder / "next_release_settings.py").write_text(SETTINGS)


@contextmanager
def released(folder: Path, settings: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let this process run the next release."""
    write_release(folder)
    monkeypatch.syspath_prepend(str(folder))
    settings.MIGRATION_MODULES = {"catalogue": PACKAGE}  # type: ignore[attr-defined]
    needed_migrations.cache_clear()
    try:
        yield
    finally:
        needed_migrations.cache_clear()
        for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
            del sys.modules[name]


def start(folder: Path, database: str, *words: str, **environment: str) -> subprocess.Popen[str]:
    """Start a command of the next release in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", str(PROJECT_ROOT / "manage.py"), *words],
        env={
            **os.environ,
            "DATABASE_URL": database_url(database),
            "DJANGO_SETTINGS_MODULE": "next_release_settings",
            "PYTHONPATH": str(folder),
            **environment,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def run(folder: Path, database: str, *words: str, **environment: str) -> tuple[int, str]:
    """Run a command of the next release; return its exit code and all it said."""
    with start(folder, database, *words, **environment) as process:
        said, _ = process.communicate(timeout=300)
    return process.returncode, said


@contextmanager
def holding(database: str, statement: str) -> Iterator[None]:
    """Hold a lock from outside for as long as the block lasts."""
    with psycopg.connect(database_url(database)) as holder:
        holder.execute(statement)
        yield
        holder.rollback()


def somebody_waits() -> bool:
    """Return whether a process waits for a lock in this database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])


def nobody_else(database: str) -> bool:
    """Return whether all other connections to the database have ended, and with them their transactions and locks."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()", [database]
        )
        return bool(cursor.fetchone()[0] == 0)


def has_note(schema_name: str) -> bool:
    """Return whether the release's column is there."""
    statement = sql.SQL(
        "SELECT EXISTS (SELECT FROM information_schema.columns"
        " WHERE table_schema = %s AND table_name = 'catalogue_product' AND column_name = 'note')"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [schema_name])
        return bool(cursor.fetchone()[0])
