"""Commands and scheduled rounds that visit all shops."""

from __future__ import annotations

import io
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from config.celery import app
from tenants.database.recycling import return_connection

SECONDS_OF_A_ROUND = 10.0
# The market's other commands do not go through the shops of a running market.
ELSEWHERE = {
    "up": "starts the market",
    "bench": "measures",
    "replay": "writes orders of its own",
    "rewrite_stored": "runs once after an upgrade; with nothing to do it reads the marks of all schemas alone",
    "reconcile": "asks a provider about some days, and the ledger for what it names, whatever shops there are",
    "watch": "makes the checks of audit_money, which is measured, and a few of public tables",
    "thumbnails": "runs once after an upgrade, and decodes each picture of a shop that has none",
    "shop_schema": "builds the one artefact from the migrations",
}


@dataclass(frozen=True, slots=True)
class Work:
    """A command or round over all shops.

    Args:
        most_seconds: how long it may take with ten thousand shops.
        command: which command it is, where it is one.
    """

    name: str
    run: Callable[[], object]
    most_seconds: float
    command: str = ""


def commands(*, shops: int, prefix: str, some_shop: str) -> list[Work]:
    """Return every command that goes through all shops or has to find one among them.

    Args:
        shops: how many there are whose addresses begin with `prefix`.
        some_shop: the slug of a shop that has sold something.
    """
    copy = Work("shops-export-clone-delete", lambda: _export_and_clone(some_shop), 5.0, "shops")
    return [
        _command("audit_money", 30.0, "audit_money", "--no-provider"),
        _command("payouts-status", 5.0, "payouts", "status"),
        _command("payouts-release", 30.0, "payouts", "release"),
        _command("migrate", 3.0, "migrate", "--verbosity=0"),
        _command("migrate_shops", 1.0, "migrate_shops"),
        _command("listings-verify", 120.0, "listings", "verify"),
        _command("listings-verify-one", 1.0, "listings", "verify", f"--shop={some_shop}"),
        _command("listings-rebuild", 180.0, "listings", "rebuild"),
        _command("shops-create-none", 1.0, "shops", "create", f"--count={shops}", f"--prefix={prefix}"),
        _command("shops-roles", 3.0, "shops", "roles"),
        _command("shops-status-no-drift", 30.0, "shops", "status", "--no-drift"),
        _command("shops-status-one", 30.0, "shops", "status", some_shop),
        _command("shops-status", 180.0, "shops", "status"),
        copy,
    ]


def rounds() -> list[Work]:
    """Return every round of the schedule, as beat asks for it; each finds little to do."""
    app.loader.import_default_modules()
    return [
        Work(f"round-{name}", app.tasks[entry["task"]], SECONDS_OF_A_ROUND)
        for name, entry in settings.CELERY_BEAT_SCHEDULE.items()
    ]


def _command(name: str, most_seconds: float, *words: str) -> Work:
    return Work(name, lambda: _call(*words), most_seconds, words[0])


def _call(*words: str) -> None:
    return_connection()  # as a command begins that was just started
    call_command(*words, stdout=io.StringIO(), stderr=io.StringIO())


def _export_and_clone(slug: str) -> None:
    """Write a shop into a file; copy its goods into a new shop, and delete that one."""
    copy = f"copy-{time.time_ns()}"
    with tempfile.TemporaryDirectory() as folder:
        _call("shops", "export", slug, f"--to={Path(folder) / 'shop.zip'}")
    _call("shops", "clone", slug, f"--as={copy}")
    _call("shops", "delete", copy, "--force", "--reason=It was a copy.", "--yes")
