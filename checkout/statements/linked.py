"""Lines of a statement with the order, the return and the words that belong to each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from checkout.models import Return, Reversal, SubOrder
from checkout.orders.shop_reversals import shop_reversals
from checkout.statements.words import Told, explain
from kit.db.roles import as_platform
from payouts.models import JournalKind
from payouts.statements.lines import Causes, Line, Places, read_lines, stream_lines
from payouts.statements.statement import Statement

LINES_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class LinkedLine:
    """A line of a statement with what it is about.

    Args:
        number: of the shop's part of the order; empty where it is about none.
        order_number: of the whole order.
        return_id: of the return by which it was taken back.
        words: what it is, in whole sentences.
        balance_minor: the balance after it.
    """

    line: Line
    number: str
    order_number: str
    return_id: UUID | None
    words: str
    balance_minor: int

    @property
    def causes(self) -> Causes:
        """Return its amounts by cause."""
        return self.line.causes

    @property
    def moved(self) -> Places:
        """Return its amounts by place."""
        return self.line.moved


def linked_lines(statement: Statement, *, offset: int = 0, limit: int) -> list[LinkedLine]:
    """Return some lines of a statement, in as many statements for any number of them."""
    return _link(statement, read_lines(statement.span, offset=offset, limit=limit))


def all_linked_lines(statement: Statement) -> Iterator[LinkedLine]:
    """Yield all lines of a statement, however many there are; a few thousand are in memory at a time."""
    for some in stream_lines(statement.span, at_once=LINES_AT_ONCE):
        yield from _link(statement, some)


def _link(statement: Statement, lines: Sequence[Line]) -> list[LinkedLine]:
    shop_id = statement.shop.pk
    numbers = _numbers(shop_id, {line.sub_order_id for line in lines if line.sub_order_id})
    reversals = shop_reversals(
        shop_id=shop_id, ids=[line.source for line in lines if line.kind == JournalKind.REVERSAL]
    )
    returns = _returns(list(reversals.values()))
    own_id = statement.span.until_id if statement.payout else None
    opening = statement.opening_minor
    linked = []
    for line in lines:
        number, order_number = numbers.get(line.sub_order_id, ("", "")) if line.sub_order_id else ("", "")
        reversal = reversals.get(line.source) if line.kind == JournalKind.REVERSAL else None
        told = Told(number, statement.currency, reversal, is_own_payout=line.journal_id == own_id)
        linked.append(
            LinkedLine(
                line=line,
                number=number,
                order_number=order_number,
                return_id=returns.get(reversal.pk) if reversal else None,
                words=explain(line, told),
                balance_minor=opening + line.running_minor,
            )
        )
    return linked


@as_platform()  # the order is the buyer's; its number is on the part, too
def _numbers(shop_id: int, ids: set[UUID]) -> dict[UUID, tuple[str, str]]:
    parts = SubOrder.objects.filter(shop_id=shop_id, pk__in=ids) if ids else SubOrder.objects.none()
    return {pk: (number, order) for pk, number, order in parts.values_list("pk", "number", "order__number")}


@as_platform()  # a reversal names the person who made it
def _returns(reversals: Sequence[Reversal]) -> dict[UUID, UUID]:
    found = Return.objects.filter(reversal__in=[each.pk for each in reversals]) if reversals else ()
    return {each.reversal_id: each.pk for each in found if each.reversal_id}
