"""One order of a request's key, and one of a basket's part: an order's own transaction claims both (docs/adr/0021)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn

from checkout.errors import BasketOrderedError
from checkout.placing.placed import PlacedOrder, earlier_order
from checkout.placing.request import OrderRequest
from checkout.pricing.lines import CartLine
from kit.db.pipeline import Query
from kit.work import idempotency
from kit.work.idempotency import Claimed, IdempotencyKeyReusedError, Key

BASKETS = "basket"  # the scope of the ids of baskets' parts, which clients cannot choose


@dataclass(frozen=True, slots=True)
class OrderClaim:
    """The buyer and the basket's part of a request for an order.

    Args:
        basket_id: of the part; empty where the lines come from no basket: then only the request's key counts.
        currency: of the part.
    """

    request: OrderRequest
    lines: Sequence[CartLine]
    basket_id: str = ""
    currency: str = ""

    @property
    def _basket(self) -> Key | None:
        if not self.basket_id:
            return None
        held = sorted((str(line.variant_id), line.quantity) for line in self.lines)
        return Key(BASKETS, self.basket_id, idempotency.fingerprint(held))

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
        if self.basket_id and idempotency.stored(scope=BASKETS, key=self.basket_id) is not None:
            self.refuse_spent()
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
        spent = idempotency.stored(scope=basket.scope, key=basket.key) if basket else None
        if basket is None or spent is None or spent.result != number:
            return earlier_order(number)
        if spent.request_hash != basket.request_hash:
            raise IdempotencyKeyReusedError
        return earlier_order(number, basket_id=self.basket_id)

    def refuse_spent(self) -> NoReturn:
        """Refuse a basket of which another request has made an order.

        Raises:
            BasketOrderedError: always; details name the order.
        """
        spent = idempotency.stored(scope=BASKETS, key=self.basket_id)
        raise BasketOrderedError(details={"order": spent.result if spent else ""})
