"""A cart: a Redis hash of variant → shop, quantity and the price that was seen, and the id of the basket."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext

from checkout.cart.scripts import ADD_CODE, COUNT, MERGE, PUT, READ, REMOVE, SET, TAKE_ORDERED
from checkout.errors import CartError, TooManyCodesError, TooManyLinesError
from checkout.pricing.coupons.facts import MOST_CODES, clean_codes
from checkout.pricing.lines import CartLine
from kit.db import redis
from kit.ids import uuid7

MAX_LINES = 100
MAX_QUANTITY = 999
# Two full carts make one when a guest signs in; nothing is put in it until it is smaller again.
MAX_MERGED_LINES = 2 * MAX_LINES


@dataclass(frozen=True, slots=True)
class Put:
    """Result of putting a variant in a cart.

    Args:
        lines: all lines of the cart, oldest variant first.
        refused: the quantity that the cart would have held, where nothing was changed.
        codes: of its coupons.
    """

    lines: list[CartLine]
    refused: int | None = None
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CartId:
    """Key of a cart: a user's id, or a guest's token."""

    owner: str

    @classmethod
    def of_user(cls, user_id: int) -> "CartId":
        return cls(f"user-{user_id}")

    @classmethod
    def of_guest(cls, token: str) -> "CartId":
        return cls(f"guest-{token}")

    @property
    def checkout_scope(self) -> str:
        """Return the scope of the cart owner's idempotency keys at checkout."""
        return f"checkout:{self.owner}"

    @property
    def key(self) -> str:
        """Return the Redis key of its lines."""
        return redis.prefixed(f"cart:{self.owner}")

    @property
    def keys(self) -> list[str]:
        """Return the Redis keys of its lines and of its basket's id."""
        return [self.key, redis.prefixed(f"basket:{self.owner}")]

    @property
    def coupons_key(self) -> str:
        """Return the Redis key of its coupons' codes."""
        return redis.prefixed(f"coupons:{self.owner}")


@dataclass(frozen=True, slots=True)
class Basket:
    """Lines of a cart, and the id of the basket that they are.

    Args:
        id: the same for as long as none of it is ordered; with the ids of the parts that were (checkout.cart.parts).
            Empty where the cart is.
        lines: oldest variant first.
        codes: of its coupons, in the order of the alphabet.
    """

    id: str
    lines: list[CartLine]
    codes: tuple[str, ...] = ()


def read_basket(cart: CartId) -> Basket:
    """Return the lines of a cart, and keep it for another week."""
    keys = [*cart.keys, cart.coupons_key]
    basket_id, held, codes = redis.script(READ)(keys=keys, args=[settings.CART_TTL_SECONDS, new_basket_id()])
    return Basket(basket_id, parse_lines(held), clean_codes(codes))


def read_lines(cart: CartId) -> list[CartLine]:
    """Return the lines, oldest variant first, and keep the cart alive for another week."""
    return read_basket(cart).lines


def count_units(cart: CartId) -> int:
    """Return the number of units in a cart, for the badge in the header, and keep it for another week."""
    values = cast("list[str]", redis.script(COUNT)(keys=cart.keys, args=[settings.CART_TTL_SECONDS]))
    return sum(int(value.split(":")[1]) for value in values)


def write_line(cart: CartId, line: CartLine) -> None:
    """Set a line's quantity; zero takes it out.

    Raises:
        CartError: the quantity is out of range.
        TooManyLinesError: the cart holds as many variants as a cart may.
    """
    if not 0 <= line.quantity <= MAX_QUANTITY:
        raise CartError(
            (gettext("Choose a quantity between 0 and %(max_quantity)s.") % {"max_quantity": MAX_QUANTITY}),
            details={"quantity": [(gettext("At most %(max_quantity)s.") % {"max_quantity": MAX_QUANTITY})]},
        )
    if line.quantity == 0:
        remove_lines(cart, [line.variant_id])
        return
    _put(cart, line, adds=False, at_most=MAX_QUANTITY)


def add_line(cart: CartId, line: CartLine, *, at_most: int) -> Put:
    """Add a line's quantity to what the cart holds of the variant.

    Args:
        at_most: how much of it the cart may hold.

    Raises:
        TooManyLinesError: the cart holds as many variants as a cart may.
    """
    return _put(cart, line, adds=True, at_most=at_most)


