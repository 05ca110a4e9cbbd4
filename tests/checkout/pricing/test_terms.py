"""Terms of sale of a shop are stored as a new version, read with the facts and remembered, at no further statement."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from checkout.fulfilment.models import MethodKind
from checkout.models import ShopTerms
from checkout.pricing.adjustments import Adjustment
from checkout.pricing.basis import Basis
from checkout.pricing.quote import STEPS
from checkout.pricing.reading import read_quote
from checkout.pricing.terms import NO_TERMS, find_terms, store_terms
from checkout.pricing.terms import memory as memory_module
from checkout.pricing.terms.delivery import EVERYWHERE, Band, DeliveryTerms, MethodTerms, ZoneTerms
from checkout.pricing.terms.delivery import as_json as delivery_json
from checkout.pricing.terms.delivery import parse as parse_delivery
from checkout.pricing.terms.tax import TaxTerms, as_json, parse
from tenants.shops.selectors import shop_facts
from tests.world.clock import NOW
from tests.world.market import Stocked, buy, open_shop, stock

NIGERIA = TaxTerms("NG", "12345678-0001", prices_include_tax=True)
LAGOS = DeliveryTerms(
    (
        ZoneTerms(
            "z1",
            "Lagos",
            "NG",
            frozenset({"NG-LA"}),
            frozenset({"ikeja"}),
            (
                MethodTerms("m1", "Rider", MethodKind.FLAT, 120_000, free_from_minor=5_000_000, handling_days=1),
                MethodTerms(
                    "m2", "Van", MethodKind.WEIGHT, None, (Band(1_000, 50_000), Band(None, 90_000)), transit_days=(1, 3)
                ),
                MethodTerms("m3", "Our shop", MethodKind.PICKUP, 0, details="12 Allen Avenue, 9 to 5"),
            ),
        ),
    )
)


@pytest.fixture
def cloth(db: None) -> Stocked:
    return stock(open_shop("cloth-hall"))


def test_terms_are_read_as_they_were_stored() -> None:
    assert parse(as_json(NIGERIA)) == NIGERIA
    assert parse(as_json(None)) == parse({}) == NO_TERMS.tax
    assert parse_delivery(delivery_json(LAGOS)) == LAGOS
    assert parse_delivery({}) == NO_TERMS.delivery == EVERYWHERE


def test_storing_raises_the_version_and_keeps_other_sections(cloth: Stocked) -> None:
    with transaction.atomic():
        first = store_terms(shop_id=cloth.shop.pk, now=NOW, tax=as_json(NIGERIA))
        second = store_terms(shop_id=cloth.shop.pk, now=NOW, delivery=delivery_json(LAGOS))
    row = ShopTerms.objects.get()
    assert 0 < first < second == row.version == shop_facts([cloth.shop.pk])[cloth.shop.pk].terms_version
    assert (row.tax, row.delivery) == (as_json(NIGERIA), delivery_json(LAGOS))


def test_a_version_that_was_rolled_back_is_not_given_again(cloth: Stocked) -> None:
    given: list[int] = []
    later = NOW.replace(microsecond=7)
    with transaction.atomic():
        given.append(store_terms(shop_id=cloth.shop.pk, now=NOW, tax=as_json(NIGERIA)))
        transaction.set_rollback(True)
    with transaction.atomic():
        given.append(store_terms(shop_id=cloth.shop.pk, now=later, tax={}))
    assert given[0] != given[1]


def test_terms_are_read_once_for_all_shops_and_then_remembered(cloth: Stocked) -> None:
    pots = open_shop("pot-house")
    for shop in (cloth.shop, pots):
        with transaction.atomic():
            store_terms(shop_id=shop.pk, now=NOW, tax=as_json(NIGERIA))
    facts = shop_facts([cloth.shop.pk, pots.pk])
    with CaptureQueriesContext(connection) as first:
        found = find_terms(facts.values())
    with CaptureQueriesContext(connection) as second:
        again = find_terms(facts.values())
    assert (len(first), len(second)) == (1, 0)
    assert found == again
    assert found[pots.pk].tax == NIGERIA


def test_a_new_version_is_read_and_not_taken_from_memory(cloth: Stocked) -> None:
    shop_id = cloth.shop.pk
    for stored, expected in ((as_json(NIGERIA), NIGERIA), ({}, NO_TERMS.tax)):
        with transaction.atomic():
            store_terms(shop_id=shop_id, now=NOW, tax=stored)
        assert find_terms(shop_facts([shop_id]).values())[shop_id].tax == expected


def test_memory_is_bounded(cloth: Stocked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory_module, "MOST_REMEMBERED", 2)
    for _ in range(4):
        with transaction.atomic():
            store_terms(shop_id=cloth.shop.pk, now=NOW, tax=as_json(NIGERIA))
        find_terms(shop_facts([cloth.shop.pk]).values())
    assert len(memory_module._remembered) == 2


def test_a_quote_and_an_order_ask_no_more_of_shops_with_terms(cloth: Stocked) -> None:
    read_quote([cloth.line()], now=NOW)
    counts: list[tuple[int, int]] = []
    for stored in (False, True):
        if stored:
            with transaction.atomic():
                store_terms(shop_id=cloth.shop.pk, now=NOW, tax={})
            read_quote([cloth.line()], now=NOW)
        with CaptureQueriesContext(connection) as quoted:
            read_quote([cloth.line()], now=NOW)
        with CaptureQueriesContext(connection) as placed:
            buy(cloth.line())
        counts.append((len(quoted), len(placed)))
    assert counts[0] == counts[1]


def test_each_step_sees_what_the_steps_before_it_gave(cloth: Stocked, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[Adjustment, ...]] = []

    def look(basis: Basis, so_far: Sequence[Adjustment]) -> Sequence[Adjustment]:
        seen.append(tuple(so_far))
        assert basis.terms == NO_TERMS
        return []

    def double(_: Basis, so_far: Sequence[Adjustment]) -> Sequence[Adjustment]:
        return [replace(each, source="again") for each in so_far]

    monkeypatch.setattr("checkout.pricing.quote.STEPS", (look, *STEPS, look, double))
    [part] = read_quote([cloth.line()], now=NOW).parts
    assert [len(each) for each in seen] == [0, 1]
    assert part.amounts.shipping_minor == 2 * cloth.shop.shipping_minor


def test_the_database_refuses_a_version_that_means_none(cloth: Stocked) -> None:
    def write() -> Any:
        with transaction.atomic():
            return ShopTerms.objects.create(shop_id=cloth.shop.pk, version=0)

    with pytest.raises(Exception, match="shop_terms_version_positive"):
        write()
