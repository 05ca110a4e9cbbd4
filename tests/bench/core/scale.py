"""Position of a figure on a plot's axis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

LOGARITHMIC_FROM = 40.0  # once the largest figure is so many times the smallest
LEFT, RIGHT = 1.0, 97.0  # in per cent of the plot's width, so that dots at the ends are whole


@dataclass(frozen=True, slots=True)
class Scale:
    """From figures to per cent of the width."""

    first: float
    last: float
    ticks: tuple[float, ...]
    is_logarithmic: bool = False

    def at(self, value: float) -> float:
        """Return the position of a figure."""
        if self.is_logarithmic:
            share = math.log(max(value, self.first) / self.first) / math.log(self.last / self.first)
        else:
            share = (value - self.first) / (self.last - self.first)
        return round(LEFT + min(max(share, 0.0), 1.0) * (RIGHT - LEFT), 2)


def linear(values: Sequence[float]) -> Scale:
    """An axis from nothing to a round figure above all."""
    most = max([*values, 0.0]) or 1.0
    step = _step(most)
    count = math.ceil(most / step * (1 - 1e-9))
    return Scale(0.0, count * step, tuple(round(number * step, 10) for number in range(count + 1)))


def fitting(values: Sequence[float]) -> Scale:
    """A linear axis, or a logarithmic one where the figures are too far apart to be told from nothing."""
    positive = [value for value in values if value > 0]
    if not positive or max(positive) / min(positive) < LOGARITHMIC_FROM:
        return linear(values)
    first, last = math.floor(math.log10(min(positive))), math.ceil(math.log10(max(positive)) - 1e-9)
    return Scale(10.0**first, 10.0**last, tuple(10.0**power for power in range(first, last + 1)), is_logarithmic=True)


def _step(most: float) -> float:
    """A round distance of ticks, for three to five of them."""
    rough = most / 4
    power = 10.0 ** math.floor(math.log10(rough))
    return next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= rough * (1 - 1e-9))
