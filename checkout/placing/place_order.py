"""Placing an order: every line of it in every shop, or nothing anywhere."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import DataError, connection, transaction

from catalogue.events import StockChanged
from catalogue.services.reservations import ReservedLine, is_scarce, reserving, reserving_plenty
from checkout.errors import EmptyCartError, MixedCurrenciesError, PriceChangedError
from checkout.orders import sold_out
from checkout.placing.order_rows import Draft, Part, rows_of
from checkout.placing.placed import PlacedOrder, earlier_order
from checkout.placing.refusals import refuse_unavailable, refuse_unreserved
from checkout.pricing.lines import CartLine
from checkout.pricing.quote import Quote
from checkout.pricing.reading import read_quote_after
from checkout.pricing.unready_shops import around_unready
from kit import idempotency
from kit.db.pipeline import COMMIT, Query, ask_all
from kit.db.retries import busy_when_locked, lock_limits, retrying_on_deadlock
from kit.work import outbox


@dataclass(frozen=True, slots=True)
class Address:
    """Where to send or bill; `country` is an ISO 3166-1 alpha-2 code."""

    name: str
    line1: str
    city: str
    state: str
    country: str
    phone: str
    line2: str = ""
    postcode: str = ""

    def as_dict(self) -> dict[str, str]:
        """Return it as it is stored."""
        return {name: getattr(self, name) for name in ADDRESS_FIELDS}


ADDRESS_FIELDS = tuple(field.name for field in fields(Address))


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who buys: a person with an account, or a guest with an e-mail address."""

    email: str
    user_id: int | None = None


@dataclass(frozen=True, slots=True)
class OrderRequest:
    """What a buyer asks for at checkout.

    `scope` says whose `request_key` it is; `expected_total_minor` is the total that the buyer saw.
    """

    buyer: Buyer
    shipping_address: Address
    billing_address: Address
    scope: str
    request_key: str
    expected_total_minor: int | None = None

    def fingerprint(self) -> str:
        """Return a hash of everything that must be the same when the key comes again."""
        asked = {
            "buyer": {"email": self.buyer.email, "user_id": self.buyer.user_id},
            "shipping_address": self.shipping_address.as_dict(),
            "billing_address": self.billing_address.as_dict(),
            "expected_total_minor": self.expected_total_minor,
        }
        return idempotency.fingerprint(asked)


def place_order(*, lines: Sequence[CartLine], request: OrderRequest, now: datetime) -> PlacedOrder:
    """Turn a cart into one order with a part per shop, stock reserved in every shop or in none.

    The same `request_key` again gives the same order. Lines of shops that don't sell at present, and
    products that are gone, are left out, as the cart has told the buyer.

    Raises:
        InsufficientStockError: some lines ask for more than is available; details name each of them.
        PriceChangedError: the total is not the expected one; details hold the new one.
        EmptyCartError: nothing in the cart can be bought.
        MixedCurrenciesError: the shops' currencies differ.
        IdempotencyKeyReusedError: the key came with another request before.
        BusyError: others hold the same stock for too long.
    """
    if flagged := sold_out.among(line.variant_id for line in lines):
        number = idempotency.find(scope=request.scope, key=request.request_key, request_hash=request.fingerprint())
        if number is None:
            refuse_unavailable(lines, dict.fromkeys(flagged, 0))
    return around_unready(
        lambda unready: retrying_on_deadlock(lambda: _place_once(lines, request, now, unready)),
        shop_ids={line.shop_id for line in lines},
    )


def _place_once(
    lines: Sequence[CartLine], request: OrderRequest, now: datetime, unready: frozenset[int]
) -> PlacedOrder:
    """Place it with the commit behind the stock where there is plenty, else, or where there was not, step by step."""
    if not connection.in_atomic_block:
        try:
            return _place(lines, request, now, unready, may_commit=True)
        except DataError as error:
            if not is_scarce(error):
                raise
    return _place(lines, request, now, unready, may_commit=False)


def _place(
    lines: Sequence[CartLine], request: OrderRequest, now: datetime, unready: frozenset[int], *, may_commit: bool
) -> PlacedOrder:
    """Two round trips: read everything, then write everything, stock last."""
    key = {"scope": request.scope, "key": request.request_key, "request_hash": request.fingerprint()}
    with transaction.atomic(), busy_when_locked():
        draft = Draft(request, now=now, expires_at=now + timedelta(minutes=settings.RESERVATION_MINUTES))
        claim = idempotency.claiming(**key, result=draft.number, now=now)
        limits = lock_limits(settings.CHECKOUT_LOCK_TIMEOUT_MS)
        (*_, is_first), cart = read_quote_after(
            [*limits, claim], lines, unready=unready, address=request.shipping_address, now=now
        )
        if not is_first and (earlier := idempotency.find(**key)) is not None:
            return earlier_order(earlier)
        _check(cart, request)
        parts = draft.parts(cart)
        placed, rows = rows_of(draft, cart.amounts, parts)
        if may_commit and all(has_plenty(part) for part in parts):
            stock = [reserving_plenty(schema_name=part.shop.schema_name, lines=part.wanted) for part in parts]
            ask_all([*rows, *stock, COMMIT])
        else:
            _write_and_look(rows, cart, parts, now=now)
        return placed


def _check(cart: Quote, request: OrderRequest) -> None:
    """Refuse what can be refused before anything is written or locked."""
    counted = cart.counted
    if not counted:
        raise EmptyCartError
    if cart.is_mixed:
        raise MixedCurrenciesError
    short = {line.line.variant_id: line.offer.available for line in counted if line.problem and line.offer}
    if short:
        refuse_unavailable([line.line for line in counted], short)
    amounts = cart.amounts
    if request.expected_total_minor is not None and request.expected_total_minor != amounts.total_minor:
        raise PriceChangedError(details={"total_minor": amounts.total_minor, "currency": amounts.currency})


def has_plenty(part: Part) -> bool:
    """Say whether, by what was read, something would be left of everything that is wanted."""
    return all(line.offer.available > line.line.quantity for line in part.group.counted if line.offer)


def _write_and_look(rows: list[Query[None]], cart: Quote, parts: Sequence[Part], *, now: datetime) -> None:
    """Write every row, take the stock, and see what came of it before anything is committed."""
    stock = [reserving(schema_name=part.shop.schema_name, lines=part.wanted) for part in parts]
    queries: list[Query[Any]] = [*rows, *stock]
    found: list[list[ReservedLine]] = ask_all(queries)[len(rows) :]
    if not all(line.is_reserved for reserved in found for line in reserved):
        refuse_unreserved(cart, [line for reserved in found for line in reserved])
    for part, reserved in zip(parts, found, strict=True):
        left = {line.variant_id: line.available for line in reserved}
        emptied = [line.variant_id for line in part.wanted if left[line.variant_id] == line.quantity]
        if emptied:
            _announce_sold_out(emptied, shop_id=part.shop.id, now=now)


def _announce_sold_out(variant_ids: list[Any], *, shop_id: int, now: datetime) -> None:
    outbox.emit(StockChanged(shop_id, tuple(variant_ids)), now=now)
    transaction.on_commit(lambda: sold_out.flag(variant_ids))
