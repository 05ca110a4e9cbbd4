"""The fixtures that other tests stand on."""

import os
import stat
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection, connections
from django_tenants.utils import schema_context

from runtime import embedded
from runtime.up.record import Record
from tenants.database.connections import schema_connection
from tenants.schemas.build import describe_shop
from tenants.schemas.migrations import shops_state
from tests.world.live_site import LiveSite, port_locks
from tests.world.market import open_shop
from tests.world.migrated_market import migrated_data_dir
from tests.world.ready_schemas import READY


def test_rolled_back_tests_start_empty(db: None, make_user: Callable[..., Any]) -> None:
    assert get_user_model().objects.count() == 0
    make_user("a@example.com")


def test_rolled_back_tests_start_empty_again(db: None, make_user: Callable[..., Any]) -> None:
    assert get_user_model().objects.count() == 0
    make_user("a@example.com")


def test_a_live_database_is_seen_by_other_threads(live_database: str, make_user: Callable[..., Any]) -> None:
    make_user("a@example.com")
    seen: list[int] = []

    def look() -> None:
        seen.append(get_user_model().objects.count())
        connections.close_all()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen == [1]
    assert connection.settings_dict["NAME"] == live_database


def test_another_user_of_the_machine_finds_ports_too(tmp_path: Path) -> None:
    """Whatever the first one's file mode is: it is masked from a new folder's."""
    mask = os.umask(0o077)
    try:
        locks = port_locks(tmp_path)
    finally:
        os.umask(mask)
    assert stat.S_IMODE(locks.stat().st_mode) == 0o1777
    assert port_locks(tmp_path) == locks


def test_two_shops_with_schemas_of_their_own(shops: list[Any]) -> None:
    assert len({shop.schema_name for shop in shops}) == 2
    for shop in shops:
        with schema_context(shop.schema_name), connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [f"{shop.schema_name}.catalogue_product"])
            assert cursor.fetchone() == (True,)


def test_the_live_site_answers_over_http(live_site: LiveSite) -> None:
    with live_site.http() as http:
        assert http.get("/health/live").json() == {"status": "ok"}


def test_the_sandbox_answers_and_is_reset(paystack: Any) -> None:
    assert paystack.call("GET", "/health")["status"] == "ok"


def grants(schema_name: str, role: str) -> list[tuple[str, str]]:
    """Return who may do what in a schema, and by default with tables to come, the shop's role under one name."""
    statement = """
        SELECT 'schema', nspacl::text FROM pg_namespace WHERE nspname = %(schema)s
        UNION ALL SELECT relname, relacl::text FROM pg_class WHERE relnamespace = %(schema)s::regnamespace
        UNION ALL SELECT 'to come', defaclacl::text FROM pg_default_acl WHERE defaclnamespace = %(schema)s::regnamespace
        UNION ALL SELECT 'member of', roleid::regrole::text FROM pg_auth_members WHERE member = %(role)s::regrole
        ORDER BY 1, 2"""
    with connection.cursor() as cursor:
        cursor.execute(statement, {"schema": schema_name, "role": role})
        return [(name, (rights or "").replace(role, "the shop")) for name, rights in cursor.fetchall()]


@pytest.mark.parametrize("_again", [1, 2])
def test_a_ready_schema_is_like_one_that_provisioning_makes(db: None, ready_schemas: Any, _again: int) -> None:
    """Twice, as the second test has what the first one gave back."""
    ready = open_shop("ready-shop")
    ready_schemas.are_offered = False
    made = open_shop("made-shop")
    assert describe_shop(ready.schema_name) == describe_shop(made.schema_name)
    mine, theirs = (grants(shop.schema_name, schema_connection().role_name(shop.pk)) for shop in (ready, made))
    assert mine == theirs
    assert ("schema", "") not in mine
    assert not any(state.pending for state in shops_state().shops)
    assert oid_of(ready.schema_name) < oid_of(made.schema_name)
    with schema_context(ready.schema_name), connection.cursor() as cursor:
        numbered = (
            "SELECT c.oid::regclass::text FROM pg_class c WHERE relkind = 'S' AND relnamespace = %s::regnamespace"
        )
        cursor.execute(numbered, [ready.schema_name])
        names = [name for (name,) in cursor.fetchall()]
        assert names
        for name in names:
            cursor.execute("SELECT nextval(%s)", [name])
            assert cursor.fetchone() == (1,)


def oid_of(schema_name: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::regnamespace::oid", [schema_name])
        [(oid,)] = cursor.fetchall()
    return int(oid)


def test_more_shops_than_are_ready_are_made(db: None) -> None:
    assert len({open_shop(f"shop-{number}").schema_name for number in range(READY + 2)}) == READY + 2


def test_a_market_of_a_copied_data_directory_is_up_to_date() -> None:
    """Else each test that copies one would pay for a first start."""
    with migrated_data_dir() as first, migrated_data_dir() as second:
        for data_dir in (first, second):
            with embedded.hold(data_dir, fast=True) as services:
                assert Record.of_cluster(services.cluster).is_current
                assert services.cluster.startswith(str(data_dir.path))
