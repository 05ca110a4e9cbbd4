"""`manage.py shops`: many shops for a trial, and where all of them stand."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.db import connection

from tenants.models import Domain, Shop
from tests.world.next_release import PENDING, released
from tests.world.shops import drop_schema, make_shop, schemas

pytestmark = pytest.mark.django_db


def shops(*words: str) -> str:
    said = StringIO()
    call_command("shops", *words, stdout=said)
    return said.getvalue()


def status_of_the_unwell(*words: str) -> str:
    """Return the output when the command fails because of a shop."""
    said = StringIO()
    with pytest.raises(CommandError, match="Unwell: 1"):
        call_command("shops", "status", *words, stdout=said)
    return said.getvalue()


def test_shops_are_made_up_to_a_number() -> None:
    assert "Shops made: 2. There before: 0." in shops("create", "--count=2")
    assert "Shops made: 1. There before: 2." in shops("create", "--count=3")
    slugs = list(Shop.objects.order_by("pk").values_list("slug", flat=True))
    assert slugs == ["trial-00001", "trial-00002", "trial-00003"]
    assert {f"shop_{slug.replace('-', '_')}" for slug in slugs} <= schemas()
    assert Domain.objects.count() == 3
    assert "Shops: 3. Unwell: 0." in shops("status")


def test_bad_prefix_makes_nothing() -> None:
    with pytest.raises(CommandError, match="letters"):
        shops("create", "--count=2", "--prefix=Not A Label")
    assert not Shop.objects.exists()


def test_status_lists_the_shops_that_are_well_on_request() -> None:
    shop = make_shop("adire")
    assert "adire" not in shops("status")
    assert f"adire  shop_adire  {shop.schema_version}  up to date" in shops("status", "--all")
    assert f"Born from artefact {shop.schema_version}: 1" in shops("status", "adire")
    with pytest.raises(CommandError, match="No such shop: nobody"):
        shops("status", "nobody")


def test_status_shows_drift() -> None:
    make_shop("adire")
    make_shop("basket")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE shop_basket.catalogue_product ADD COLUMN stray int")
        cursor.execute("ALTER TABLE shop_basket.catalogue_product ALTER COLUMN title DROP NOT NULL")
    said = status_of_the_unwell()
    assert '+catalogue_product: column "stray" integer' in said
    assert '-catalogue_product: column "title" character varying(160) NOT NULL' in said
    assert "adire" not in said
    assert "Unwell: 0" in shops("status", "--no-drift")


def test_status_shows_what_does_not_belong_into_a_schema() -> None:
    make_shop("adire")
    with connection.cursor() as cursor:
        cursor.execute("CREATE VIEW shop_adire.peek AS SELECT 1")
    assert "peek" in status_of_the_unwell()


def test_status_shows_missing_schemas() -> None:
    make_shop("adire")
    make_shop("basket")
    drop_schema("shop_adire")
    said = status_of_the_unwell()
    assert "schema missing" in said
    assert "basket" not in said


def test_status_shows_what_is_pending(tmp_path: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    make_shop("adire")
    with released(tmp_path, settings, monkeypatch):
        assert f"behind: {PENDING}" in status_of_the_unwell()
