"""Receive a return: stock back or written off, money back, in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction

from catalogue.events import StockChanged
from catalogue.models import MovementKind
from catalogue.services.reservations import put_back
from checkout.errors import UnitsNotLeftError
from checkout.events import ReturnMoved
from checkout.exchanging.ending import end_exchange
from checkout.exchanging.selectors import lock_replacement, variants_kept
from checkout.exchanging.settling import (
    Settlement,
    credit_of,
    lock_both_stocks,
    prepare_settlement,
    settle_exchange,
)
from checkout.models import Return, ReturnStatus, Reversal, ReversalKind, SubOrder
from checkout.orders import sold_out
from checkout.releasing.holds import follow_return
from checkout.returning.decide_return import check_move, lock_return
from checkout.returning.moves import Move
from checkout.returning.steps import append_step
from checkout.reversals.reverse import Actor, Cause, Exchange, lock_money, post_reversal, refund_in
from checkout.reversals.steps import Asked
from kit.db.roles import as_platform
from kit.work import outbox
from tenants.shops.selectors import shop_facts


@dataclass(frozen=True, slots=True)
class Receipt:
    """Arrival of a return.

    Args:
        written_off: of each line, the units that don't go back on the shelf.
        delivery_minor: of what was paid for the delivery, what goes back too.
        text: a message to the buyer.
    """

    return_id: UUID
    by: Actor
    written_off: Mapping[UUID, int] = field(default_factory=dict)
    delivery_minor: int = 0
    text: str = ""


@as_platform()  # the order is the buyer's
def receive_return(receipt: Receipt, *, now: datetime) -> Return:
    """Take the units of a return back, and ask for the buyer's refund.

    Where the buyer wants something else instead, the money pays for it, as far as it costs as much (docs/adr/0081).
    Where the market decides that the buyer keeps them, nothing goes back on the shelf, and nothing is exchanged. Units
    that were paid back meanwhile go back on the shelf too, and nothing is paid for them again.

    Raises:
        ReturnNotFoundError: there is no such return.
        WrongReturnStepError: it is at another step; nothing has changed.
        UnitsNotLeftError: more is written off than was sent back; nothing has changed.
        RefundTooLargeError: more of the delivery than is left; nothing has changed.
    """
    with transaction.atomic():
        found = lock_return(return_id=receipt.return_id)
        check_move(found, Move.RECEIVE, receipt.by.side, now=now)
        is_kept = found.status == ReturnStatus.ESCALATED
        instead = lock_replacement(found) if found.exchange else None
        money = lock_money(order=found.sub_order.order)
        part = SubOrder.objects.select_related("shop", "order").get(pk=found.sub_order_id)
        fit = _back_on_the_shelf(found, receipt)
        back = {} if is_kept else fit
        settlement = prepare_settlement(found, part, instead) if instead and not is_kept else None
        reversal = found.reversal = refund_in(
            part,
            Asked(_still_paid(found, part), receipt.delivery_minor),
            money=money,
            cause=Cause(ReversalKind.RETURN, receipt.by, found.reason),
            now=now,
            exchange=Exchange(settlement.order, settlement.price.amounts.total_minor) if settlement else None,
        )
        found.written_off = {str(key): count for key, count in sorted(receipt.written_off.items())}
        status = _status(reversal, settlement)
        place = append_step(found, Move.RECEIVE, status, receipt.by.side, now=now, text=receipt.text)
        found.save(update_fields=["status", "status_at", "steps", "written_off", "reversal"])
        follow_return(found, now=now)
        if instead:
            lock_both_stocks(part=part, variants={*back, *variants_kept(instead)})
        _put_back(part, back, now)
        outbox.emit(ReturnMoved(found.pk, place), now=now)
        if instead and not settlement:
            end_exchange(instead, now=now)
        post_reversal(reversal, now=now)
        if settlement:
            settle_exchange(settlement, part, credit_minor=credit_of(reversal, settlement), now=now)
    return found


def _status(reversal: Reversal, settlement: Settlement | None) -> ReturnStatus:
    """Return the status after the arrival: that of the money which goes back, if any does."""
    total_minor = settlement.price.amounts.total_minor if settlement else 0
    if reversal.refund_minor > total_minor:
        return ReturnStatus.RECEIVED
    return ReturnStatus.EXCHANGED if settlement else ReturnStatus.REFUNDED


def _still_paid(found: Return, part: SubOrder) -> dict[UUID, int]:
    paid = {line["variant_id"]: line["paid"] for line in part.counted_lines}
    units = {UUID(key): min(count, paid.get(key, 0)) for key, count in found.lines.items()}
    return {key: count for key, count in units.items() if count}


def _back_on_the_shelf(found: Return, receipt: Receipt) -> dict[UUID, int]:
    units = {UUID(key): count for key, count in found.lines.items()}
    if any(not 0 < count <= units.get(key, 0) for key, count in receipt.written_off.items()):
        raise UnitsNotLeftError
    left = {key: count - receipt.written_off.get(key, 0) for key, count in units.items()}
    return {key: count for key, count in left.items() if count}


def _put_back(part: SubOrder, units: Mapping[UUID, int], now: datetime) -> None:
    if not units:
        return
    shop = shop_facts({part.shop_id})[part.shop_id]
    revived = put_back(
        schema_name=shop.schema_name, quantities=units, source=part.number, now=now, kind=MovementKind.RETURN
    )
    if revived:
        outbox.emit(StockChanged(part.shop_id, tuple(revived)), now=now)
        transaction.on_commit(lambda: sold_out.unflag(revived))
