"""An exchange as people and programs read it: the variants, the difference, and its state."""

from dataclasses import dataclass
from typing import Any

from checkout.errors import UnitsNotLeftError
from checkout.exchanging.limits import least_charge
from checkout.exchanging.prices import price_exchange, units_exchanged
from checkout.exchanging.selectors import STATE_LABELS, ExchangeState, state_of
from checkout.models import Return


@dataclass(frozen=True, slots=True)
class ExchangeSummary:
    """An exchange.

    Args:
        difference_minor: what the buyer pays, below zero gets back; None where it has ended.
    """

    state: ExchangeState
    lines: tuple[dict[str, Any], ...]
    difference_minor: int | None
    currency: str
    order_number: str | None

    @property
    def part_number(self) -> str:
        """Return the number of the order's only part, by which its shop knows it."""
        return f"{self.order_number}-1"

    @property
    def label(self) -> str:
        """Return the label of the state."""
        return str(STATE_LABELS[self.state])

    @property
    def back_minor(self) -> int:
        """Return the amount that is refunded to the buyer; zero where none does."""
        return max(-(self.difference_minor or 0), 0)


def exchange_summary(found: Return) -> ExchangeSummary | None:
    """Return the exchange of a return that was read with its part and its exchange's order; None where it has none."""
    if not found.exchange:
        return None
    state = state_of(found)
    lines = tuple(
        {**wanted, "line_id": key, "quantity": found.lines[key]} for key, wanted in sorted(found.exchange.items())
    )
    order = found.replacement
    return ExchangeSummary(
        state, lines, _difference(found, state), found.sub_order.currency, order.number if order else None
    )


def _difference(found: Return, state: ExchangeState) -> int | None:
    order = found.replacement
    if state == ExchangeState.ENDED:
        return None
    if order is not None and state != ExchangeState.KEPT:
        return order.due_minor or min(order.total_minor - (found.reversal.refund_minor if found.reversal else 0), 0)
    try:
        part = found.sub_order
        price = price_exchange(
            part, units=units_exchanged(found), wanted=found.exchange, least_minor=least_charge(part.currency)
        )
    except UnitsNotLeftError:  # they were paid back meanwhile: nothing will be exchanged
        return None
    return price.difference_minor
