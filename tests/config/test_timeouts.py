"""The database works only so long for a request, and says so; for jobs longer, for migrations without a limit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.test import Client
from rest_framework.test import APIClient

from kit.db.timeouts import Process, TooSlowError, has_lock_limit, is_cut_short, limit_statements

LIMITS = {"web": (50, 700), "jobs": (2_000, 3_000), "command": (60_000, 0)}


@pytest.fixture
def limited(live_database: str, settings: Any) -> Iterator[None]:
    settings.STATEMENT_LIMITS_MS = LIMITS
    options = settings.DATABASES["default"]["OPTIONS"]
    before = options.get("options")
    yield
    connection.close()
    options.pop("options", None)
    if before is not None:
        options["options"] = before


def shown() -> tuple[str, str]:
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('statement_timeout'), current_setting('idle_in_transaction_session_timeout')"
        )
        row = cursor.fetchone()
    return row[0], row[1]


def test_each_kind_of_process_has_its_limits_from_its_first_statement(limited: None) -> None:
    limit_statements(Process.WEB)
    assert shown() == ("50ms", "700ms")
    limit_statements(Process.JOBS)
    assert shown() == ("2s", "3s")
    limit_statements(Process.COMMAND)
    assert shown() == ("1min", "0")
    limit_statements(Process.MIGRATION)
    assert shown() == ("0", "0")


def test_a_web_request_never_waits_longer_for_a_lock_than_a_checkout_does(limited: None, settings: Any) -> None:
    limit = settings.CHECKOUT_LOCK_TIMEOUT_MS = 3000
    for process, waits in ((Process.WEB, f"{limit // 1000}s"), (Process.JOBS, "0")):
        limit_statements(process)
        connection.close()
        with connection.cursor() as cursor:
            cursor.execute("SHOW lock_timeout")
            assert cursor.fetchone() == (waits,)
        assert has_lock_limit(limit) is (process is Process.WEB)
        assert not has_lock_limit(limit + 1)


def test_options_of_the_address_are_kept(limited: None, settings: Any) -> None:
    settings.DATABASES["default"]["OPTIONS"]["options"] = "-c work_mem=7MB"
    limit_statements(Process.WEB)
    limit_statements(Process.JOBS)
    assert shown() == ("2s", "3s")
    with connection.cursor() as cursor:
        cursor.execute("SHOW work_mem")
        assert cursor.fetchone() == ("7MB",)


def test_a_statement_that_takes_too_long_is_told_apart(limited: None) -> None:
    limit_statements(Process.WEB)
    connection.close()
    with pytest.raises(OperationalError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(5)")
    assert is_cut_short(caught.value)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)


def dawdle(*_: Any, **__: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(5)")


def test_a_page_says_that_it_is_busy(limited: None, monkeypatch: pytest.MonkeyPatch) -> None:
    limit_statements(Process.WEB)
    connection.close()
    monkeypatch.setattr("catalogue.discovery.views.home.read_home", dawdle)
    answer = Client(HTTP_HOST=settings.BASE_DOMAIN).get("/")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert str(TooSlowError.default_message) in answer.content.decode()
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]


def test_the_api_says_so_in_its_envelope(limited: None, monkeypatch: pytest.MonkeyPatch) -> None:
    limit_statements(Process.WEB)
    connection.close()
    monkeypatch.setattr("catalogue.discovery.api.market.category_tree", dawdle)
    answer = APIClient(HTTP_HOST=settings.BASE_DOMAIN).get("/api/v1/categories/")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert answer.json()["code"] == "too_slow"
