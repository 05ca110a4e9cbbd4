"""A cart: a Redis hash of variant → shop, quantity and the price that was seen."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from django.conf import settings

from checkout.errors import CartError, TooManyLinesError
from kit import redis

MAX_LINES = 100
MAX_QUANTITY = 999


@dataclass(frozen=True, slots=True)
class CartLine:
    """A quantity of a variant in a cart."""

    variant_id: UUID
    shop_id: int
    quantity: int
    seen_price_minor: int


@dataclass(frozen=True, slots=True)
class CartId:
    """Whose cart: a person's, or the guest's who holds a token."""

    owner: str

    @classmethod
    def of_user(cls, user_id: int) -> "CartId":
        return cls(f"user-{user_id}")

    @classmethod
    def of_guest(cls, token: str) -> "CartId":
        return cls(f"guest-{token}")

    @property
    def checkout_scope(self) -> str:
        """Whose idempotency keys the cart's owner brings to checkout."""
        return f"checkout:{self.owner}"

    @property
    def key(self) -> str:
        """The Redis key."""
        return redis.prefixed(f"cart:{self.owner}")


def read_lines(cart: CartId) -> list[CartLine]:
    """Return the lines, oldest variant first, and keep the cart alive for another week."""
    pipe = redis.client().pipeline(transaction=False)
    pipe.hgetall(cart.key)
    pipe.expire(cart.key, settings.CART_TTL_SECONDS)
    stored = cast("dict[str, str]", pipe.execute()[0])
    return sorted((_parse(field, value) for field, value in stored.items()), key=lambda line: line.variant_id)


def count_units(cart: CartId) -> int:
    """Return how many units a cart holds, for the badge in the header."""
    values = cast("list[str]", redis.client().hvals(cart.key))
    return sum(int(value.split(":")[1]) for value in values)


def write_line(cart: CartId, line: CartLine) -> None:
    """Set a line's quantity; zero takes it out.

    Raises:
        CartError: the quantity is out of range.
        TooManyLinesError: the cart holds as many variants as a cart may.
    """
    if not 0 <= line.quantity <= MAX_QUANTITY:
        raise CartError(
            f"Choose a quantity between 0 and {MAX_QUANTITY}.", details={"quantity": [f"At most {MAX_QUANTITY}."]}
        )
    client = redis.client()
    field = str(line.variant_id)
    if line.quantity == 0:
        client.hdel(cart.key, field)
        return
    if not client.hexists(cart.key, field) and client.hlen(cart.key) >= MAX_LINES:
        raise TooManyLinesError
    pipe = client.pipeline(transaction=False)
    pipe.hset(cart.key, field, f"{line.shop_id}:{line.quantity}:{line.seen_price_minor}")
    pipe.expire(cart.key, settings.CART_TTL_SECONDS)
    pipe.execute()


def remove_lines(cart: CartId, variant_ids: Iterable[UUID]) -> None:
    """Take variants out of a cart."""
    fields = [str(variant_id) for variant_id in variant_ids]
    if fields:
        redis.client().hdel(cart.key, *fields)


def merge(*, source: CartId, into: CartId) -> None:
    """Move a guest's lines into a person's cart, adding quantities up to the limit; the source is emptied."""
    known = {line.variant_id: line for line in read_lines(into)}
    for line in read_lines(source):
        present = known.get(line.variant_id)
        if present is None and len(known) >= MAX_LINES:
            continue
        quantity = min(line.quantity + (present.quantity if present else 0), MAX_QUANTITY)
        merged = CartLine(line.variant_id, line.shop_id, quantity, line.seen_price_minor)
        known[line.variant_id] = merged
        write_line(into, merged)
    redis.client().delete(source.key)


def _parse(field: str, value: str) -> CartLine:
    shop_id, quantity, price = value.split(":")
    return CartLine(UUID(field), int(shop_id), int(quantity), int(price))
