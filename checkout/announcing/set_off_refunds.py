"""Notice to a buyer that their bank has paid a refund which the market owed, so that it is not sent a second time."""

from datetime import datetime

from django.utils.translation import gettext

from checkout.announcing.buyers import OrderNotice, speaking_to_buyer, tell_buyer
from checkout.events import RefundSetOff
from checkout.models import Refund
from kit.money import format_minor


def announce_set_off_refund(set_off: RefundSetOff, now: datetime) -> None:
    """Notify the buyer of what their bank has paid, and of what is still to come from the market."""
    refund = Refund.objects.select_related("payment__order").get(pk=set_off.refund_id)
    order = refund.payment.order
    with speaking_to_buyer(order):
        values = {
            "number": order.number,
            "amount": format_minor(set_off.amount_minor, refund.currency),
            "rest": format_minor(set_off.left_minor, refund.currency),
        }
        paragraphs = [gettext("Your bank has decided your dispute in your favour, and has refunded you.")]
        if set_off.left_minor:
            sentence = gettext(
                "It has paid %(amount)s of a refund that we owed you, so we won’t send that part again. We refund "
                "the remaining %(rest)s."
            )
        else:
            sentence = gettext("It has paid the refund of %(amount)s that we owed you, so we won’t send it again.")
        notice = OrderNotice(
            kind="refund.set_off",
            key=f"refund-set-off-{refund.pk}-{set_off.happened_at:%Y%m%d%H%M%S%f}",
            title=gettext("Your bank has paid a refund of %(amount)s for your order %(number)s") % values,
            paragraphs=[*paragraphs, sentence % values],
            action=gettext("See your order"),
        )
        tell_buyer(order=order, notice=notice, now=now)
