"""Sentences about an exchange in the notices about its return, for the buyer."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from checkout.exchanging.selectors import ExchangeState, state_of
from checkout.models import Order, Return
from checkout.returning.moves import Move
from kit.money import format_minor
from kit.web.zones import zone_of


def words_of_exchange(found: Return, move: Move) -> list[str]:
    """Return the sentences about the exchange of a return that was accepted or has arrived."""
    if not found.exchange or move not in {Move.ACCEPT, Move.RECEIVE}:
        return []
    order, state = found.replacement, state_of(found)
    if order is None or state == ExchangeState.ENDED:
        return [
            gettext(
                "The item that you want instead is no longer available. We refund you for the item that you send back."
            )
        ]
    values = {"number": order.number, "until": _day(order), "amount": format_minor(order.due_minor, order.currency)}
    match state:
        case ExchangeState.KEPT:
            words = gettext("The item that you want instead is reserved until %(until)s: order %(number)s.")
        case ExchangeState.TO_PAY:
            words = gettext(
                "Your exchange costs %(amount)s more. Pay the difference by %(until)s on the page of order "
                "%(number)s; otherwise we refund the items that you sent back."
            )
        case _:
            words = gettext("Your exchange is being prepared: order %(number)s.")
    return [words % values]


def _day(order: Order) -> str:
    zone = zone_of(country=str(order.shipping_address.get("country", "")))
    return date_format(timezone.localtime(order.expires_at, zone), "j F Y, H:i T")
