"""Refusals about disputes."""

from django.utils.translation import gettext_lazy

from kit.errors import ConflictError


class DisputeOverError(ConflictError):
    """The dispute is won or lost."""

    code = "dispute_over"
    default_message = gettext_lazy("This dispute is decided. Nothing can be added to it any more.")


class DisputeAnsweredError(ConflictError):
    """The dispute was answered, or its answer is on its way."""

    code = "dispute_answered"
    default_message = gettext_lazy("This dispute was answered. The bank decides now; look at its page for the result.")


class DisputeOverdueError(ConflictError):
    """The time to answer a dispute is over."""

    code = "dispute_overdue"
    default_message = gettext_lazy("The time to answer this dispute is over. The bank decides without an answer.")


class PaymentDisputedError(ConflictError):
    """Money was to go back of a payment that a bank takes back."""

    code = "payment_disputed"
    default_message = gettext_lazy(
        "The buyer’s bank disputes this payment. Until the bank has decided, nothing else can be refunded from it. "
        "To refund the buyer, accept the dispute."
    )
