"""A pooler that mixes up sessions is found out before it mixes up shops."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.conf import LazySettings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection
from django.test import Client

from tenants.database import pooling
from tenants.database.pooling import Pooling, pooling_problem, probe_here, probe_pooling
from tests.world.pooler import pooler
from tests.world.shops import make_shop

pytestmark = pytest.mark.django_db


@contextmanager
def between(*, tracks: bool) -> Iterator[dict[str, str]]:
    with connection.cursor():
        info = connection.connection.info
    here = {"host": info.host, "port": info.port, "user": info.user, "dbname": info.dbname}
    if not info.host.startswith("/"):
        pytest.skip("The server that is tested on does not listen on a socket.")
    with pooler(**here, tracks=tracks) as parameters:
        yield parameters


def paths_met(parameters: dict[str, Any]) -> list[str]:
    """Return the search path that each of two clients reads after setting its own."""
    with (
        psycopg.connect(**parameters, autocommit=True) as one,
        psycopg.connect(**parameters, autocommit=True) as two,
    ):
        one.execute("SET search_path = shop_one")
        two.execute("SET search_path = shop_two")
        return [client.execute("SHOW search_path").fetchone()[0] for client in (one, two)]  # type: ignore[index]


def test_the_pooler_of_these_tests_does_mix_up_sessions_unless_told_not_to() -> None:
    with between(tracks=False) as parameters:
        assert paths_met(parameters) == ["shop_two", "shop_two"]
    with between(tracks=True) as parameters:
        assert paths_met(parameters) == ["shop_one", "shop_two"]


def test_each_kind_is_told_from_the_others() -> None:
    assert probe_here() is Pooling.NONE
    with between(tracks=False) as parameters:
        assert probe_pooling(**parameters) is Pooling.UNTRACKED
    with between(tracks=True) as parameters:
        assert probe_pooling(**parameters) is Pooling.TRACKED


def test_a_tracked_path_is_enough_only_without_roles_and_prepared_statements(settings: LazySettings) -> None:
    assert pooling_problem(Pooling.NONE) == ""
    assert "roles" in pooling_problem(Pooling.TRACKED)
    settings.SHOP_ROLES = "off"
    assert "DB_PREPARED_STATEMENTS" in pooling_problem(Pooling.TRACKED)
    settings.PREPARED_STATEMENTS = 0
    assert pooling_problem(Pooling.TRACKED) == ""
    assert "search paths" in pooling_problem(Pooling.UNTRACKED)


@pytest.fixture
def mixed_up(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The site behind a pooler that mixes up sessions, in a process that has not looked yet."""
    pooling._problem_of.cache_clear()
    with between(tracks=False) as parameters:
        monkeypatch.setattr(pooling, "probe_here", lambda: probe_pooling(**parameters))
        yield
    pooling._problem_of.cache_clear()


def test_nothing_is_served_behind_one_that_mixes_up_sessions(mixed_up: None) -> None:
    make_shop("indigo")
    with pytest.raises(ImproperlyConfigured, match="track_extra_parameters"):
        Client(HTTP_HOST="indigo.kasuwa.localhost").get("/dashboard/")
    with pytest.raises(ImproperlyConfigured, match="track_extra_parameters"):
        Client(HTTP_HOST="kasuwa.localhost").get("/")


def test_the_check_says_so_too(mixed_up: None) -> None:
    with pytest.raises(SystemCheckError, match=r"tenants\.E005"):
        call_command("check", databases=["default"])


def test_the_check_warns_of_roles_that_are_off(settings: LazySettings, capsys: pytest.CaptureFixture[str]) -> None:
    settings.SHOP_ROLES = "off"
    call_command("check", databases=["default"])
    assert "tenants.W001" in capsys.readouterr().err


def test_the_check_wants_the_right_to_make_roles(settings: LazySettings) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE powerless")
        cursor.execute("SET SESSION AUTHORIZATION powerless")
    with pytest.raises(SystemCheckError, match="CREATEROLE"):
        call_command("check", databases=["default"])
    with connection.cursor() as cursor:
        cursor.execute("RESET SESSION AUTHORIZATION")
