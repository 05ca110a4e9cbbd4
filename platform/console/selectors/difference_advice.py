"""Advice about differences between the ledger and a provider: the likely cause, and the next step."""

from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from payouts.models import Cause, Difference, DifferenceKind

ADVICE: dict[tuple[str, str], StrOrPromise] = {
    (DifferenceKind.CHARGE, Cause.NOT_BOOKED): gettext_lazy(
        "A buyer has paid, but we have received no event for it. Ask the provider again: if it confirms the "
        "payment, we book it, and the order continues or is refunded."
    ),
    (DifferenceKind.REFUND, Cause.NOT_BOOKED): gettext_lazy(
        "A buyer was refunded, but we have not booked it: an event was lost, or the refund was made on the "
        "provider’s own page. If it has our reference, ask the provider again; if not, find out who made it, and "
        "book it as the operator’s own. Always refund orders on their pages here, so that the shop bears its share "
        "and the buyer is told."
    ),
    (DifferenceKind.TRANSFER, Cause.NOT_BOOKED): gettext_lazy(
        "A transfer is paid, but we have received no event for it. Ask the provider again. A transfer without our "
        "reference was made on the provider’s own page: find out at once who made it."
    ),
    (DifferenceKind.SETTLEMENT, Cause.NOT_BOOKED): gettext_lazy(
        "The provider has paid a part of what it holds to the operator’s bank account. Book it as the operator’s "
        "own. Shops are paid out of what the provider holds: set it to settle only by hand, or top up its balance "
        "before the next payouts."
    ),
    (DifferenceKind.CHARGE, Cause.NOT_THERE): gettext_lazy(
        "The ledger has a payment that the provider does not report as paid. First compare with the provider’s "
        "page, in test and in live mode; send nothing more of the order until it is explained."
    ),
    (DifferenceKind.REFUND, Cause.NOT_THERE): gettext_lazy(
        "The ledger says that a refund is paid, but the provider lists none. Look for it on the provider’s page by "
        "the payment before you refund it again."
    ),
    (DifferenceKind.TRANSFER, Cause.NOT_THERE): gettext_lazy(
        "The ledger says that a payout is paid, but the provider says that it is not. Look at the payout, and do "
        "not send it again until the provider has explained it."
    ),
    (DifferenceKind.CHARGE, Cause.FEE): gettext_lazy(
        "The provider has charged a different fee than it first reported. Book the provider’s fee: a separate "
        "journal corrects the balance there, and no shop’s share changes."
    ),
}
TWICE = gettext_lazy(
    "The provider has made the same movement more than once. Ask its support to reverse one of them, then explain "
    "it here."
)
OTHER = gettext_lazy(
    "Both sides have it, but with different figures. Compare both records, and explain which is right."
)


def advice_for(difference: Difference) -> str:
    """Return advice about a difference."""
    if difference.cause == Cause.TWICE:
        return str(TWICE)
    return str(ADVICE.get((difference.kind, difference.cause), OTHER))