def set_lines(cart: CartId, lines: Sequence[CartLine], *, removed: Collection[UUID]) -> Put:
    """Write lines and take variants out, all at once or nothing; return the cart.

    Raises:
        TooManyLinesError: the cart would hold more variants than a cart may.
    """
    values = [part for line in lines for part in (str(line.variant_id), _stored(line))]
    args = [MAX_LINES, settings.CART_TTL_SECONDS, new_basket_id(), len(removed), *map(str, removed), *values]
    found = redis.script(SET)(keys=[*cart.keys, cart.coupons_key], args=args)
    if found is None:
        raise TooManyLinesError
    held, codes = found
    return Put(parse_lines(held), codes=clean_codes(codes))


def remove_lines(cart: CartId, variant_ids: Iterable[UUID]) -> None:
    """Take variants out of a cart."""
    fields = [str(variant_id) for variant_id in variant_ids]
    if fields:
        redis.script(REMOVE)(keys=cart.keys, args=fields)


def take_ordered(cart: CartId, *, basket_id: str, ordered: Mapping[str, int]) -> bool:
    """Remove an order's quantities from the cart; the remaining lines of that currency begin a new part.

    Calling it again changes nothing: it removes lines only while the cart holds the ordered part.

    Args:
        basket_id: of the part.
        ordered: quantities by variant.

    Returns:
        Whether the cart still held that part.
    """
    pairs = [part for pair in ordered.items() for part in pair]
    args = [basket_id, new_basket_id(), settings.CART_TTL_SECONDS, *pairs]
    return bool(redis.script(TAKE_ORDERED)(keys=cart.keys, args=args))


def add_code(cart: CartId, code: str) -> None:
    """Keep a coupon's code with a cart.

    Raises:
        TooManyCodesError: the cart holds as many as a cart may.
    """
    if not redis.script(ADD_CODE)(keys=[cart.coupons_key], args=[code, MOST_CODES, settings.CART_TTL_SECONDS]):
        raise TooManyCodesError


def remove_codes(cart: CartId, codes: Iterable[str]) -> None:
    """Take coupons' codes out of a cart."""
    if given := list(codes):
        redis.client().srem(cart.coupons_key, *given)


def merge(*, source: CartId, into: CartId) -> dict[UUID, int]:
    """Move a guest's lines into a person's cart, adding quantities; what finds no room stays where it is.

    Returns:
        How much of each variant found no room.
    """
    limits = [MAX_MERGED_LINES, MAX_QUANTITY, settings.CART_TTL_SECONDS]
    keys = [*source.keys, *into.keys, source.coupons_key, into.coupons_key]
    left = redis.script(MERGE)(keys=keys, args=[*limits, new_basket_id()])
    return {UUID(field): int(quantity) for field, quantity in zip(left[::2], left[1::2], strict=True)}


def _put(cart: CartId, line: CartLine, *, adds: bool, at_most: int) -> Put:
    stored: list[str | int] = [str(line.variant_id), line.shop_id, line.quantity, line.seen_price_minor]
    outcome, quantity, *held = redis.script(PUT)(
        keys=[*cart.keys, cart.coupons_key],
        args=[*stored, int(adds), at_most, MAX_LINES, settings.CART_TTL_SECONDS, new_basket_id()],
    )
    if outcome == "full":
        raise TooManyLinesError
    return Put(parse_lines(held[0]), codes=clean_codes(held[1])) if held else Put([], refused=int(quantity))


def parse_lines(stored: Sequence[str]) -> list[CartLine]:
    """Return the lines of a hash as a script returns it: names and values by turns."""
    lines = [_parse(field, value) for field, value in zip(stored[::2], stored[1::2], strict=True)]
    return sorted(lines, key=lambda line: line.variant_id)


def _stored(line: CartLine) -> str:
    return f"{line.shop_id}:{line.quantity}:{line.seen_price_minor}"


def _parse(field: str, value: str) -> CartLine:
    shop_id, quantity, price = value.split(":")
    return CartLine(UUID(field), int(shop_id), int(quantity), int(price))


def forget_cart(cart: CartId) -> None:
    """Drop a cart."""
    redis.client().delete(*cart.keys, cart.coupons_key)


def new_basket_id() -> str:
    """Return an id for a basket that may begin."""
    return uuid7().hex
