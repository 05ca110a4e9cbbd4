"""Texts and options of an archive get today's form while it is read in, and the report says so."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django_tenants.utils import schema_context

from catalogue.discovery.models import Listing, ListingVariant
from catalogue.discovery.services.drift import find_drift
from catalogue.models import Product, Variant
from checkout.ending.expire_orders import expire_reservations
from checkout.fulfilment.models import VendorOrder, VendorOrderLine
from kit.db.sql import fetch_all
from tenants.archives import restore_archive
from tenants.models import Shop, ShopStatus
from tests.world.archive_edits import edited, set_in_manifest, without
from tests.world.archives import exported, furnished_shop, set_status
from tests.world.clock import NOW
from tests.world.market import buy, order_request

LATER = NOW + timedelta(days=1)
UNSEEN = "\u200b\u202e"
STORED = {
    "UPDATE catalogue_product SET title = %s || title, brand = 'O' || chr(10) || 'ja'": [UNSEEN],
    "UPDATE catalogue_variant SET options = %s": [json.dumps({"Colour": "Red\u200b", "Size": "M"})],
    "UPDATE fulfilment_vendororderline SET options = %s, title = title || %s": [
        json.dumps({"Colour": "Red", "Size": "M"}),
        UNSEEN,
    ],
    "UPDATE fulfilment_vendororder SET buyer_email = 'Ada@Example.com', buyer_name = 'Ada ' || %s": [UNSEEN],
}
pytestmark = pytest.mark.usefixtures("live_database")


@pytest.fixture
def shop(live_database: str) -> Shop:
    """A suspended shop whose rows are as an earlier release left them."""
    shop, goods = furnished_shop("indigo-fabrics")
    buy(goods[0].line(), request=order_request(email="ada@example.com"))
    expire_reservations(now=LATER)
    with schema_context(shop.schema_name), connection.cursor() as cursor:
        for statement, params in STORED.items():
            cursor.execute(statement, params)
    set_status(shop, ShopStatus.SUSPENDED)
    return shop


def test_a_restored_archive_is_in_form(shop: Shop, tmp_path: Path) -> None:
    path = exported(shop, tmp_path / "old.zip").path
    unsigned = edited(path, tmp_path / "unsigned.zip", without("signature"))
    for archive in (path, unsigned):
        restored = restore_archive(path=archive, now=LATER, may_replace=True, may_be_unsigned=True)
        assert "Rows whose texts or options were brought into today's form: 8." in restored.report
        with schema_context(shop.schema_name):
            assert set(Product.objects.values_list("brand", flat=True)) == {"O ja"}
            assert not [title for title in Product.objects.values_list("title", flat=True) if UNSEEN in title]
            assert fetch_all("SELECT DISTINCT options::text FROM catalogue_variant") == [
                ('[["Size", "M"], ["Colour", "Red"]]',)
            ]
            record, line = VendorOrder.objects.get(), VendorOrderLine.objects.get()
            assert fetch_all("SELECT jsonb_typeof(options) FROM fulfilment_vendororderline") == [("array",)]
            assert Variant.objects.count() == 3
        assert (record.buyer_email, record.buyer_name) == ("ada@example.com", "Ada")
        assert line.title.endswith(UNSEEN), "A line is what was bought."
        assert not Listing.objects.filter(title__contains=UNSEEN).exists()
        assert ListingVariant.objects.count() == 3
        assert find_drift(shop_id=shop.pk) == []


def test_a_phone_that_no_rule_takes_keeps_no_shop_from_coming_back(shop: Shop, tmp_path: Path) -> None:
    path = exported(shop, tmp_path / "old.zip").path
    archive = edited(path, tmp_path / "phone.zip", set_in_manifest("shop", "contact_phone", to="ask Ada"))
    restored = restore_archive(path=archive, now=LATER, may_replace=True, may_be_unsigned=True)
    assert any("contact_phone was 'ask Ada', left empty" in line for line in restored.report)
    assert Shop.objects.get(pk=shop.pk).contact_phone == ""
