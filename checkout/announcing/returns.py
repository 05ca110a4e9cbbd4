"""Notices of each move of a return: to the buyer, to the shop, or to both where the market has decided."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from catalogue.discovery.services.popularity import record_sales
from checkout.announcing.buyers import OrderNotice, speaking_to_buyer, tell_buyer
from checkout.announcing.exchanges import words_of_exchange
from checkout.announcing.links import return_path
from checkout.announcing.shops import ShopNotice, tell_shop
from checkout.capabilities import REFUND_ORDERS
from checkout.events import ReturnMoved
from checkout.models import OrderStatus, Return, ReturnStatus, ReversedBy
from checkout.returning.moves import Move
from checkout.returning.open_count import forget_count
from kit.money import format_minor

Words = Callable[[Return], tuple[str, str]]


def announce_return(moved: ReturnMoved, now: datetime) -> None:
    """Notify those whom a move concerns, and take what was received from the sales of its listings."""
    found = Return.objects.select_related("sub_order__order", "sub_order__shop", "reversal", "exchange_order").get(
        pk=moved.return_id
    )
    forget_count(shop_id=found.shop_id)
    step = found.steps[moved.place]
    move, by = Move(step["move"]), step["by"]
    if move == Move.RECEIVE:
        _count_back(found)
    key = f"return-{found.pk}-{moved.place}"
    if by != ReversedBy.BUYER:
        _tell_buyer(found, move, step, key, now)
    if by in {ReversedBy.BUYER, ReversedBy.OPERATOR} or move == Move.REFUND_INSTEAD:
        part = found.sub_order
        tell_shop(
            part=part,
            kind="shop.return_moved",
            key=key,
            path=f"/dashboard/returns/{found.pk}/",
            capability=REFUND_ORDERS,
            word=lambda: _words_for_shop(found, move, step),
            now=now,
        )


def _count_back(found: Return) -> None:
    units: Counter[UUID] = Counter()
    for line in found.returned_lines:
        units[UUID(line["product_id"])] -= line["quantity"]
    record_sales(shop_id=found.shop_id, units=units)


def _tell_buyer(found: Return, move: Move, step: dict[str, Any], key: str, now: datetime) -> None:
    order, is_market = found.sub_order.order, step["by"] == ReversedBy.OPERATOR
    with speaking_to_buyer(order):
        shop = found.sub_order.shop.name
        title, first = _words_for_buyer(found, move, step, is_market=is_market)
        values = {"shop": shop, "number": order.number}
        paragraphs = [first % values, *_said(step)]
        paragraphs += words_of_exchange(found, move)
        if move == Move.ACCEPT:
            paragraphs.append(found.instructions or gettext("Ask the shop where to hand it in."))
        notice = OrderNotice(
            kind="return.moved",
            key=key,
            title=title % values,
            paragraphs=paragraphs,
            action=gettext("See the return"),
            lines=found.returned_lines,
            path=return_path(found),
            shop=found.sub_order.shop,
        )
        tell_buyer(order=order, notice=notice, now=now)


def _words_for_buyer(found: Return, move: Move, step: dict[str, Any], *, is_market: bool) -> tuple[str, str]:
    """Return the title and the first sentence of a notice to the buyer, with the names left open."""
    return _words_of_market(move) if is_market and move != Move.RECEIVE else _words_of_shop(found, move, step)


def _words_of_market(move: Move) -> tuple[str, str]:
    if move == Move.ACCEPT:
        return gettext("The market has accepted your return of order %(number)s"), gettext(
            "We have decided that you may send this back to %(shop)s."
        )
    return gettext("The market has refused your return of order %(number)s"), gettext(
        "We have decided that %(shop)s does not have to accept this return."
    )


def _words_of_shop(found: Return, move: Move, step: dict[str, Any]) -> tuple[str, str]:
    amount = {"amount": _refund(found)}
    match move:
        case Move.ACCEPT:
            title, first = (
                gettext("Your return of order %(number)s is accepted"),
                gettext("%(shop)s accepts your return."),
            )
        case Move.REFUSE:
            title = gettext("Your return of order %(number)s is refused")
            first = gettext(
                "%(shop)s does not accept this return. On your order’s page you can ask the market to decide."
            )
        case Move.ASK:
            title = gettext("A question about your return of order %(number)s")
            first = gettext("%(shop)s needs to know more. Answer on the page of your order.")
        case Move.RECEIVE if step["status"] == ReturnStatus.EXCHANGED:
            title, first = (
                gettext("Your return of order %(number)s has arrived"),
                gettext("%(shop)s has received the items."),
            )
        case Move.REFUND_INSTEAD:
            title = gettext("Your exchange of order %(number)s has ended: a refund is on its way")
            first = gettext(
                "We refund %(amount)s to you for the items that you sent back. No items are reserved any more."
            )
            first = _open_names(first, amount)
        case Move.RECEIVE if not found.reversal or not found.reversal.refund_minor:
            title, first = (
                gettext("Your return of order %(number)s is closed"),
                gettext("%(shop)s has received the items."),
            )
        case Move.RECEIVE:
            title = gettext("Your return of order %(number)s: a refund is on its way")
            first = gettext("We refund %(amount)s to you. It usually takes 3 to 10 working days to arrive.")
            first = _open_names(first, amount)
        case _:
            title = gettext("Your return of order %(number)s is refunded")
            first = _open_names(_words_of_refund(found), amount)
    return title, first


def _words_of_refund(found: Return) -> str:
    """Return a sentence about who has refunded a return: what a bank has paid in a dispute does not come from us."""
    refunds = list(found.reversal.refunds.all()) if found.reversal else []
    if not any(each.set_off_minor for each in refunds):
        return gettext("We have refunded %(amount)s to you. It usually takes 3 to 10 working days to arrive.")
    if not any(each.sent_minor for each in refunds):
        return gettext("Your bank has paid the refund of %(amount)s: it decided your dispute in your favour.")
    return gettext("You have been refunded %(amount)s: part of it by your bank, the rest by us.")


def _open_names(sentence: str, values: dict[str, str]) -> str:
    """Return a sentence with its values, safe to be given names afterwards."""
    return (sentence % values).replace("%", "%%")


def _words_for_shop(found: Return, move: Move, step: dict[str, Any]) -> ShopNotice:
    values = {"number": found.sub_order.number, "amount": _amount(found)}
    is_market = step["by"] == ReversedBy.OPERATOR
    match move:
        case Move.REQUEST:
            title, first = gettext("A return of order %(number)s"), _wish(found)
        case Move.REPLY:
            title, first = gettext("An answer about the return of order %(number)s"), gettext("The buyer has answered.")
        case Move.CANCEL:
            title, first = (
                gettext("The return of order %(number)s is withdrawn"),
                gettext("The buyer keeps the items. There is nothing to do."),
            )
        case Move.ESCALATE:
            title, first = (
                gettext("The market decides about the return of order %(number)s"),
                gettext("The buyer has asked the market to decide. We will write to you once it has decided."),
            )
        case Move.REFUND_INSTEAD:
            title, first = (
                gettext("The exchange of order %(number)s has ended"),
                gettext(
                    "The difference was not paid. The reserved items are on sale again, and the buyer is "
                    "refunded %(amount)s."
                ),
            )
        case Move.ACCEPT if is_market:
            title, first = (
                gettext("The market has accepted the return of order %(number)s"),
                gettext("Take the items back, and record that they have arrived."),
            )
        case Move.REFUSE:
            title, first = (
                gettext("The market has refused the return of order %(number)s"),
                gettext("The buyer keeps the items. There is nothing to do."),
            )
        case _:
            title, first = (
                gettext("The market has refunded the return of order %(number)s"),
                gettext("The buyer is refunded %(amount)s. It is deducted from your balance, less the commission."),
            )
    return ShopNotice(
        title=title % values,
        paragraphs=[first % values, *_said(step)],
        action=gettext("See the return"),
        lines=found.returned_lines,
    )


def _wish(found: Return) -> str:
    if found.exchange:
        return gettext("The buyer wants to exchange this for another variant. Accept it, refuse it, or ask a question.")
    return gettext("The buyer wants to send this back. Accept it, refuse it, or ask a question.")


def _refund(found: Return) -> str:
    """Return the amount that is refunded to the buyer, without what pays for an exchange."""
    if found.reversal is None:
        return ""
    order = found.replacement
    is_paying = order is not None and (order.paid_at is not None or order.status == OrderStatus.PENDING)
    credit_minor = order.credit_minor if order is not None and is_paying else 0
    return format_minor(found.reversal.refund_minor - credit_minor, found.reversal.currency)


def _said(step: dict[str, Any]) -> Sequence[str]:
    return [gettext("“%(text)s”") % {"text": step["text"]}] if step["text"] else []


def _amount(found: Return) -> str:
    return format_minor(found.reversal.refund_minor, found.reversal.currency) if found.reversal else ""
