"""Placing orders: what is written, what is refused, and how many statements it takes."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from uuid import UUID

import pytest
from django.conf import LazySettings
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import schema_context

from catalogue.models import Product, StockLevel
from checkout.errors import EmptyCartError, InsufficientStockError, MixedCurrenciesError, PriceChangedError
from checkout.fulfilment.services.zones import Method, Zone
from checkout.models import Order, Payment, SubOrder
from checkout.orders import sold_out
from checkout.pricing.choices import Choices
from checkout.pricing.reading import read_quote
from checkout.zones.change_zones import add_zone
from kit.models import IdempotencyKey, OutboxMessage
from kit.work.idempotency import IdempotencyKeyReusedError
from tenants.database.round_trips import RoundTrips, Rows, Statement
from tenants.models import Shop, ShopStatus
from tests.world.clock import NOW
from tests.world.coupons import coupon
from tests.world.ledger import without_triggers
from tests.world.market import Stocked, buy, open_shop, order_request, stock, vendor_orders
from tests.world.tax import register

pytestmark = pytest.mark.django_db
SET_PATH = 'SET search_path = "public"'


@pytest.fixture
def cloth(db: None) -> Stocked:
    return stock(open_shop("cloth-hall", shipping_minor=150_000, commission_bps=1_000), price_minor=1_850_001)


@pytest.fixture
def pot(db: None) -> Stocked:
    return stock(open_shop("pot-house", shipping_minor=90_000), sku="POT-1", price_minor=640_000)


def nothing_was_written(*stocked: Stocked) -> None:
    assert not Order.objects.exists()
    assert not Payment.objects.exists()
    assert not IdempotencyKey.objects.exists()
    assert not OutboxMessage.objects.exists()
    assert vendor_orders([item.shop for item in stocked]) == []
    assert all(item.level()[1] == 0 for item in stocked)


def test_one_order_with_a_part_per_shop(cloth: Stocked, pot: Stocked) -> None:
    order = buy(cloth.line(2), pot.line(3))

    assert order.items_minor == 2 * 1_850_001 + 3 * 640_000
    assert order.shipping_minor == 240_000
    assert order.total_minor == order.items_minor + order.shipping_minor
    parts = {part.shop_id: part for part in SubOrder.objects.filter(order=order)}
    assert parts[cloth.shop.pk].commission_minor == 370_000  # 10 % of 37,000.02, the fraction stays with the shop
    assert sum(part.total_minor for part in parts.values()) == order.total_minor
    records = vendor_orders([cloth.shop, pot.shop])
    assert {record.id for record in records} == {part.id for part in parts.values()}
    assert [line.quantity for record in records for line in record.lines.all()] == [2, 3]
    assert cloth.level() == (10, 2)
    assert pot.level() == (10, 3)
    payment = Payment.objects.get(order=order)
    assert (payment.amount_minor, payment.status) == (order.total_minor, "created")


def test_a_snapshot_outlives_the_product(cloth: Stocked) -> None:
    order = buy(cloth.line())
    cloth.set_price(99)
    with schema_context(cloth.shop.schema_name):
        Product.objects.update(title="Renamed")

    [part] = SubOrder.objects.filter(order=order)

    assert part.lines[0]["unit_price_minor"] == 1_850_001
    assert part.lines[0]["title"] == "Product TOTE-1"
    assert part.lines[0]["options"] == [["Colour", "Indigo"]]
    [record] = vendor_orders([cloth.shop])
    assert [line.options for line in record.lines.all()] == [{"Colour": "Indigo"}]


def test_a_shortage_in_one_shop_takes_nothing_in_any(cloth: Stocked, pot: Stocked) -> None:
    with pytest.raises(InsufficientStockError) as refusal:
        buy(cloth.line(1), pot.line(11))

    assert refusal.value.details == [{"variant_id": str(pot.variant_id), "wanted": 11, "available": 10}]
    nothing_was_written(cloth, pot)


def test_every_short_line_is_named(cloth: Stocked, pot: Stocked) -> None:
    with pytest.raises(InsufficientStockError) as refusal:
        buy(cloth.line(50), pot.line(11))

    assert {line["variant_id"] for line in refusal.value.details} == {str(cloth.variant_id), str(pot.variant_id)}
    nothing_was_written(cloth, pot)


def test_another_total_than_the_buyer_saw_is_refused_with_the_new_one(cloth: Stocked) -> None:
    cloth.set_price(2_000_000)

    with pytest.raises(PriceChangedError) as refusal:
        buy(cloth.line(), request=order_request(expected=1_850_001 + 150_000))

    assert refusal.value.details == {"total_minor": 2_150_000, "currency": "NGN"}
    nothing_was_written(cloth)


def test_the_same_key_gives_the_same_order(cloth: Stocked) -> None:
    request = order_request(key="once")

    first = buy(cloth.line(2), request=request)
    second = buy(request=request)

    assert second.pk == first.pk
    assert cloth.level() == (10, 2)


def test_the_same_key_for_another_request_is_refused(cloth: Stocked) -> None:
    buy(cloth.line(), request=order_request(key="once", expected=cloth.price_minor + 150_000))

    with pytest.raises(IdempotencyKeyReusedError):
        buy(cloth.line(), request=order_request(key="once"))

    assert Order.objects.count() == 1


def test_a_refused_request_may_use_its_key_again(cloth: Stocked) -> None:
    request = order_request(key="again")
    with pytest.raises(InsufficientStockError):
        buy(cloth.line(11), request=request)

    assert buy(cloth.line(10), request=request).items_minor == 10 * cloth.price_minor


def test_shops_that_do_not_sell_are_left_out(cloth: Stocked, pot: Stocked) -> None:
    Shop.objects.filter(pk=pot.shop.pk).update(status=ShopStatus.HOLIDAY)

    order = buy(cloth.line(), pot.line())

    assert [part.shop_id for part in order.sub_orders.all()] == [cloth.shop.pk]
    assert pot.level() == (10, 0)


def test_nothing_to_buy_is_refused(cloth: Stocked) -> None:
    Shop.objects.update(status=ShopStatus.SUSPENDED)

    with pytest.raises(EmptyCartError):
        buy(cloth.line())

    nothing_was_written(cloth)


def test_currencies_do_not_mix(cloth: Stocked, pot: Stocked) -> None:
    Shop.objects.filter(pk=pot.shop.pk).update(currency="GHS")

    with pytest.raises(MixedCurrenciesError):
        buy(cloth.line(), pot.line())

    nothing_was_written(cloth, pot)


def test_what_is_known_to_be_sold_out_costs_one_look_at_the_key(cloth: Stocked) -> None:
    sold_out.flag([cloth.variant_id])

    with CaptureQueriesContext(connection) as queries, pytest.raises(InsufficientStockError):
        buy(cloth.line())

    others = [query["sql"] for query in queries if "FROM kit_idempotencykey" not in query["sql"]]
    assert others in ([], [SET_PATH], [f"{SET_PATH}; RESET ROLE"])


def test_that_nothing_is_flagged_is_remembered_for_a_moment(
    cloth: Stocked, redis_client: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process's flag is seen after that moment, this process's own at once."""
    wanted = [cloth.variant_id]
    monkeypatch.setattr(sold_out._Seen, "none_until", 0.0)
    assert sold_out.among(wanted) == []
    remembered_until = sold_out._Seen.none_until
    assert 0 < remembered_until - time.monotonic() <= sold_out.UNASKED_SECONDS

    sold_out.flag(wanted)
    monkeypatch.setattr(sold_out._Seen, "none_until", time.monotonic() + 60)
    assert sold_out.among(wanted) == []
    monkeypatch.setattr(sold_out._Seen, "none_until", time.monotonic())
    assert sold_out.among(wanted) == wanted
    assert sold_out.among([UUID(int=1)]) == []
    assert sold_out.among(wanted) == wanted  # while anything is flagged, nothing is remembered

    monkeypatch.setattr(sold_out._Seen, "none_until", time.monotonic() + 60)
    sold_out.flag(wanted)
    assert sold_out.among(wanted) == wanted


