"""Movements of a shop's balance with the sale, or what was taken back of it, that each comes from."""

from collections.abc import Sequence
from dataclasses import dataclass

from checkout.orders.shop_orders import ShopPart, shop_parts
from checkout.orders.shop_reversals import shop_reversals
from payouts.models import JournalKind
from payouts.selectors import ShopEntry


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A movement, in the shop's favour where positive.

    Args:
        part: None where it comes from no order.
        total_minor: the amount of the buyer, below zero where it goes back.
        commission_minor: the market's share, below zero where it is given back.
        commission_tax_minor: the tax on it, likewise.
    """

    entry: ShopEntry
    part: ShopPart | None = None
    total_minor: int | None = None
    commission_minor: int | None = None
    commission_tax_minor: int | None = None

    @property
    def commission_change_minor(self) -> int | None:
        """Return the commission as it changes the balance."""
        return None if self.commission_minor is None else -self.commission_minor

    @property
    def tax_change_minor(self) -> int:
        """Return the tax on it as it changes the balance."""
        return -(self.commission_tax_minor or 0)


def statement_rows(*, shop_id: int, entries: Sequence[ShopEntry]) -> list[StatementRow]:
    """Return the movements with their figures, in two statements at most."""
    parts = shop_parts(shop_id=shop_id, ids={each.sub_order_id for each in entries if each.sub_order_id})
    taken = shop_reversals(
        shop_id=shop_id, ids=[each.source for each in entries if each.journal_kind == JournalKind.REVERSAL]
    )
    rows = []
    for entry in entries:
        part = parts.get(entry.sub_order_id) if entry.sub_order_id else None
        if entry.journal_kind == JournalKind.REVERSAL and (reversal := taken.get(entry.source)):
            figures = (-reversal.refund_minor, -reversal.commission_minor, -reversal.commission_tax_minor)
            rows.append(StatementRow(entry, part, *figures))
        elif part is not None:
            figures = (part.amounts.total_minor, part.commission_minor, part.commission_tax_minor)
            rows.append(StatementRow(entry, part, *figures))
        else:
            rows.append(StatementRow(entry))
    return rows
