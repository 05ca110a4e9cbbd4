"""Limit of a buyer's unpaid reservations: counted by e-mail address or account, and by network.

Each of these has a hash in Redis: the basket or the part of one that is ordered, when, its pieces, and the order's
number once there is one. The script that reads the basket counts and enters it in one step, so that many at once do not
pass together. Nothing is taken off when an order is paid: at the limit the database says which orders still count
(docs/adr/0022).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F, Q
from django.utils.functional import cached_property

from checkout.cart.parts import CurrencyPart
from checkout.cart.store import Basket, CartId, new_basket_id, parse_lines
from checkout.models import Order, OrderStatus
from checkout.placing.choose_part import choose_part
from checkout.placing.placed import PlacedOrder
from checkout.placing.request import OrderRequest
from checkout.placing.unpaid_holders import Entry, Holder, too_much_unpaid
from checkout.placing.unpaid_scripts import FORGET, READ_WITHIN_LIMITS, TAKE_AND_NUMBER
from checkout.pricing.coupons.facts import clean_codes
from kit.db import redis
from kit.errors import DomainError
from kit.work import idempotency

# A basket without an order by then was refused, or its process has died.
UNDER_WAY = timedelta(minutes=1)
# An order that was cancelled sooner has not kept others from buying.
CANCELLED_SOON = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Reading:
    """The basket, and, where it is above a limit, the holder and their other unpaid orders."""

    basket: Basket
    refused: Holder | None
    entries: list[Entry]


@dataclass(frozen=True)
class UnpaidLimits:
    """The limits that a request for an order has to keep.

    Args:
        network: of the caller; empty where it is not known.
    """

    cart: CartId
    request: OrderRequest
    network: str
    now: datetime

    def read_basket(self) -> CurrencyPart:
        """Return the part of the basket that is to be ordered, and count it as unpaid from now on.

        A basket of one currency is counted as it is read; a part of another is known only then, and counted after it.

        Raises:
            MixedCurrenciesError: as `choose_part`.
            TooMuchUnpaidError: it would exceed a holder's limit; nothing is counted.
        """
        reading = self._read()
        try:
            part = choose_part(reading.basket, self.request, now=self.now)
        except DomainError:
            self._forget(reading.basket.id)
            raise
        if not part.is_whole:
            reading = self._read(part)
        if reading.refused is None or idempotency.find(self.request.idempotency_key) is not None:
            return part
        if _forget_settled(reading.refused, reading.entries):
            reading = self._read(None if part.is_whole else part)
        if reading.refused is not None:
            raise too_much_unpaid(reading.refused, part.lines, reading.entries, self.now)
        return part

    def forget(self, part: CurrencyPart) -> None:
        """Stop counting a basket's part of which no order was placed."""
        self._forget(part.counted_as)

    def _forget(self, name: str) -> None:
        redis.script(FORGET)(keys=[holder.key for holder in self._holders], args=[name])

    def take_ordered(self, placed: PlacedOrder, part: CurrencyPart) -> None:
        """Take an order's goods out of its basket, as `checkout.cart.store.take_ordered`, and enter its number."""
        entry = f"{int(self.now.timestamp())}:{sum(placed.quantities.values())}:{placed.order.number}"
        pairs = [part for pair in placed.quantities.items() for part in pair]
        redis.script(TAKE_AND_NUMBER)(
            keys=[*self.cart.keys, *(holder.key for holder in self._holders)],
            args=[placed.basket_id, new_basket_id(), settings.CART_TTL_SECONDS, part.counted_as, entry, *pairs],
        )

    def _read(self, part: CurrencyPart | None = None) -> Reading:
        """Read the basket, and count all of it, or a part alone."""
        holders = self._holders
        window = settings.UNPAID_WINDOW_MINUTES * 60
        limits = [figure for holder in holders for figure in (holder.most_orders, holder.most_pieces)]
        times = [int(self.now.timestamp()), int(UNDER_WAY.total_seconds()), window]
        alone = [part.counted_as, *{line.shop_id for line in part.lines}] if part else []
        basket_id, lines, refused, entries, codes = redis.script(READ_WITHIN_LIMITS)(
            keys=[*self.cart.keys, *(holder.key for holder in holders), self.cart.coupons_key],
            args=[settings.CART_TTL_SECONDS, new_basket_id(), *times, *limits, *alone],
        )
        basket = Basket(basket_id, parse_lines(lines), clean_codes(codes))
        return Reading(basket, holders[refused - 1] if refused else None, _parse_entries(entries))

    @cached_property
    def _holders(self) -> list[Holder]:
        buyer = self.request.buyer
        person = (
            Holder.of("email", buyer.email.strip().lower())
            if buyer.user_id is None
            else Holder.of("account", str(buyer.user_id))
        )
        return [person, *([Holder.of("network", self.network)] if self.network else [])]


def _parse_entries(found: Sequence[str]) -> list[Entry]:
    entries = []
    for basket_id, value in zip(found[::2], found[1::2], strict=True):
        at, pieces, number = value.split(":")
        entries.append(Entry(basket_id, int(at), int(pieces), number))
    return entries


def _forget_settled(holder: Holder, entries: Sequence[Entry]) -> bool:
    """Drop the orders that were paid, or cancelled soon; return whether there were any."""
    numbers = [entry.number for entry in entries if entry.number]
    cancelled_soon = Q(status=OrderStatus.CANCELLED, ended_at__lt=F("placed_at") + CANCELLED_SOON)
    counted = Order.objects.filter(number__in=numbers, paid_at=None).exclude(cancelled_soon)
    still = set(counted.values_list("number", flat=True))
    settled = [entry.basket_id for entry in entries if entry.number and entry.number not in still]
    if settled:
        redis.own_client().hdel(holder.key, *settled)
    return bool(settled)
