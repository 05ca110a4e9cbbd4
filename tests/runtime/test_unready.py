"""Commands on a database that was never set up say what to do."""

from __future__ import annotations

import json
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

# All in one process, which is not this one: each command gets its words as `manage.py` would, and answers with a code.
EACH = """
import contextlib, io, json, sys
from runtime.entry import main

answers = []
for words in json.loads(sys.argv[1]):
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            code = main(["manage.py", *words])
        except SystemExit as ended:
            code = ended.code
    answers.append([words, code, said.getvalue()])
print(json.dumps(answers))
"""


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
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", EACH, json.dumps(COMMANDS)],
        env=environment,
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    answers = json.loads(done.stdout)
    assert len(answers) == len(COMMANDS)
    for words, code, said in answers:
        assert (code, "Traceback" in said) == (1, False), (words, said[-2000:])
        assert "manage.py migrate" in said, (words, said[-2000:])
