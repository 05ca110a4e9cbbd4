"""Choice of the pieces that an offer such as "buy 2, get 1 free" gives; a pure function."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID


@dataclass(slots=True)
class Pieces:
    """Pieces of one line that no offer has counted yet.

    Args:
        buys, gives: whether the offer in question takes them as bought, and as given.
    """

    variant_id: UUID
    price_minor: int
    count: int
    buys: bool = False
    gives: bool = False


@dataclass(frozen=True, slots=True)
class Given:
    """Pieces of a line that are given."""

    variant_id: UUID
    price_minor: int
    count: int


def give(pool: Iterable[Pieces], *, buys: int, gives: int) -> tuple[list[Given], int]:
    """Take the pieces that an offer counts out of a pool, the cheapest as given and the dearest as bought.

    Returns:
        The given pieces, and how many are bought beyond whole groups: those that a further group would begin with.
    """
    ordered = sorted(
        (each for each in pool if each.buys or each.gives), key=lambda each: (each.price_minor, each.variant_id)
    )
    times = _times(ordered, buys, gives)
    both = sum(each.count for each in ordered if each.buys and each.gives)
    # So many of the pieces that could be either have to stay with those that are bought.
    spare = both + sum(each.count for each in ordered if not each.gives) - times * buys
    given: list[Given] = []
    left = times * gives
    for each in ordered:
        if not each.gives or not left:
            continue
        count = min(each.count, left, spare if each.buys else left)
        if count:
            given.append(Given(each.variant_id, each.price_minor, count))
            each.count -= count
            left -= count
            spare -= count if each.buys else 0
    _take(reversed(ordered), times * buys, lambda each: each.buys)
    return given, sum(each.count for each in ordered if each.buys)


def _times(pieces: list[Pieces], buys: int, gives: int) -> int:
    """Return the number of groups of bought and given pieces."""
    bought = sum(each.count for each in pieces if each.buys)
    given = sum(each.count for each in pieces if each.gives)
    return min(bought // buys, given // gives, sum(each.count for each in pieces) // (buys + gives))


def _take(pieces: Iterable[Pieces], wanted: int, fits: Callable[[Pieces], bool]) -> None:
    for each in pieces:
        count = min(each.count, wanted) if fits(each) else 0
        each.count -= count
        wanted -= count
