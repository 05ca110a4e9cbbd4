"""Commands on a database that was never set up say what to do."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import psycopg
import pytest

from runtime.datadir import PROJECT_ROOT
from tests.runtime_plugin import database_url

COMMANDS = [
    ["audit_money"], ["listings", "verify"], ["listings", "rebuild"], ["migrate_shops"], ["shops", "status"],
    ["shops", "create", "--count", "1"], ["shops", "export", "x"], ["shops", "clone", "x", "--as", "new-shop"],
    ["shops", "delete", "x", "--reason", "y", "--yes"], ["shops", "roles"], ["createsuperuser", "--noinput"],
]  # fmt: skip


@pytest.fixture
def empty_database(live_database: str) -> Iterator[str]:
    name = f"{live_database}_empty"
    with psycopg.connect(database_url(live_database), autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        yield name
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_every_command_says_to_migrate(empty_database: str) -> None:
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(empty_database),
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "DJANGO_SUPERUSER_PASSWORD": "x",
        "DJANGO_SUPERUSER_EMAIL": "x@example.com",
    }
    for words in COMMANDS:
        done = subprocess.run(
            [sys.executable, "-W", "ignore", str(PROJECT_ROOT / "manage.py"), *words],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        said = done.stdout + done.stderr
        assert (done.returncode, "Traceback" in said) == (1, False), (words, said[-2000:])
        assert "manage.py migrate" in said, (words, said[-2000:])
