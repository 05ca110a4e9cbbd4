"""Advice about differences between the ledger and a provider: the likely cause, and the next step."""

from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from payouts.models import Cause, Difference, DifferenceKind

ADVICE: dict[tuple[str, str], StrOrPromise] = {
    (DifferenceKind.CHARGE, Cause.NOT_BOOKED): gettext_lazy(
        "A buyer has paid, and no event of it has reached us. Ask the provider again: what it confirms is booked, and"
        " the order goes on or its money goes back."
    ),
    (DifferenceKind.REFUND, Cause.NOT_BOOKED): gettext_lazy(
        "Money went back to a buyer that we did not book: a lost event, or a refund made on the provider’s own page."
        " Ask again if it has a reference of ours; else find out who made it, and book it as the operator’s own. Refund"
        " orders on their pages here: there a shop bears its part, and the buyer is told."
    ),
    (DifferenceKind.TRANSFER, Cause.NOT_BOOKED): gettext_lazy(
        "A transfer is paid, and no event of it has reached us. Ask the provider again. One without a reference of ours"
        " was made on the provider’s own page: find out at once who made it."
    ),
    (DifferenceKind.SETTLEMENT, Cause.NOT_BOOKED): gettext_lazy(
        "The provider has paid a part of what it holds to the operator’s bank account. Book it as the operator’s own."
        " Shops are paid out of what the provider holds: have it settle by hand alone, or top its balance up before the"
        " next payouts."
    ),
    (DifferenceKind.CHARGE, Cause.NOT_THERE): gettext_lazy(
        "The ledger has a payment that the provider does not know as paid. Compare with its page, test and live money"
        " first; deliver nothing more of the order until it is explained."
    ),
    (DifferenceKind.REFUND, Cause.NOT_THERE): gettext_lazy(
        "The ledger says that a refund is out, and the provider lists none. Look for it on the provider’s page by the"
        " payment before it is refunded once more."
    ),
    (DifferenceKind.TRANSFER, Cause.NOT_THERE): gettext_lazy(
        "The ledger says that a payout is paid, and the provider says that it is not. Look at the payout, and do not"
        " send it again before the provider has explained it."
    ),
    (DifferenceKind.CHARGE, Cause.FEE): gettext_lazy(
        "The provider has taken another fee than it first named. Book the fee as the provider has it: a journal of its"
        " own corrects what is held there, and no shop’s share changes."
    ),
}
TWICE = gettext_lazy(
    "The provider has made the same movement more than once. Ask its support to take one back, and explain it here"
    " then."
)
OTHER = gettext_lazy("Both sides have it, with other figures. Compare both records, and explain what is right.")


def advice_for(difference: Difference) -> str:
    """Return advice about a difference."""
    if difference.cause == Cause.TWICE:
        return str(TWICE)
    return str(ADVICE.get((difference.kind, difference.cause), OTHER))
