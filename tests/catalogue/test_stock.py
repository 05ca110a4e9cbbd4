"""Counting stock by hand."""

import uuid

import pytest
from django.db import IntegrityError, connection, transaction
from django_tenants.utils import schema_context

from catalogue.discovery.models import Listing, ListingVariant
from catalogue.errors import StockBelowReservedError, VariantNotFoundError
from catalogue.models import PriceChange, Product, ProductImage, StockLevel, StockMovement, Variant
from catalogue.selectors.stock_history import stock_history
from catalogue.services.stock import adjust_stock, set_on_hand
from kit.errors import InvalidInputError
from tests.world.clock import NOW
from tests.world.factories.catalogue import add_product, variant_ids
from tests.world.market import Stocked, open_shop, stock

pytestmark = pytest.mark.django_db


@pytest.fixture
def tote() -> Stocked:
    return stock(open_shop("indigo"), on_hand=10)


def reserve(item: Stocked, quantity: int) -> None:
    with schema_context(item.shop.schema_name):
        StockLevel.objects.filter(pk=item.variant_id).update(reserved=quantity)


def moves(item: Stocked) -> list[tuple[str, int, str]]:
    found = [each.movement for each in stock_history(shop=item.shop, variant_id=item.variant_id).rows]
    return [(move.kind, move.quantity, move.source) for move in found]


def test_a_count_is_a_movement(tote: Stocked) -> None:
    set_on_hand(shop=tote.shop, variant_id=tote.variant_id, on_hand=4, source="ada@example.com", now=NOW)
    assert tote.level() == (4, 0)
    assert moves(tote) == [("adjustment", -6, "ada@example.com"), ("opening", 10, "")]
    set_on_hand(shop=tote.shop, variant_id=tote.variant_id, on_hand=4, source="again", now=NOW)
    assert len(moves(tote)) == 2


def test_an_adjustment_adds_and_takes(tote: Stocked) -> None:
    adjust_stock(shop=tote.shop, variant_id=tote.variant_id, change=5, source="delivery", now=NOW)
    adjust_stock(shop=tote.shop, variant_id=tote.variant_id, change=-2, source="broken", now=NOW)
    assert tote.level() == (13, 0)


def test_stock_cannot_go_below_what_is_promised(tote: Stocked) -> None:
    reserve(tote, 3)
    for attempt in (
        lambda: set_on_hand(shop=tote.shop, variant_id=tote.variant_id, on_hand=2, source="x", now=NOW),
        lambda: adjust_stock(shop=tote.shop, variant_id=tote.variant_id, change=-8, source="x", now=NOW),
    ):
        with pytest.raises(StockBelowReservedError, match="3 of this variant"):
            attempt()
    assert tote.level() == (10, 3)
    assert len(moves(tote)) == 1
    set_on_hand(shop=tote.shop, variant_id=tote.variant_id, on_hand=3, source="x", now=NOW)
    assert not Listing.objects.get().is_in_stock


@pytest.mark.parametrize("on_hand", [-1, 10**9 + 1])
def test_a_senseless_count_is_refused(tote: Stocked, on_hand: int) -> None:
    with pytest.raises(InvalidInputError):
        set_on_hand(shop=tote.shop, variant_id=tote.variant_id, on_hand=on_hand, source="x", now=NOW)
    assert tote.level() == (10, 0)


def test_another_shops_stock_is_out_of_reach(tote: Stocked) -> None:
    other = open_shop("copper")
    for variant_id in (tote.variant_id, uuid.uuid4()):
        with pytest.raises(VariantNotFoundError):
            set_on_hand(shop=other, variant_id=variant_id, on_hand=0, source="x", now=NOW)
    assert tote.level() == (10, 0)


def test_listings_follow_the_last_unit(tote: Stocked) -> None:
    set_on_hand(shop=tote.shop, variant_id=tote.variant_id, on_hand=0, source="x", now=NOW)
    listing = Listing.objects.get()
    assert (listing.is_in_stock, ListingVariant.objects.get().is_in_stock) == (False, False)
    assert "'i:1'" not in str(listing.search)
    set_on_hand(shop=tote.shop, variant_id=tote.variant_id, on_hand=1, source="x", now=NOW)
    listing.refresh_from_db()
    assert (listing.is_in_stock, ListingVariant.objects.get().is_in_stock) == (True, True)
    assert "'i:1'" in str(listing.search)


def test_the_database_refuses_what_no_service_would_do() -> None:
    shop = open_shop("indigo")
    product = add_product(shop, sku="TOTE")
    (variant_id,) = variant_ids(shop, product.id)
    with schema_context(shop.schema_name):
        level = StockLevel.objects.filter(pk=variant_id)
        row = Variant.objects.filter(pk=variant_id)
        attempts = {
            "stock_on_hand_not_negative": lambda: level.update(on_hand=-1, reserved=-1),
            "stock_reserved_not_negative": lambda: level.update(reserved=-1),
            "stock_reserved_on_hand": lambda: level.update(reserved=11),
            "variant_price_positive": lambda: row.update(price_minor=0),
            "variant_was_price_above": lambda: row.update(compare_at_minor=1),
            "variant_sku_given": lambda: row.update(sku=""),
            "variant_sku_once": lambda: Variant.objects.create(product=product, sku="TOTE", price_minor=1),
            "product_titled": lambda: Product.objects.update(title=""),
            "movement_moves": lambda: StockMovement.objects.create(
                variant_id=variant_id, kind="adjustment", quantity=0, moved_at=NOW
            ),
        }
        for name, attempt in attempts.items():
            with pytest.raises(IntegrityError, match=name), transaction.atomic():
                attempt()
        orphans: list[PriceChange | ProductImage] = [
            PriceChange(variant_id=uuid.uuid4(), price_minor=1, changed_at=NOW),
            ProductImage(product_id=uuid.uuid4()),
        ]
        for orphan in orphans:
            with pytest.raises(IntegrityError, match="foreign key"), transaction.atomic():
                _save_now(orphan)


def _save_now(row: PriceChange | ProductImage) -> None:
    row.save()
    connection.check_constraints()
