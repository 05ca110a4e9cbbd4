"""Errors about payouts."""

from django.utils.translation import gettext_lazy

from kit.errors import ConflictError, NotFoundError, PermissionDeniedError


class UnknownTransferError(NotFoundError):
    """No transfer of ours has this reference with this provider."""

    code = "unknown_transfer"
    default_message = gettext_lazy("There is no such transfer.")


class NothingToPayError(ConflictError):
    """No shop can be paid out now."""

    code = "nothing_to_pay"
    default_message = gettext_lazy("No shop can be paid out now. The preview shows why for each shop.")


class RunNotWaitingError(ConflictError):
    """The run does not wait for approval."""

    code = "run_not_waiting"
    default_message = gettext_lazy("This run does not wait for approval any more.")


class SamePersonError(PermissionDeniedError):
    """The person who made a run wanted to approve it."""

    code = "second_person_needed"
    default_message = gettext_lazy("You made this run. Another person has to approve it.")


class PayoutNotHoldableError(ConflictError):
    """The payout is with the provider, or has ended."""

    code = "payout_not_holdable"
    default_message = gettext_lazy("This payout was sent or has ended, and can't be held.")


class PayoutNotHeldError(ConflictError):
    """The payout is not held."""

    code = "payout_not_held"
    default_message = gettext_lazy("This payout is not held.")


class PayoutNotRetriableError(ConflictError):
    """The payout's last transfer has not failed for good."""

    code = "payout_not_retriable"
    default_message = gettext_lazy("Only a payout that failed for good or was returned can be sent again.")


class BalanceChangedError(ConflictError):
    """The money of a payout that came back is not available any more."""

    code = "payout_not_covered"
    default_message = gettext_lazy("The shop's available balance does not cover this payout any more.")


class NoPayableAccountError(ConflictError):
    """The shop has no bank account that may be paid to now."""

    code = "no_payable_account"
    default_message = gettext_lazy("The shop has no bank account that can be paid to now.")


class PayoutUnderWayError(ConflictError):
    """A transfer of the payout is with the provider, or nothing final is known of it."""

    code = "payout_under_way"
    default_message = gettext_lazy(
        "A transfer of this payout is under way, or could still arrive. Wait until the provider says how it ended."
    )


class PayoutPaidAlreadyError(ConflictError):
    """The payout is paid, or recorded as paid by hand."""

    code = "payout_paid_already"
    default_message = gettext_lazy("This payout is paid, or was recorded as paid by hand already.")


class HandPaymentKnownError(ConflictError):
    """Another payment has this reference of the bank."""

    code = "hand_payment_known"
    default_message = gettext_lazy("A payment with this reference was recorded already. Compare it with your bank.")


class HandPaymentDecidedError(ConflictError):
    """The payment does not wait for a second person."""

    code = "hand_payment_decided"
    default_message = gettext_lazy("This payment by hand was approved or refused already.")


class HandPaymentWaitingError(ConflictError):
    """The payout is held by a payment by hand."""

    code = "hand_payment_waiting"
    default_message = gettext_lazy("A payment by hand of it waits. Approve or refuse that first.")


class SameHandError(PermissionDeniedError):
    """The person who recorded a payment by hand wanted to approve it."""

    code = "second_person_needed"
    default_message = gettext_lazy("You recorded this payment. Another person has to approve it.")


class NothingToSolveError(ConflictError):
    """The payout has no problem that a person can close."""

    code = "no_problem_to_close"
    default_message = gettext_lazy("This payout has no problem to close.")