def test_selling_the_last_one_says_so(cloth: Stocked, django_capture_on_commit_callbacks: object) -> None:
    with django_capture_on_commit_callbacks() as callbacks:  # type: ignore[operator]
        buy(cloth.line(10))
    assert OutboxMessage.objects.get().payload == {"shop_id": cloth.shop.pk, "variant_ids": [str(cloth.variant_id)]}

    for callback in callbacks:
        callback()

    assert sold_out.among([cloth.variant_id]) == [cloth.variant_id]


def test_everything_but_the_key_is_part_of_what_must_be_the_same() -> None:
    request = order_request(key="a")
    other: dict[str, object] = {
        "buyer": replace(request.buyer, user_id=7),
        "shipping_address": replace(request.shipping_address, postcode="100001"),
        "billing_address": replace(request.billing_address, line2="Flat 2"),
        "expected_total_minor": 1,
        "currency": "GHS",
        "return_url": "https://front.example.com/thanks",
        "choices": Choices(coupons=("WELCOME10",)),
        "vat_number": "12345678-0001",
        "texts": frozenset({"sms"}),
        "scope": "another",
        "request_key": "b",
    }
    assert other.keys() == {field.name for field in fields(request) if field.compare}
    prints = {name: replace(request, **{name: value}).fingerprint() for name, value in other.items()}  # type: ignore[arg-type]
    assert prints.pop("scope") == prints.pop("request_key") == request.fingerprint()
    assert len({*prints.values(), request.fingerprint()}) == len(prints) + 1
    chosen: dict[str, object] = {"delivery": {"cloth-hall": "van"}, "coupons": ("TEN",)}
    assert chosen.keys() == {field.name for field in fields(Choices)}, "Give a new choice a value here."
    choices = [replace(request, choices=Choices(**{name: value})).fingerprint() for name, value in chosen.items()]  # type: ignore[arg-type]
    assert len({*choices, request.fingerprint()}) == len(choices) + 1, "`given` leaves a choice out."


