"""Operators see which shops are not served, and why."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tenants.errors import ShopMigrationError
from tenants.schemas.migrations import migrate_outdated_shops
from tests.world.next_release import PENDING, released
from tests.world.shops import drop_schema, make_shop

pytestmark = pytest.mark.django_db
PAGE = "/operator/migrations/"


def test_page_says_that_all_is_well(client: Client, operator: Any) -> None:
    make_shop("adire")
    client.force_login(operator)
    assert "All shops are up to date" in client.get(PAGE).text


@pytest.fixture
def bad_release(tmp_path: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A release that one of three shops fails at, and another has no schema for."""
    for slug in ("adire", "basket", "copper"):
        make_shop(slug)
    monkeypatch.setenv("TRIAL_BROKEN", "shop_basket")
    with released(tmp_path, settings, monkeypatch):
        drop_schema("shop_copper")
        with pytest.raises(ShopMigrationError):
            migrate_outdated_shops()
        yield


def test_page_and_overview_show_who_failed_and_why(
    client: Client, operator: Any, bad_release: None, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(operator)
    with django_assert_max_num_queries(10):
        page = client.get(PAGE)
    context = page.context
    assert (context["total"], context["current"], context["outdated"], context["missing"]) == (3, 1, 1, 1)
    assert [row["shop"].slug for row in context["rows"]] == ["basket", "copper"]
    assert PENDING in page.text
    assert "no such rate" in page.text
    assert "The schema is missing." in page.text
    kinds = [(each.kind, each.subject) for each in client.get("/operator/").context["exceptions"]]
    assert ("Shop that could not be migrated", "basket") in kinds


def test_others_find_nothing(client: Client, buyer: Any) -> None:
    assert client.get(PAGE).status_code == 302
    client.force_login(buyer)
    assert client.get(PAGE).status_code == 404
