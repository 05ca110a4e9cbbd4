"""Bringing the database up to date before anybody is served, and filling it on the first start."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.conf import settings
from django.contrib.auth import get_user_model
from django.utils import timezone
from psycopg import sql

from demo.history import ProviderSandbox
from demo.load import load_demo
from payouts.release.repairs import repair_all
from runtime import sandbox
from runtime.up.record import Record
from tenants.database.roles import sync_shop_roles
from tenants.errors import ShopMigrationError
from tenants.schemas.migrations import migrate_outdated_shops, migrate_public
from tenants.schemas.stored_forms import bring_into_form
from tenants.shops.selectors import list_shops


def prepare(*, demo: bool, embedded: bool, record: Record) -> None:
    """Migrate the platform and the shops that lag behind; on the first start, load the demo.

    Args:
        embedded: the database is ours, so that what an interrupted first start left may be dropped.
    """
    with_demo = record.has_demo
    if record.is_interrupted and embedded:
        _say("The first start was interrupted; starting over with an empty database.")
        _recreate_database()
    _say("Bringing the database up to date ...")
    migrate_public()
    sync_shop_roles()
    is_complete = _migrate_shops()
    if embedded:
        _rewrite_stored()
        _repair_releases()
    if demo and _is_empty():
        record.begin_demo()
        _say("Loading the demo market; this takes a moment, once ...")
        provider_sandbox = ProviderSandbox(sandbox.PROVIDER, sandbox.address(), sandbox.signed)
        load_demo(provider_sandbox=provider_sandbox, now=timezone.now(), say=_say)
        with_demo = True
    elif record.is_interrupted:
        _say("The demo market is incomplete: loading it was interrupted. Empty this database to have it loaded again.")
    if is_complete:
        record.complete(with_demo=with_demo)


def _migrate_shops() -> bool:
    """Migrate the outdated shops, and print those that can't be; return whether all succeeded."""
    try:
        migrate_outdated_shops()
    except ShopMigrationError as error:
        _say(f"{error.message} They are not served until they are; the others are. See /operator/migrations/")
        return False
    return True


def _rewrite_stored() -> None:
    """Convert values of an earlier release to today's form: none of its processes uses our own database any more."""
    run = bring_into_form(now=timezone.now(), say=_say)
    if run.rows:
        _say(f"Stored texts and options were brought into today's form: {run.rows} rows.")
    if run.left:
        _say(f"Of {len(run.left)} schemas they were not; the log says why. Try: manage.py rewrite_stored")


def _repair_releases() -> None:
    """Schedule the release of what was delivered under an earlier release of ours, which knew no schedules."""
    if repaired := repair_all(now=timezone.now()):
        _say(f"The money of {repaired} delivered orders was scheduled for its release.")


def _is_empty() -> bool:
    """Return whether the market is unused, so that demo data may be loaded."""
    return not get_user_model().objects.exists() and not list_shops().exists()


def _recreate_database() -> None:
    database: dict[str, Any] = settings.DATABASES["default"]
    name = sql.Identifier(database["NAME"])
    with psycopg.connect(_maintenance_url(), autocommit=True) as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        server.execute(sql.SQL("CREATE DATABASE {}").format(name))


def _maintenance_url() -> str:
    parts = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit((parts.scheme, parts.netloc, "/postgres", parts.query, ""))


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - the terminal is this process's audience
