"""Changes of a cart since it was last shown to its buyer, named line by line.

A page or a read of the cart has shown a state: prices, availability, and the rows of each shop's price. It is
kept beside the cart, and compared with what is shown next. What the buyer has changed in between, such as a quantity,
a coupon or the destination, is left out of the comparison of what depends on it.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext
from redis.exceptions import RedisError

from checkout.cart.store import CartId
from checkout.pricing.quote import Quote, QuotedPart
from checkout.pricing.quoted_lines import LineProblem, QuotedLine
from checkout.pricing.shown import shown_adjustments
from kit.db import redis
from kit.money import format_minor

State = Mapping[str, Any]
CHANGED_BY_BUYER = ("quantities", "codes", "place", "method")  # rows of a price depend on these

KEYED = "="  # rows of the release before had keys in the language of the page, which are compared with none


@dataclass(frozen=True, slots=True)
class Change:
    """A change since the cart was last shown.

    Args:
        kind: price, availability or adjustment.
        message: the change in words.
        variant_id: of the line that has changed, if it is one.
        was_minor, now_minor: amounts; None where there is none, or was none.
    """

    kind: str
    message: str
    variant_id: UUID | None = None
    was_minor: int | None = None
    now_minor: int | None = None

    def as_body(self) -> dict[str, Any]:
        """Return the change in the form that an API's body has."""
        return {
            "kind": self.kind,
            "message": self.message,
            "variant_id": self.variant_id and str(self.variant_id),
            "was_minor": self.was_minor,
            "now_minor": self.now_minor,
        }


def keep_shown(cart: CartId, quoted: Quote, *, is_whole: bool = True) -> list[Change]:
    """Keep a quote as the state that was last shown, and return its differences from the one before.

    Without an answer of Redis nothing is compared: the expected total still guards the order.

    Args:
        is_whole: whether all of the cart is shown, not what it holds in one currency alone; then it is one round trip.
    """
    state = shown_state(quoted)
    try:
        before = _parsed(redis.client().get(_key(cart))) if not is_whole else None
        for name, shown in (before or {}).items():
            state[name] = {**shown, **state[name]}
        replaced = redis.client().set(_key(cart), json.dumps(state), ex=settings.CART_TTL_SECONDS, get=True)
    except RedisError:
        return []
    seen = before or _parsed(replaced)
    return changes_between(seen, quoted) if seen else []


def changes_since_shown(cart: CartId, quoted: Quote) -> list[Change]:
    """Return the differences of a quote from the state that was last shown, which stays the last one."""
    try:
        seen = _parsed(redis.client().get(_key(cart)))
    except RedisError:
        return []
    return changes_between(seen, quoted, is_charged=True) if seen else []


def shown_state(quoted: Quote) -> dict[str, Any]:
    """Return the state that a quote shows, in the form that is kept."""
    lines = {str(line.line.variant_id): _shown(line) for line in quoted.lines}
    return {"lines": lines, "parts": {part.shop.slug: _part(part, quoted) for part in quoted.parts}}


def changes_between(before: State, quoted: Quote, *, is_charged: bool = False) -> list[Change]:
    """Return the differences of a quote from a state; a pure function.

    Args:
        is_charged: whether it is what an order would be charged: then another destination is no reason to leave out
            what depends on it.
    """
    changes = [change for part in quoted.parts for line in part.lines for change in _of_line(before, part, line)]
    for part in quoted.parts:
        seen = before["parts"].get(part.shop.slug)
        if seen is not None and part.counted:
            changes += _of_part(seen, part, quoted, is_charged=is_charged)
    return changes


def _of_line(before: State, part: QuotedPart, line: QuotedLine) -> Iterable[Change]:
    seen = before["lines"].get(str(line.line.variant_id))
    if seen is None:
        return
    title, price, problem, quantity = seen
    key, currency = line.line.variant_id, part.shop.currency
    if line.offer is not None and price is not None and line.offer.price_minor != price:
        values = {"now": format_minor(line.offer.price_minor, currency), "was": format_minor(price, currency)}
        message = gettext("%(title)s: now %(now)s, was %(was)s.") % {"title": line.offer.title, **values}
        yield Change("price", message, key, price, line.offer.price_minor)
    if (line.problem or "") != problem and quantity == line.line.quantity:
        yield Change("availability", _availability(line, title), key)


def _availability(line: QuotedLine, title: str) -> str:
    named = {"title": line.offer.title if line.offer else title or gettext("A product")}
    match line.problem:
        case None:
            return gettext("%(title)s is available again.") % named
        case LineProblem.NOT_ENOUGH:
            return gettext("%(title)s: only %(left)s left.") % {**named, "left": line.offer and line.offer.available}
        case LineProblem.SOLD_OUT:
            return gettext("%(title)s is sold out.") % named
        case LineProblem.GONE:
            return gettext("%(title)s is no longer for sale.") % named
    return gettext("%(title)s is not available at present.") % named


def _of_part(seen: State, part: QuotedPart, quoted: Quote, *, is_charged: bool) -> Iterable[Change]:
    now = _part(part, quoted)
    names = [name for name in CHANGED_BY_BUYER if not (is_charged and name in {"place", "method"})]
    if any(seen[name] != now[name] for name in names):
        return
    rows, currency = {key: (label, minor) for key, label, minor in seen["rows"]}, part.shop.currency
    if not all(key.startswith(KEYED) for key in rows):
        return
    for key, label, minor in now["rows"]:
        _, was = rows.pop(key, (label, None))
        if was != minor:
            yield _adjustment(part, label, was, minor, currency)
    for label, was in rows.values():
        yield _adjustment(part, label, was, None, currency)


def _adjustment(part: QuotedPart, label: str, was: int | None, now: int | None, currency: str) -> Change:
    values = {"label": label, "shop": part.shop.name}
    amounts = {name: format_minor(minor or 0, currency) for name, minor in (("now", now), ("was", was))}
    if was is None:
        text = gettext("%(label)s at %(shop)s: now %(now)s.")
    elif now is None:
        text = gettext("%(label)s at %(shop)s: no more, was %(was)s.")
    else:
        text = gettext("%(label)s at %(shop)s: now %(now)s, was %(was)s.")
    return Change("adjustment", text % {**values, **amounts}, None, was, now)


def _shown(line: QuotedLine) -> list[Any]:
    offer = line.offer
    return [offer.title if offer else "", offer.price_minor if offer else None, line.problem or "", line.line.quantity]


def _part(part: QuotedPart, quoted: Quote) -> dict[str, Any]:
    address = part.basis.address if part.basis else None
    rows = shown_adjustments(part.adjustments, prices_include_tax=part.amounts.prices_include_tax)
    return {
        "quantities": sorted([str(line.line.variant_id), line.line.quantity] for line in part.counted),
        "codes": [each.code for each in quoted.coupon_outcomes],
        "place": [address.country, address.state, address.city] if address else [],
        "method": part.delivery.chosen.id if part.delivery.chosen else "",
        "rows": [[f"{KEYED}{row.key}", row.label, row.amount_minor] for row in rows],
    }


def _parsed(stored: Any) -> State | None:
    found: State | None = json.loads(stored) if stored else None
    return found


def _key(cart: CartId) -> str:
    return redis.prefixed(f"shown:{cart.owner}")
