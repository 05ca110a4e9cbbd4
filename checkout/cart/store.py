"""A cart: a Redis hash of variant → shop, quantity and the price that was seen."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from django.conf import settings

from checkout.errors import CartError, TooManyLinesError
from checkout.pricing.lines import CartLine
from kit import redis

MAX_LINES = 100
MAX_QUANTITY = 999

# Two tabs, or a person and their script, may change a cart at once: what is read and what is written from it happen
# in one step. Lua sees a hash's values as they are stored, `shop:quantity:price`.
PUT = """
local field, shop, quantity, price = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]
local held = redis.call('HGET', KEYS[1], field)
if held and ARGV[5] == '1' then
    quantity = quantity + tonumber(string.match(held, '^%d+:(%d+):'))
end
if quantity > tonumber(ARGV[6]) then return {'over', quantity} end
if not held and redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[7]) then return {'full', quantity} end
redis.call('HSET', KEYS[1], field, shop .. ':' .. quantity .. ':' .. price)
redis.call('EXPIRE', KEYS[1], ARGV[8])
return {'put', quantity, redis.call('HGETALL', KEYS[1])}
"""
READ = """
redis.call('EXPIRE', KEYS[1], ARGV[1])
return redis.call('HGETALL', KEYS[1])
"""
MERGE = """
local fields = redis.call('HKEYS', KEYS[1])
table.sort(fields)
for _, field in ipairs(fields) do
    local shop, quantity, price = string.match(redis.call('HGET', KEYS[1], field), '^(%d+):(%d+):(%d+)$')
    local held = redis.call('HGET', KEYS[2], field)
    if held then quantity = quantity + tonumber(string.match(held, '^%d+:(%d+):')) end
    if held or redis.call('HLEN', KEYS[2]) < tonumber(ARGV[1]) then
        quantity = math.min(tonumber(quantity), tonumber(ARGV[2]))
        redis.call('HSET', KEYS[2], field, shop .. ':' .. quantity .. ':' .. price)
    end
end
redis.call('EXPIRE', KEYS[2], ARGV[3])
redis.call('DEL', KEYS[1])
"""


@dataclass(frozen=True, slots=True)
class Put:
    """What came of putting something in a cart.

    Args:
        lines: all that the cart holds now, oldest variant first.
        refused: where nothing was changed, how much of the variant it would have held.
    """

    lines: list[CartLine]
    refused: int | None = None


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
    return _lines(redis.script(READ)(keys=[cart.key], args=[settings.CART_TTL_SECONDS]))


def count_units(cart: CartId) -> int:
    """Return how many units a cart holds, for the badge in the header."""
    values = cast("list[str]", redis.own_client().hvals(cart.key))
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
    if line.quantity == 0:
        redis.client().hdel(cart.key, str(line.variant_id))
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


def remove_lines(cart: CartId, variant_ids: Iterable[UUID]) -> None:
    """Take variants out of a cart."""
    fields = [str(variant_id) for variant_id in variant_ids]
    if fields:
        redis.own_client().hdel(cart.key, *fields)


def merge(*, source: CartId, into: CartId) -> None:
    """Move a guest's lines into a person's cart, adding quantities up to the limit; the source is emptied."""
    redis.script(MERGE)(keys=[source.key, into.key], args=[MAX_LINES, MAX_QUANTITY, settings.CART_TTL_SECONDS])


def _put(cart: CartId, line: CartLine, *, adds: bool, at_most: int) -> Put:
    stored: list[str | int] = [str(line.variant_id), line.shop_id, line.quantity, line.seen_price_minor]
    outcome, quantity, *held = redis.script(PUT)(
        keys=[cart.key], args=[*stored, int(adds), at_most, MAX_LINES, settings.CART_TTL_SECONDS]
    )
    if outcome == "full":
        raise TooManyLinesError
    return Put(_lines(held[0])) if held else Put([], refused=int(quantity))


def _lines(stored: list[str]) -> list[CartLine]:
    """Read a hash as a script returns it: names and values by turns."""
    lines = [_parse(field, value) for field, value in zip(stored[::2], stored[1::2], strict=True)]
    return sorted(lines, key=lambda line: line.variant_id)


def _parse(field: str, value: str) -> CartLine:
    shop_id, quantity, price = value.split(":")
    return CartLine(UUID(field), int(shop_id), int(quantity), int(price))


def forget_cart(cart: CartId) -> None:
    """Drop a cart."""
    redis.client().delete(cart.key)
