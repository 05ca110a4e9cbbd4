"""A shop's role holds no advisory lock, waits for nothing and wakes nobody, also past the connection's own refusal."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client

from tenants.database import base, cursors
from tenants.database.grants import HOLDING_FUNCTIONS
from tests.world.injection import HELD, advisory_locks, attack
from tests.world.own_shop import Staffed, page_client, staffed

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.world.injection")]


@pytest.fixture(autouse=True)
def _here(settings: LazySettings) -> None:
    settings.ROOT_URLCONF = "tests.world.injection"


@pytest.fixture
def own() -> Staffed:
    return staffed("indigo-fabrics")


@pytest.fixture
def thief(own: Staffed) -> Client:
    return page_client(own.shop)


def test_locks_and_waits_are_taken_by_the_database_too(own: Staffed) -> None:
    role = connection.role_name(own.shop.pk)  # type: ignore[attr-defined]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.oid::regprocedure::text, has_function_privilege(%s, p.oid, 'EXECUTE'),"
            " has_function_privilege(CURRENT_USER, p.oid, 'EXECUTE') FROM pg_proc p"
            " WHERE pronamespace = 'pg_catalog'::regnamespace AND proname ~ 'advisory|sleep|^pg_notify$'",
            [role],
        )
        found = cursor.fetchall()
    assert len(found) > 15
    assert [name for name, may, _ in found if may] == []
    assert all(platform_may for _, _, platform_may in found)


@pytest.mark.parametrize("select", HELD)
def test_the_database_refuses_what_gets_past_the_connection(
    thief: Client, monkeypatch: pytest.MonkeyPatch, select: str
) -> None:
    _look_over_nothing(monkeypatch)
    assert attack(thief, f"' UNION ALL {select} --") is None
    assert attack(thief, select, whole=True) is None
    assert advisory_locks() == 0


@pytest.mark.parametrize("select", HELD)
def test_where_everybody_may_call_them_the_connection_alone_refuses(
    thief: Client, monkeypatch: pytest.MonkeyPatch, select: str
) -> None:
    """The control, and what holds on a managed database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace"
            " AND (proname ~ %s OR proname = 'pg_logical_emit_message')",
            [HOLDING_FUNCTIONS],
        )
        for (signature,) in cursor.fetchall():
            cursor.execute(f"GRANT EXECUTE ON FUNCTION pg_catalog.{signature} TO PUBLIC")
    assert attack(thief, select, whole=True) is None
    _look_over_nothing(monkeypatch)
    assert attack(thief, select, whole=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock_all()")


def _look_over_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (base, cursors):
        monkeypatch.setattr(module, "refuse_unless_plain", lambda _statement: None)
