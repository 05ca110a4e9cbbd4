"""One order of a request's key, and one of a basket's part: an order's own transaction claims both (docs/adr/0021)."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NoReturn

from checkout.errors import BasketOrderedError
from checkout.models import Order
from checkout.placing.placed import PlacedOrder, earlier_order
from checkout.placing.request import OrderRequest
from checkout.pricing.basis import Rates
from checkout.pricing.choices import Choices
from checkout.pricing.lines import CartLine
from kit.db.pipeline import Query
from kit.work import idempotency
from kit.work.idempotency import Claimed, IdempotencyKeyReusedError, Key, Stored

BASKETS = "basket"  # the scope of the ids of baskets' parts, which clients cannot choose


@dataclass(frozen=True, slots=True)
class OrderClaim:
    """The buyer and the basket's part of a request for an order.

    Args:
        basket_id: of the part; empty where the lines come from no basket: then only the request's key counts.
        currency: of the part.
        is_other_part_claimed: whether an earlier release's claim of the whole basket is known to be of another part.
        codes: of the basket's coupons.
        rates: what carriers have answered.
    """

    request: OrderRequest
    lines: Sequence[CartLine]
    basket_id: str = ""
    currency: str = ""
    is_other_part_claimed: bool = False
    codes: tuple[str, ...] = ()
    rates: Rates = field(default_factory=dict)

    @property
    def choices(self) -> Choices:
        """Return the buyer's choices, with the basket's coupons where the request names none."""
        chosen = self.request.choices
        return chosen if chosen.coupons or not self.codes else replace(chosen, coupons=self.codes)

    @property
    def _basket(self) -> Key | None:
        if not self.basket_id:
            return None
        held = sorted((str(line.variant_id), line.quantity) for line in self.lines)
        former = "" if self.is_other_part_claimed else whole_basket(self.basket_id)
        return Key(BASKETS, self.basket_id, idempotency.fingerprint(held), former=former)

    @property
    def keys(self) -> list[tuple[str, str]]:
        """Return the scope and key of each claim."""
        own = self.request.idempotency_key
        return [(own.scope, own.key), *([(BASKETS, self.basket_id)] if self.basket_id else [])]

    def is_new(self) -> bool:
        """Return whether the key has placed no order yet.

        Raises:
            IdempotencyKeyReusedError: it came with another request.
            BasketOrderedError: it has not, and another key has placed one of the basket.
        """
        if idempotency.find(self.request.idempotency_key) is not None:
            return False
        if spent := self._spent():
            _refuse(spent)
        return True

    def claim_query(self, *, number: str, now: datetime) -> Query[Claimed]:
        """Return the query that claims both for an order's number; a later one waits for the first one's end."""
        return idempotency.claim_query(self.request.idempotency_key, once=self._basket, result=number, now=now)

    def earlier_order(self) -> PlacedOrder | None:
        """Return the order that this key has placed before, if it has.

        Raises:
            IdempotencyKeyReusedError: it came with another request, or that order's basket has changed since.
        """
        number, basket = idempotency.find(self.request.idempotency_key), self._basket
        if number is None:
            return None
        spent = self._spent()
        if basket is None or spent is None or spent.result != number:
            return earlier_order(number)
        if spent.request_hash != basket.request_hash:
            raise IdempotencyKeyReusedError
        return earlier_order(number, basket_id=self.basket_id)

    def refuse_spent(self) -> NoReturn:
        """Refuse a basket of which another request has made an order.

        Raises:
            BasketOrderedError: details name the order.
            ClaimOfOtherPartError: an earlier release has made one of another part alone.
        """
        spent = self._spent()
        if spent is None and not self.is_other_part_claimed and _stored(whole_basket(self.basket_id)):
            raise ClaimOfOtherPartError
        _refuse(spent)

    def _spent(self) -> Stored | None:
        """Return the claim of the part; where there is none, that of an earlier release for an order of this part."""
        if not self.basket_id:
            return None
        found = _stored(self.basket_id)
        if found is None and not self.is_other_part_claimed:
            whole = _stored(whole_basket(self.basket_id))
            is_ours = whole and Order.objects.filter(number=whole.result, currency=_currency(self.basket_id)).exists()
            return whole if is_ours else None
        return found


class ClaimOfOtherPartError(Exception):
    """An earlier release ordered the basket in another currency; the part is claimed again without regard to it."""


def whole_basket(part_id: str) -> str:
    """Return the id by which the release before claimed a basket as a whole, of the id of its part."""
    return part_id.rpartition(":")[0]


def _currency(part_id: str) -> str:
    return part_id.rpartition(":")[2]


def _stored(basket_id: str) -> Stored | None:
    return idempotency.stored(scope=BASKETS, key=basket_id)


def _refuse(spent: Stored | None) -> NoReturn:
    raise BasketOrderedError(details={"order": spent.result if spent else ""})
