"""Bringing the database up to date before anybody is served; skipped when nothing has changed."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.utils import timezone
from psycopg import sql

from runtime.datadir import read_json, write_private
from tenants.selectors import list_shops
from tenants.services.migrations import migrate_lagging_shops, migrate_public

RECORD = "kasuwa.json"  # beside the data it speaks of, and gone with it
LOADING, DONE = "loading", "done"


def is_prepared(cluster: str) -> bool:
    """Say whether the embedded database was last brought up to date by this very code."""
    record = _record(cluster)
    return record.get("migrations") == fingerprint() and record.get("demo") != LOADING


def has_demo(cluster: str) -> bool:
    """Say whether the embedded database was filled with demo data."""
    return bool(_record(cluster).get("demo") == DONE)


def fingerprint() -> str:
    """A digest of all migrations and of the shops' DDL, by name, size and time."""
    digest = hashlib.sha256()
    folders = [Path(app.path) / "migrations" for app in apps.get_app_configs()]
    folders.append(Path(apps.get_app_config("tenants").path) / "ddl")
    for folder in folders:
        for file in sorted(folder.glob("*")) if folder.is_dir() else ():
            if file.is_file():
                status = file.stat()
                digest.update(f"{file.name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def prepare(*, demo: bool, embedded: bool, cluster: str) -> None:
    """Migrate the platform and the shops that lag behind; on the first start, load the demo."""
    record = _record(cluster) if embedded else {}
    if record.get("demo") == LOADING:
        _say("The first start was interrupted; starting over with an empty database.")
        _recreate_database()
        record = {}
    _say("Bringing the database up to date ...")
    migrate_public()
    migrate_lagging_shops()
    if demo and _is_empty():
        _remember(cluster, {"demo": LOADING}, embedded=embedded)
        _say("Loading the demo market; this takes a moment, once ...")
        _load_demo()
        record["demo"] = DONE
    _remember(cluster, record | {"migrations": fingerprint()}, embedded=embedded)


def _is_empty() -> bool:
    """Demo data goes only where nobody has been before."""
    return not get_user_model().objects.exists() and not list_shops().exists()


def _load_demo() -> None:
    from runtime.demo.load import load_demo  # only on a first start

    load_demo(now=timezone.now(), say=_say)


def _recreate_database() -> None:
    database: dict[str, Any] = settings.DATABASES["default"]
    name = sql.Identifier(database["NAME"])
    with psycopg.connect(_maintenance_url(), autocommit=True) as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        server.execute(sql.SQL("CREATE DATABASE {}").format(name))


def _maintenance_url() -> str:
    parts = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit((parts.scheme, parts.netloc, "/postgres", parts.query, ""))


def _record(cluster: str) -> dict[str, Any]:
    return read_json(Path(cluster) / RECORD) if cluster else {}


def _remember(cluster: str, record: dict[str, Any], *, embedded: bool) -> None:
    if embedded:
        write_private(Path(cluster) / RECORD, record)


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - the terminal is this process's audience
