"""Lines of statements: what each journal changed for each sub-order, by cause, read from entries alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from kit.db.roles import as_platform
from kit.db.sql import fetch_all
from kit.db.statements import load_statement
from kit.sentences.stored import in_words
from payouts.models import JournalKind

MOVEMENTS = load_statement(__package__, "movements")
TOTALS = MOVEMENTS + load_statement(__package__, "totals")
LINES = MOVEMENTS + load_statement(__package__, "lines")
LAST_JOURNAL = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Span:
    """Journals of a statement: those behind one up to another, or those posted from a moment until another.

    Args:
        is_payable: whether it is about what is available less what is owed, as a payout's is; else about all money.
    """

    shop_id: int
    currency: str
    is_payable: bool
    after_id: int = 0
    until_id: int = LAST_JOURNAL
    since: datetime | None = None
    before: datetime | None = None

    def params(self) -> dict[str, Any]:
        """Return the parameters of the statements."""
        return {
            "shop_id": self.shop_id,
            "currency": self.currency,
            "is_payable": self.is_payable,
            "after_id": self.after_id,
            "until_id": self.until_id,
            "since": self.since,
            "before": self.before,
        }


@dataclass(frozen=True, slots=True)
class Places:
    """Amounts of a shop by place; what it owes is below zero."""

    pending_minor: int
    available_minor: int
    reserved_minor: int
    in_transit_minor: int
    owed_minor: int

    @property
    def total_minor(self) -> int:
        """Return all of it together."""
        return self.pending_minor + self.reserved_minor + self.in_transit_minor + self.payable_minor

    @property
    def payable_minor(self) -> int:
        """Return the available amount less the one that is owed."""
        return self.available_minor + self.owed_minor


@dataclass(frozen=True, slots=True)
class Causes:
    """Changes of a shop's money by cause; positive is in the shop's favour."""

    sale_minor: int
    commission_minor: int
    refund_minor: int
    fee_minor: int
    adjustment_minor: int
    payout_minor: int
    commission_tax_minor: int = 0

    @property
    def other_minor(self) -> int:
        """Return fees and adjustments together."""
        return self.fee_minor + self.adjustment_minor

    @property
    def change_minor(self) -> int:
        """Return the sum."""
        earned = self.sale_minor + self.commission_minor + self.commission_tax_minor + self.refund_minor
        return earned + self.fee_minor + self.adjustment_minor + self.payout_minor


@dataclass(frozen=True, slots=True)
class Totals:
    """Balances before and after a statement, the sum of its lines, and their number.

    Args:
        paid_minor: of a payout's statement the amount that it takes, below zero.
    """

    opening: Places
    closing: Places
    causes: Causes
    paid_minor: int
    lines: int


@dataclass(frozen=True, slots=True)
class Line:
    """Change by a journal, for one sub-order or for none.

    Args:
        moved: the change of each place.
        running_minor: the sum of the changes up to this line.
        payout_id: of movements of a payout.
    """

    journal_id: int
    sub_order_id: UUID | None
    kind: str
    source: str
    description: str
    posted_at: datetime
    payout_id: UUID | None
    causes: Causes
    running_minor: int
    moved: Places

    @property
    def change_minor(self) -> int:
        """Return the change of the balance that the statement is about."""
        return self.causes.change_minor

    @property
    def label(self) -> str:
        """Return its reason in a word or two."""
        if self.kind == JournalKind.PAYOUT and not self.causes.payout_minor:
            return gettext("Payout set aside")
        return str(JournalKind(self.kind).label) if self.kind in JournalKind.values else in_words(self.description)


@as_platform()  # the market's commission is none of the shop's accounts
def read_totals(span: Span) -> Totals:
    """Return the balances around some journals and the sums between them, in one statement."""
    [row] = fetch_all(TOTALS, span.params())
    figures = [int(each) for each in row]
    return Totals(
        opening=Places(*figures[0:5]),
        closing=Places(*figures[5:10]),
        causes=Causes(*figures[10:17]),
        paid_minor=figures[17],
        lines=figures[18],
    )


@as_platform()  # as above, and a transfer names the provider's reference
def read_lines(span: Span, *, offset: int = 0, limit: int) -> list[Line]:
    """Return some lines in the order in which they were booked, in one statement."""
    return [_line(row) for row in fetch_all(LINES, {**span.params(), "offset": offset, "limit": limit})]


def stream_lines(span: Span, *, at_once: int) -> Iterator[list[Line]]:
    """Yield all lines, some at a time, each time in a statement of its own."""
    offset = 0
    while found := read_lines(span, offset=offset, limit=at_once):
        yield found
        offset += len(found)
        if len(found) < at_once:
            return


def _line(row: tuple[Any, ...]) -> Line:
    journal_id, sub_order_id, kind, source, description, posted_at, payout_id, *figures = row
    amounts = [int(each) for each in figures]
    causes, [change, running], moved = Causes(*amounts[:7]), amounts[7:9], Places(*amounts[9:14])
    if causes.change_minor != change:
        raise RuntimeError(f"The causes of journal {journal_id} sum to {causes.change_minor}, not {change}.")
    return Line(journal_id, sub_order_id, kind, source, description, posted_at, payout_id, causes, running, moved)
