"""Putting something in a cart reads all that it needs in one round trip, and never believes a hint."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest

from checkout.cart import look_up as module
from checkout.cart import store
from checkout.cart.change_cart import add_to_cart
from checkout.cart.look_up import look_up
from checkout.cart.store import CartId
from checkout.errors import VariantNotSoldError
from checkout.pricing.quote import Quote
from checkout.pricing.reading import read_quote
from tenants.database.round_trips import RoundTrips, Rows, Statement
from tests.world.clock import NOW
from tests.world.market import Stocked, open_shop, stock
from tests.world.shops import drop_schema

ADA = CartId.of_user(7)


@pytest.fixture
def cloth(db: None) -> Stocked:
    return stock(open_shop("indigo-fabrics"), sku="CLOTH")


@pytest.fixture
def pot(db: None) -> Stocked:
    return stock(open_shop("copper-kitchen"), sku="POT")


def put(item: Stocked) -> Quote:
    added = add_to_cart(cart=ADA, now=NOW, variant_id=item.variant_id, quantity=1)
    return read_quote(added.lines, now=NOW, seen=added.seen)


@contextmanager
def trips_counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    trips: list[int] = []
    go = RoundTrips.go

    def counted(self: RoundTrips, statements: Sequence[Statement]) -> list[Rows]:
        trips.append(len(statements))
        return go(self, statements)

    with monkeypatch.context() as patched:
        patched.setattr(RoundTrips, "go", counted)
        yield trips


def test_a_second_shop_takes_no_further_trip(cloth: Stocked, pot: Stocked, monkeypatch: pytest.MonkeyPatch) -> None:
    put(cloth)
    put(pot)  # from then on the process knows where both are
    store.forget_cart(ADA)
    with trips_counted(monkeypatch) as trips:
        put(cloth)
        cart = put(pot)

    assert trips == [2, 4]  # the seller and the offer; and the other shop's facts and offer
    assert {line.line.variant_id for line in cart.lines} == {cloth.variant_id, pot.variant_id}
    assert cart.amounts.total_minor == 2 * (1_850_000 + 150_000)


def test_what_was_not_met_before_takes_a_second(cloth: Stocked, monkeypatch: pytest.MonkeyPatch) -> None:
    module._schemas.clear()
    with trips_counted(monkeypatch) as trips:
        put(cloth)

    assert trips == [1, 1]


@pytest.mark.parametrize("hint", ["another", "none"])
def test_a_wrong_hint_is_put_right(hint: str, live_database: str) -> None:
    """A schema of another shop has no such variant; one that is not there cannot be read."""
    cloth, pot = stock(open_shop("adire-house"), sku="CLOTH"), stock(open_shop("brass-house"), sku="POT")
    wrong = pot.shop.schema_name if hint == "another" else "shop_never_was"
    module._schemas[cloth.variant_id] = wrong

    sellers, seen = look_up([cloth.variant_id], held=[pot.line()])

    assert (sellers[cloth.variant_id].id, seen.offers[cloth.variant_id].sku) == (cloth.shop.pk, "CLOTH")
    assert module._schemas.get(cloth.variant_id) != wrong


def test_a_cart_with_something_unreadable_takes_more_all_the_same(live_database: str) -> None:
    cloth, pot = stock(open_shop("adire-house"), sku="CLOTH"), stock(open_shop("brass-house"), sku="POT")
    put(pot)
    drop_schema(pot.shop.schema_name)
    cart = put(cloth)

    assert [line.line.variant_id for line in cart.lines if line.is_counted] == [cloth.variant_id]
    assert len(cart.lines) == 2


def test_what_nobody_sells_is_not_sold(cloth: Stocked) -> None:
    with pytest.raises(VariantNotSoldError):
        add_to_cart(cart=ADA, now=NOW, variant_id=cloth.product_id, quantity=1)
