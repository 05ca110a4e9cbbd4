"""A method whose price a carrier tells: one price on every page and in the order, and another while it is silent."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django_tenants.utils import schema_context
from redis.exceptions import RedisError

from catalogue.models import Variant
from checkout.errors import DeliveryNotPricedError
from checkout.fulfilment.services.zones import STANDARD_ZONE, Method, Zone
from checkout.models import Order, SubOrder
from checkout.pricing.delivery import asking
from checkout.pricing.delivery.places import Destination
from checkout.pricing.delivery.priced import RateSource
from checkout.pricing.quote import QuotedPart
from checkout.pricing.quoted_lines import LineProblem
from checkout.pricing.reading import read_quote
from checkout.zones.change_zones import add_zone, remove_zone
from kit.db import redis
from kit.errors import InvalidInputError
from tenants.database.round_trips import RoundTrips
from tests.checkout.zones.test_pages import fill, sent
from tests.checkout.zones.test_zones import findings
from tests.world.carriers import CarrierDesk, carrier_desk, rate, use_desk
from tests.world.clock import NOW
from tests.world.market import ADDRESS, Stocked, buy, open_shop, order_request, stock

PARCEL = Method(name="Parcel", kind="carrier", from_subdivision="NG-LA", from_town="Ikeja", handling_days=1)
WITH_FALLBACK = replace(PARCEL, price_minor=300_000)
RIDER = Method(name="Rider", price_minor=400_000)
IKEJA = Destination("NG", "NG-LA", "Surulere")


@pytest.fixture
def desk(settings: LazySettings) -> Iterator[CarrierDesk]:
    with carrier_desk() as served:
        use_desk(settings, served)
        yield served


def sells_by(*methods: Method, slug: str = "cloth-hall", grams: int = 500) -> Stocked:
    """Return goods of a shop that delivers everywhere by some methods."""
    stocked = stock(open_shop(slug), sku=slug)
    with schema_context(stocked.shop.schema_name):
        Variant.objects.update(weight_g=grams)
    zone = Zone(name="Everywhere near", country="NG", methods=methods)
    add_zone(shop=stocked.shop, zone=zone, actor_id=None, now=NOW)
    remove_zone(shop=stocked.shop, zone_id=STANDARD_ZONE.id, actor_id=None, now=NOW)
    return stocked


def part(item: Stocked, place: Any = ADDRESS) -> QuotedPart:
    return read_quote([item.line()], now=NOW, address=place).parts[0]


def charged(item: Stocked, place: Any = ADDRESS) -> tuple[int, str, RateSource | None]:
    found = part(item, place)
    chosen = found.delivery.chosen
    assert chosen is not None
    return found.amounts.shipping_minor, chosen.details, chosen.rate


def text(client: Client, path: str) -> str:
    return unescape(" ".join(client.get(path).content.decode().split()))


@pytest.mark.django_db
def test_the_cheapest_service_is_charged_with_its_days(desk: CarrierDesk) -> None:
    cloth = sells_by(PARCEL)
    found = part(cloth)
    assert charged(cloth) == (190_050, "Kwik Standard", RateSource.CARRIER)
    assert found.delivery.chosen is not None
    days = (found.delivery.chosen.earliest_on, found.delivery.chosen.latest_on)
    assert [(day - NOW.date()).days for day in days if day] == [1, 3]  # one to pack, and the carrier's 0 to 2
    [asked] = desk.asked
    assert asked["delivery_address"] == {"country": "NG", "state": "Lagos", "city": "Surulere"}
    assert asked["parcel"]["items"][0]["weight"] == 0.5


@pytest.mark.django_db
def test_basket_checkout_and_order_have_one_price_of_one_call(client: Client, desk: CarrierDesk) -> None:
    cloth = sells_by(PARCEL)
    fill(client, cloth)
    client.post("/cart/destination/", {"country": "NG", "state": "NG-LA", "city": "Surulere"})
    assert "Parcel ₦1,900.50" in text(client, "/cart/")
    desk.answer(rate(9_000))  # the carrier's price of a minute later
    page = client.post("/checkout/", sent(**{"show-delivery": "1"}))
    shown = unescape(page.content.decode())
    assert "₦1,900.50" in shown
    total = re.search(r'name="expected_total_minor" value="(\d+)"', shown)
    assert total is not None
    client.post("/checkout/", sent(expected_total_minor=total[1]))
    order = Order.objects.get()
    assert (order.shipping_minor, order.total_minor) == (190_050, int(total[1]))
    assert SubOrder.objects.get().delivery["details"] == "Kwik Standard"
    assert len(desk.asked) == 1


@pytest.mark.django_db
def test_an_order_asks_between_two_transactions_and_never_inside_one(desk: CarrierDesk) -> None:
    """A call inside would raise `NetworkInTransactionError`: the adapter and `ask_carriers` both refuse."""
    cloth, pot = sells_by(PARCEL), sells_by(PARCEL, slug="pot-house")
    order = buy(cloth.line(), pot.line(2))
    assert order.shipping_minor == 2 * 190_050
    assert len(desk.asked) == 2
    assert cloth.level() == (10, 1)


@pytest.mark.django_db
def test_an_order_that_was_placed_is_returned_without_asking(desk: CarrierDesk) -> None:
    cloth, request = sells_by(PARCEL), order_request(expected=1_850_000 + 190_050)
    first = buy(cloth.line(), request=request)
    redis.client().flushdb()
    assert buy(cloth.line(), request=request) == first
    assert len(desk.asked) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("fault", ["silent", "failing", "unreadable", "in dollars", "refusing", "without a source"])
def test_while_it_does_not_answer_the_shops_own_price_counts(
    client: Client, desk: CarrierDesk, settings: LazySettings, fault: str
) -> None:
    break_down(desk, settings, fault)
    cloth = sells_by(WITH_FALLBACK)
    assert charged(cloth) == (300_000, "", RateSource.FALLBACK)
    calls = len(desk.asked)
    assert buy(cloth.line()).shipping_minor == 300_000
    assert len(desk.asked) == calls  # the silence is kept for a while too
    fill(client, cloth)
    client.post("/cart/destination/", {"country": "NG", "state": "NG-LA", "city": "Surulere"})
    assert "the carrier doesn't answer, so at the shop's own price" in text(client, "/cart/")
    desk.may_answer.set()


@pytest.mark.django_db
def test_without_an_own_price_the_method_is_left_out_and_the_page_says_so(client: Client, desk: CarrierDesk) -> None:
    desk.answer_raw(503, b"")
    cloth = sells_by(PARCEL, RIDER)
    found = part(cloth)
    assert [method.label for method in found.delivery.methods] == ["Rider"]
    assert (found.delivery.is_unpriced, found.amounts.shipping_minor) == (True, 400_000)
    fill(client, cloth)
    page = client.post("/checkout/", sent(**{"show-delivery": "1"}))
    assert "Another delivery method isn't shown" in unescape(page.content.decode())


@pytest.mark.django_db
def test_a_shop_with_no_other_way_waits_and_the_rest_is_sold(client: Client, desk: CarrierDesk) -> None:
    desk.answer_raw(503, b"")
    cloth, pot = sells_by(PARCEL), stock(open_shop("pot-house"), sku="POT-1", price_minor=640_000)
    quoted = read_quote([cloth.line(), pot.line()], now=NOW, address=ADDRESS)
    assert [part.pause for part in quoted.parts] == [LineProblem.NOT_PRICED, None]
    with pytest.raises(DeliveryNotPricedError) as refused:
        buy(cloth.line(), pot.line())
    assert refused.value.details == {"shops": ["cloth-hall"], "total_minor": 790_000}
    assert not Order.objects.exists()
    order = buy(cloth.line(), pot.line(), request=order_request(expected=790_000))
    assert [each.shop.slug for each in order.sub_orders.all()] == ["pot-house"]
    fill(client, cloth, pot)
    client.post("/cart/destination/", {"country": "NG", "state": "NG-LA", "city": "Surulere"})
    assert "The carrier can't give us a delivery price at present" in text(client, "/cart/")


@pytest.mark.django_db
def test_no_carrier_there_is_no_silence(desk: CarrierDesk) -> None:
    desk.answer()
    found = part(sells_by(WITH_FALLBACK))
    assert (found.delivery.methods, found.pause) == ((), LineProblem.NOT_DELIVERED)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "place", [None, Destination("NG"), Destination("NG", "NG-LA")], ids=["none", "country", "state"]
)
@pytest.mark.parametrize(("method", "minor"), [(PARCEL, 150_000), (WITH_FALLBACK, 300_000)], ids=["bare", "own price"])
def test_before_a_town_is_known_it_is_an_estimate(
    desk: CarrierDesk, place: Destination | None, method: Method, minor: int
) -> None:
    found = part(sells_by(method), place)
    assert (found.amounts.shipping_minor, found.delivery.is_estimate) == (minor, True)
    assert desk.asked == []


@pytest.mark.django_db
def test_goods_without_a_weight_are_not_asked_about(desk: CarrierDesk) -> None:
    assert charged(sells_by(WITH_FALLBACK, grams=0)) == (300_000, "", RateSource.FALLBACK)
    assert desk.asked == []


@pytest.mark.django_db
def test_a_free_delivery_stays_free(desk: CarrierDesk) -> None:
    assert charged(sells_by(replace(PARCEL, free_from_minor=1_850_000)))[0] == 0


@pytest.mark.django_db
def test_each_parcel_and_place_has_its_own_answer(desk: CarrierDesk) -> None:
    cloth = sells_by(PARCEL)
    for address in (ADDRESS, ADDRESS, replace(ADDRESS, city="Ikorodu"), ADDRESS):
        read_quote([cloth.line()], now=NOW, address=address)
    read_quote([cloth.line(2)], now=NOW, address=ADDRESS)
    assert len(desk.asked) == 3


@pytest.mark.django_db
def test_without_redis_it_is_asked_each_time(desk: CarrierDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    cloth = sells_by(PARCEL)

    def gone() -> Any:
        raise RedisError

    monkeypatch.setattr(redis, "client", gone)
    assert [charged(cloth)[0] for _ in range(2)] == [190_050, 190_050]
    assert len(desk.asked) == 2


@pytest.mark.django_db
def test_of_two_answers_at_once_the_first_counts_for_both(desk: CarrierDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    cloth = sells_by(PARCEL)
    assert charged(cloth)[0] == 190_050
    desk.answer(rate(9_000))
    monkeypatch.setattr(asking, "_kept", lambda _: {})  # the other request had not kept its answer yet
    assert charged(cloth)[0] == 190_050


@contextmanager
def statements_counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    found: list[int] = []
    go = RoundTrips.go

    def counted(self: RoundTrips, statements: Sequence[Any]) -> Any:
        found.append(len(statements))
        return go(self, statements)

    with monkeypatch.context() as patched:
        patched.setattr(RoundTrips, "go", counted)
        yield found


@pytest.mark.django_db
def test_no_basket_has_a_statement_more(desk: CarrierDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    plain, asking_one = sells_by(RIDER), sells_by(PARCEL, slug="pot-house")
    counts = []
    for item in (plain, asking_one):
        part(item)
        with statements_counted(monkeypatch) as found:
            part(item)
        counts.append(found)
    assert counts[0] == counts[1] == [2]
    assert len(desk.asked) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"from_subdivision": ""}, "from_subdivision"),
        ({"from_subdivision": "NG-XX"}, "from_subdivision"),
        ({"from_subdivision": "LAGOS"}, "from_subdivision"),
        ({"from_town": ""}, "from_town"),
        ({"from_town": "a\x00"}, "from_town"),
    ],
    ids=range(5),
)
def test_a_carrier_has_to_know_where_parcels_are(change: dict[str, Any], field: str) -> None:
    shop = open_shop("cloth-hall")
    with pytest.raises(InvalidInputError) as refused:
        add_zone(shop=shop, zone=Zone(country="NG", methods=(replace(PARCEL, **change),)), actor_id=None, now=NOW)
    assert set(refused.value.details["methods"]["0"]) == {field}


@pytest.mark.django_db
def test_the_terms_are_those_of_the_zones(desk: CarrierDesk) -> None:
    sells_by(WITH_FALLBACK)
    assert findings("shop_zones") == findings("shop_terms") == []


def break_down(desk: CarrierDesk, settings: LazySettings, fault: str) -> None:
    match fault:
        case "silent":
            settings.TERMINAL_AFRICA_TIMEOUT_SECONDS = 0.1
            desk.hang()
        case "failing":
            desk.answer_raw(500, b"{}")
        case "unreadable":
            desk.answer_raw(200, b"<html>")
        case "in dollars":
            desk.answer(rate(2, currency="USD"))
        case "refusing":
            desk.answer_raw(422, b'{"status": false}')
        case _:
            settings.SHIPPING_RATES = ""
