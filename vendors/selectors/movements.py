"""Changes of a shop's balance, one for what a journal does for one order, with the sale that each comes from."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext

from payouts.models import AccountKind, JournalKind
from payouts.selectors import ShopEntry, shop_entries
from vendors.selectors.entries import StatementRow, statement_rows

PAYOUTS = (JournalKind.PAYOUT, JournalKind.PAYOUT_SENT, JournalKind.PAYOUT_BACK, JournalKind.PAYOUT_COST)
PRICED = (JournalKind.SALE, JournalKind.REVERSAL)
MOST_ENTRIES = 5  # of one journal and order: one for each place of the shop's money


@dataclass(frozen=True, slots=True)
class Movement:
    """A change of a shop's balance, or money that moved from one place to others.

    Args:
        row: its first entry, with the sale or what was taken back of it.
        entries: all of them, in the order in which they were written.
    """

    row: StatementRow
    entries: Sequence[ShopEntry]

    @property
    def is_moved(self) -> bool:
        """Return whether the shop has as much as before, in other places."""
        return len(self.entries) > 1 and not sum(entry.amount_minor for entry in self.entries)

    @property
    def amount_minor(self) -> int:
        """Return the change; where money moved between places, how much."""
        if self.is_moved:
            return sum(entry.amount_minor for entry in self.entries if entry.amount_minor > 0)
        return sum(entry.amount_minor for entry in self.entries)

    @property
    def is_payout(self) -> bool:
        """Return whether a payout moved it."""
        return self.row.entry.journal_kind in PAYOUTS

    @property
    def is_priced(self) -> bool:
        """Return whether sale and commission explain its amount; later, some of a sale may have been taken back."""
        return self.row.entry.journal_kind in PRICED

    @property
    def what(self) -> str:
        """Return its kind and its places, in words."""
        label = self.row.entry.journal_label
        if self.row.entry.journal_kind == JournalKind.PAYOUT_SENT and not self.is_moved:
            return gettext("Payout paid: it has arrived at your bank")
        if not self.is_moved:
            return gettext("%(what)s, %(places)s") % {"what": label, "places": _named(self.entries)}
        left = [entry for entry in self.entries if entry.amount_minor < 0]
        reached = [entry for entry in self.entries if entry.amount_minor > 0]
        places = {"what": label, "source": _named(left), "target": _named(reached)}
        return gettext("%(what)s, from %(source)s to %(target)s") % places


@dataclass(frozen=True, slots=True)
class MovementPage:
    """Movements of a page, the newest first, and the entry behind which the next page begins."""

    movements: Sequence[Movement]
    next_before: int | None


def movements(*, shop_id: int, before_id: int | None, size: int) -> MovementPage:
    """Return changes of a shop's balance, newest first, in three statements at most.

    The entries of one change are written together, so they stand behind each other.

    Args:
        before_id: the last entry of the page before this one.
    """
    found = shop_entries(shop_id=shop_id, before_id=before_id, limit=(size + 1) * MOST_ENTRIES)
    grouped = [list(some)[::-1] for _, some in groupby(found, key=lambda each: (each.journal_id, each.sub_order_id))]
    shown = grouped[:size]
    rows = statement_rows(shop_id=shop_id, entries=[some[0] for some in shown])
    pairs = [Movement(row, some) for row, some in zip(rows, shown, strict=True)]
    return MovementPage(pairs, shown[-1][0].id if len(grouped) > size else None)


def _named(entries: Sequence[ShopEntry]) -> str:
    names = {
        AccountKind.SHOP_PENDING.value: gettext("pending"),
        AccountKind.SHOP_AVAILABLE.value: gettext("available"),
        AccountKind.SHOP_RESERVED.value: gettext("reserved"),
        AccountKind.SHOP_IN_TRANSIT.value: gettext("on its way to your bank"),
        AccountKind.SHOP_RECEIVABLE.value: gettext("what you owe"),
    }
    return ", ".join(names.get(entry.account_kind, entry.account_label) for entry in entries)
