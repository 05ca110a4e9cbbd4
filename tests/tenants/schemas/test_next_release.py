"""A release with a migration: who is migrated, who is served meanwhile, and what is told of failures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from tenants.errors import ShopMigrationError, ShopOutdatedError
from tenants.hosts.look_up import get_shop_by_host
from tenants.models import MigrationFailure
from tenants.schemas.graph import needed_migrations
from tenants.schemas.migrations import migrate_outdated_shops, shops_state
from tenants.shops import host_cache
from tests.world.next_release import PENDING, has_note, released
from tests.world.shops import make_shop

pytestmark = pytest.mark.django_db
SLUGS = ("adire", "basket", "copper", "dates", "ebony")
HOST = "adire.kasuwa.localhost"


@pytest.fixture
def release(tmp_path: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Shops of the last release under the code of the next."""
    for slug in SLUGS:
        make_shop(slug)
    with released(tmp_path, settings, monkeypatch):
        yield


def with_note() -> list[str]:
    return [slug for slug in SLUGS if has_note(f"shop_{slug}")]


def test_outdated_shops_are_migrated_once(release: None) -> None:
    assert len(shops_state().outdated) == len(SLUGS)
    assert {shop.pending for shop in shops_state().shops} == {(PENDING,)}
    assert migrate_outdated_shops() == len(SLUGS)
    assert with_note() == list(SLUGS)
    assert migrate_outdated_shops() == 0


def test_nothing_to_do_over_all_shops_is_one_statement(release: None) -> None:
    migrate_outdated_shops()
    with CaptureQueriesContext(connection) as captured:
        call_command("migrate_shops", "--jobs=2")
    asked = [query["sql"] for query in captured.captured_queries if "SET search_path" not in query["sql"]]
    assert len(asked) == 1
    assert "shop.migrated_to" in asked[0]


def test_shop_behind_the_code_is_refused_and_served_once_migrated(
    release: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with pytest.raises(ShopOutdatedError):
        get_shop_by_host(HOST)
    with django_assert_num_queries(0), pytest.raises(ShopOutdatedError):
        get_shop_by_host(HOST)
    browser = Client(HTTP_HOST=HOST)
    for path in ("/", "/dashboard/", "/dashboard/products/", "/health/x/"):
        page = browser.get(path)
        assert (page.status_code, page["Retry-After"]) == (503, "30"), path
        assert "being updated" in page.text
    assert browser.post("/api/v1/products/").json()["code"] == "shop_outdated"
    migrate_outdated_shops()
    assert browser.get("/dashboard/").status_code != 503
    with django_assert_num_queries(0):
        assert get_shop_by_host(HOST) is not None


def test_shop_that_another_process_migrated_is_served_at_once(release: None) -> None:
    with pytest.raises(ShopOutdatedError):
        get_shop_by_host(HOST)
    remembered = dict(host_cache._local)
    migrate_outdated_shops()
    host_cache._local.update(remembered)  # as in a process that was told of nothing
    assert get_shop_by_host(HOST) is not None


def test_deploy_does_not_serve_what_the_last_release_remembered(
    tmp_path: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_shop("adire")
    assert get_shop_by_host(HOST) is not None
    with released(tmp_path, settings, monkeypatch), pytest.raises(ShopOutdatedError):
        get_shop_by_host(HOST)


def test_shop_ahead_of_the_code_is_served(release: None) -> None:
    migrate_outdated_shops()
    needed_migrations.cache_clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tenants.hosts.look_up.needed_migrations", lambda: frozenset(["catalogue.0001_initial"]))
        cache.clear()
        host_cache.clear_process()
        assert get_shop_by_host(HOST) is not None


def test_failure_is_recorded_counted_and_forgotten(release: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIAL_BROKEN", "shop_copper")
    for attempts in (1, 2):
        with pytest.raises(ShopMigrationError) as refused:
            migrate_outdated_shops()
        assert refused.value.details == {"shop_copper": "no such rate"}
        failure = MigrationFailure.objects.get()
        assert (failure.shop.slug, failure.reason, failure.attempts) == ("copper", "no such rate", attempts)
    assert with_note() == [slug for slug in SLUGS if slug != "copper"]
    assert shops_state().outdated == ("shop_copper",)
    monkeypatch.delenv("TRIAL_BROKEN")
    assert migrate_outdated_shops() == 1
    assert not MigrationFailure.objects.exists()


def test_shop_that_recovered_by_other_means_is_forgotten(release: None, monkeypatch: pytest.MonkeyPatch) -> None:
    migrate_outdated_shops()
    shop = get_shop_by_host(HOST)
    assert shop is not None
    MigrationFailure.objects.create(shop=shop, reason="Long ago.", failed_at="2026-01-01T00:00Z")
    assert migrate_outdated_shops() == 0
    assert not MigrationFailure.objects.exists()


def test_no_other_shop_is_touched_when_the_canary_fails(release: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIAL_BROKEN", "shop_dates")
    with pytest.raises(ShopMigrationError, match="Outdated shops left: 4"):
        migrate_outdated_shops(canary="dates")
    assert with_note() == []
    with pytest.raises(CommandError, match="nobody is not among"):
        call_command("migrate_shops", "--canary=nobody")
    assert with_note() == []


def test_a_migration_that_fails_everywhere_stops_early(release: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIAL_BROKEN", " ".join(f"shop_{slug}" for slug in SLUGS))
    with pytest.raises(CommandError, match="shop_basket: no such rate"):
        call_command("migrate_shops", "--jobs=1")
    assert MigrationFailure.objects.count() == 3
    assert with_note() == []


def test_shops_that_failed_before_do_not_go_first(release: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIAL_BROKEN", "shop_adire shop_basket shop_copper")
    with pytest.raises(ShopMigrationError):
        migrate_outdated_shops()
    with pytest.raises(ShopMigrationError):
        migrate_outdated_shops()
    assert with_note() == ["dates", "ebony"]


def test_database_refuses_a_failure_without_an_attempt(release: None) -> None:
    shop: Any = make_shop("fabric")
    with pytest.raises(IntegrityError, match="migration_failure_was_attempted"), transaction.atomic():
        MigrationFailure.objects.create(shop=shop, reason="x", attempts=0, failed_at="2026-01-01T00:00Z")
    assert not MigrationFailure.objects.exists()
