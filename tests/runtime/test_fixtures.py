"""The fixtures that other tests stand on."""

import os
import stat
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection, connections
from django_tenants.utils import schema_context

from tests.world.live_site import LiveSite, port_locks


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