def add_terms(shop: Shop) -> None:
    """Let a shop charge tax, and deliver by a zone of its own beside the standard one."""
    register(shop)
    zone = Zone(name="Lagos", country="NG", subdivisions=("NG-LA",), methods=(Method(price_minor=120_000),))
    add_zone(shop=shop, zone=zone, actor_id=None, now=NOW)


@pytest.mark.parametrize("has_terms", [False, True])
@pytest.mark.parametrize("shops", [1, 2, 5])
def test_an_order_takes_two_round_trips_however_many_shops(
    shops: int, has_terms: bool, monkeypatch: pytest.MonkeyPatch, settings: LazySettings
) -> None:
    """Tax (on commission too) and zones cost no statement; a coupon of the market two, for all shops."""
    items = [stock(open_shop(f"shop-{number}")) for number in range(shops)]
    for item in items if has_terms else ():
        add_terms(item.shop)
    settings.COMMISSION_TAX_NUMBERS = {"NG": "12345678-0001"} if has_terms else {}
    codes = [coupon().code] if has_terms else []
    read_quote([item.line() for item in items], now=NOW)  # from then on the process knows their schemas, and terms
    request = replace(order_request(), choices=Choices(coupons=tuple(codes)))
    trips: list[int] = []
    go = RoundTrips.go

    def counted(self: RoundTrips, statements: Sequence[Statement]) -> list[Rows]:
        trips.append(len(statements))
        return go(self, statements)

    monkeypatch.setattr(RoundTrips, "go", counted)
    with CaptureQueriesContext(connection) as queries:
        placed = buy(*(item.line() for item in items), request=request)

    is_taxed = SubOrder.objects.filter(order=placed, commission_tax_minor__gt=0).count() == shops
    assert is_taxed is has_terms
    assert (placed.tax_minor > 0) is (placed.discount_minor > 0) is has_terms
    savepoint = [query for query in queries if "SAVEPOINT" in query["sql"]]
    # Lock limit, key, facts, offers; a statement a schema, and stock.
    assert trips == [3 + len(codes) + shops, 1 + len(codes) + 2 * shops]
    assert len(queries) == sum(trips) + len(savepoint), "\n".join(query["sql"][:90] for query in queries)


@pytest.fixture
def level(cloth: Stocked) -> Iterator[StockLevel]:
    with schema_context(cloth.shop.schema_name):
        yield StockLevel.objects.get(variant_id=cloth.variant_id)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"on_hand": -1}, "stock_on_hand_not_negative"),
        ({"reserved": -1}, "stock_reserved_not_negative"),
        ({"reserved": 11}, "stock_reserved_on_hand"),
    ],
)
def test_the_database_refuses_impossible_stock(level: StockLevel, change: dict[str, int], constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        StockLevel.objects.filter(pk=level.pk).update(**change)


@pytest.mark.parametrize(
    ("model", "change", "constraint"),
    [
        (Order, {"total_minor": 1}, "order_total_adds_up"),
        (Order, {"items_minor": 0, "total_minor": 150_000}, "order_items_positive"),
        (Order, {"status": "paid"}, "order_paid_has_time"),
        (SubOrder, {"total_minor": 1}, "sub_order_total_adds_up"),
        (SubOrder, {"commission_minor": -1}, "sub_order_commission_within_items"),
        (SubOrder, {"commission_minor": 99_999_999}, "sub_order_commission_tax_within_items"),
        (Payment, {"amount_minor": 0}, "payment_amount_positive"),
        (Payment, {"status": "captured"}, "payment_captured_has_amount"),
    ],
)
def test_the_database_refuses_orders_that_do_not_add_up(
    cloth: Stocked, model: type[Order], change: dict[str, object], constraint: str
) -> None:
    buy(cloth.line())

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic(), without_triggers():
        model.objects.update(**change)


def test_placed_at_is_the_time_that_was_given(cloth: Stocked) -> None:
    assert buy(cloth.line()).placed_at == NOW
