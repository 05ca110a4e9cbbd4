"""Ordering again: an order's lines at today's prices, put into the basket as far as they can be had."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from checkout.cart import store
from checkout.cart.set_lines import set_lines
from checkout.cart.store import CartId
from checkout.cart.wanted_lines import available_units, quote_wanted
from checkout.errors import CartLinesRefusedError, NotLetInError
from checkout.models import Order
from checkout.pricing.quoted_lines import LineProblem, QuotedLine
from kit.money import format_minor
from tenants.models import Shop

NOT_LET_IN = "not_let_in"
TRIES = 3  # others may buy between the look and the change


@dataclass(frozen=True, slots=True)
class ReorderedLine:
    """A line of an order as it can be had today.

    Args:
        line: as it was placed.
        can_have: how many units of it there are today, at most as many as were ordered.
        held: units of it that the basket holds.
        problem: why fewer than were ordered can be had; None where all can.
        unit_price_minor: today's; None where it is not sold.
        old_unit_price_minor: the one that it was ordered at, where that is not today's.
    """

    line: Mapping[str, Any]
    shop: Shop
    can_have: int
    held: int
    problem: str | None
    currency: str
    unit_price_minor: int | None
    old_unit_price_minor: int | None

    @property
    def variant_id(self) -> UUID:
        """Return the id of its variant."""
        return UUID(self.line["variant_id"])

    @property
    def is_to_put_in(self) -> bool:
        """Return whether the basket holds fewer than could be had."""
        return self.held < self.can_have

    @property
    def is_as_before(self) -> bool:
        """Return whether the basket holds all that was ordered, at the price of then."""
        return not (self.problem or self.is_to_put_in or self.old_unit_price_minor is not None)

    @property
    def message(self) -> str:
        """Return the differences from then, in words; empty where there are none."""
        price = ""
        if self.unit_price_minor is not None and self.old_unit_price_minor is not None:
            price = gettext("Now %(price)s, was %(old_price)s.") % {
                "price": format_minor(self.unit_price_minor, self.currency),
                "old_price": format_minor(self.old_unit_price_minor, self.currency),
            }
        return " ".join(filter(None, (self._shortage(), price)))

    def _shortage(self) -> str:
        if self.problem == LineProblem.NOT_ENOUGH:
            left = self.can_have
            return ngettext("Only %(left)s left.", "Only %(left)s left.", left) % {"left": left}
        if self.problem == LineProblem.SHOP_AWAY and self.shop.returns_on:
            day = date_format(self.shop.returns_on, "j F")
            return gettext("The shop is on holiday, back on %(day)s.") % {"day": day}
        messages = {
            LineProblem.GONE: gettext("No longer for sale."),
            LineProblem.SHOP_CLOSED: gettext("This shop isn't selling at present."),
            LineProblem.SHOP_AWAY: gettext("The shop is on holiday."),
            LineProblem.SHOP_UPDATING: gettext("This shop is being updated. Try again in a minute."),
            LineProblem.SOLD_OUT: gettext("Sold out."),
            NOT_LET_IN: gettext("It is sold through a waiting room. Open its page to wait for your turn."),
        }
        return messages[self.problem] if self.problem else ""


def reorder(*, order: Order, cart: CartId, now: datetime, is_new: bool = False) -> list[ReorderedLine]:
    """Put the units of an order that can be had into a basket, and return each of its lines.

    Lines that the basket holds keep their quantity where it is the larger one, so a second call adds nothing.

    Args:
        order: of any status; units of it that were cancelled count, since they were wanted.
        is_new: the cart is new and empty.

    Raises:
        TooManyLinesError: the basket would hold more variants than it may; it stays as it is.
        WaitingRoomDownError: some are sold through a waiting room, and Redis does not answer.
        CartLinesRefusedError: others went on buying what was to be put in; the basket stays as it is.
    """
    waits: frozenset[str] = frozenset()
    for left in reversed(range(TRIES)):
        lines = compare(order=order, cart=cart, now=now, waits=waits)
        quantities = {each.variant_id: each.can_have for each in lines if each.is_to_put_in}
        if not quantities:
            return lines
        try:
            set_lines(cart=cart, quantities=quantities, now=now, is_new=is_new)
        except CartLinesRefusedError:
            if not left:
                raise
        except NotLetInError as error:
            waits |= {each["listing_id"] for each in error.details}
    return compare(order=order, cart=cart, now=now, waits=waits)


def compare(*, order: Order, cart: CartId, now: datetime, waits: Collection[str] = ()) -> list[ReorderedLine]:
    """Return the lines of an order as they can be had today, with the units that a basket holds.

    Args:
        waits: ids of the products for which the buyer has to wait in a waiting room first.
    """
    ordered = [(part.shop, line) for part in order.sub_orders.all() for line in part.lines]
    quoted = quote_wanted({UUID(line["variant_id"]): int(line["quantity"]) for _, line in ordered}, now=now)
    available = available_units(quoted)
    today = {line.line.variant_id: line for part in quoted.parts for line in part.lines}
    currencies = {part.shop.id: part.shop.currency for part in quoted.parts}
    held = {line.variant_id: line.quantity for line in store.read_lines(cart)}
    lines = []
    for shop, line in ordered:
        variant_id = UUID(line["variant_id"])
        must_wait = line["product_id"] in waits
        found = today.get(variant_id)
        price_minor = found.offer.price_minor if found and found.offer and found.is_counted else None
        currency = currencies.get(shop.pk, order.currency)
        is_other = price_minor is not None and price_minor != line["unit_price_minor"] and currency == order.currency
        lines.append(
            ReorderedLine(
                line=line,
                shop=shop,
                can_have=0 if must_wait else available.get(variant_id, 0),
                held=held.get(variant_id, 0),
                problem=NOT_LET_IN if must_wait else _problem(found),
                currency=currency,
                unit_price_minor=price_minor,
                old_unit_price_minor=line["unit_price_minor"] if is_other else None,
            )
        )
    return lines


def _problem(line: QuotedLine | None) -> str | None:
    return LineProblem.GONE if line is None else line.problem
