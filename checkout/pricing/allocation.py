"""Split an amount over several lines so that the shares sum to it."""

from collections.abc import Mapping
from typing import Any, TypeVar

K = TypeVar("K", bound=Any)


def allocate(amount_minor: int, weights: Mapping[K, int]) -> dict[K, int]:
    """Split an amount in proportion to weights, by largest remainder.

    Each share is the exact one rounded down, and the units that are left go one by one to the largest fractions;
    among equal fractions to the lowest key. So the shares sum to the amount, are the same in whatever order the
    weights come, and none is more than its weight where the amount is no more than all of them.

    Args:
        amount_minor: what is split; below zero it is split like its opposite.
        weights: how much each key weighs, such as the value of each line by variant.

    Raises:
        ValueError: a weight is below zero, or there is an amount and nothing weighs anything.
    """
    whole = sum(weights.values())
    if any(weight < 0 for weight in weights.values()) or (amount_minor and not whole):
        raise ValueError("An amount is split by weights above zero.")
    sign, size = (-1, -amount_minor) if amount_minor < 0 else (1, amount_minor)
    shares = {key: divmod(size * weights[key], whole or 1) for key in sorted(weights)}
    left = size - sum(share for share, _ in shares.values())
    # Sorting is stable: keys of equal fractions stay in their own order.
    first = set(sorted(shares, key=lambda key: -shares[key][1])[:left])
    return {key: sign * (share + (key in first)) for key, (share, _) in shares.items()}
