"""Errors about payouts."""

from datetime import datetime
from typing import Self

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext, gettext_lazy

from kit.errors import ConflictError, Facts, NotFoundError, PermissionDeniedError
from kit.money import format_minor


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
    default_message = gettext_lazy(
        "The shop's available balance does not cover this payout any more: the money is in a later payout, or was taken"
        " for what the shop owed. Close its problem."
    )


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
    default_message = gettext_lazy("A payment by hand is waiting for approval. Approve or refuse it first.")


class SelfApprovalError(PermissionDeniedError):
    """The person who recorded a payment by hand wanted to approve it."""

    code = "second_person_needed"
    default_message = gettext_lazy("You recorded this payment. Another person has to approve it.")


class NothingToSolveError(ConflictError):
    """The payout has no problem that a person can close."""

    code = "no_problem_to_close"
    default_message = gettext_lazy("This payout has no problem to close.")


class NotOnRequestError(ConflictError):
    """The shop's schedule has days of its own."""

    code = "not_on_request"
    default_message = gettext_lazy(
        "Your payouts follow a schedule of days. Set it to “On request” to request a payout yourself."
    )


class BelowMinimumError(ConflictError):
    """Less than the minimum payout is left."""

    code = "below_minimum"
    default_message = gettext_lazy("Less than the minimum payout is available after the cost and what you owe.")

    @classmethod
    def of(cls, least_minor: int, currency: str) -> Self:
        """Return the refusal that names the minimum payout."""
        message = gettext("The minimum payout is %(amount)s. Less is available after the cost and what you owe.")
        return cls(message % {"amount": format_minor(least_minor, currency)}, details=Facts(least_minor=least_minor))


class PayoutOpenError(ConflictError):
    """Another payout of the shop is under way."""

    code = "payout_open"
    default_message = gettext_lazy("A payout is under way. You can ask for the next one when it has arrived.")


class OtherPayoutOpenError(PayoutOpenError):
    """Another payout of the shop is open, so that this one can't be paid beside it."""

    default_message = gettext_lazy(
        "Another payout of this shop is still in progress. Wait until it has ended, or close this one's problem: "
        "its money is available to the shop, or already in the other payout."
    )

    @classmethod
    def of(cls, *, amount_minor: int, currency: str, made_at: datetime, status: str) -> Self:
        """Return the refusal that names the other payout."""
        message = gettext(
            "The shop's payout of %(amount)s that was made on %(time)s is still in progress (%(status)s). Wait "
            "until it has ended, or close this one's problem: its money is available to the shop, or already in the "
            "other payout."
        )
        shown = {"amount": format_minor(amount_minor, currency), "status": status}
        return cls(message % {**shown, "time": date_format(localtime(made_at), "j F Y, H:i T")})


class PayoutsHeldError(ConflictError):
    """The shop's status holds its payouts."""

    code = "payouts_held"
    default_message = gettext_lazy(
        "Your shop is suspended, so its payouts are held. They continue once it is restored."
    )


class AccountCoolsOffError(ConflictError):
    """The shop's bank account was changed a short time ago."""

    code = "account_cools_off"
    default_message = gettext_lazy("Your bank account was changed a short time ago. Ask again in a day or two.")

    @classmethod
    def until(cls, usable_from: datetime) -> Self:
        """Return the refusal that names the time from which the account is paid to."""
        day = date_format(localtime(usable_from), "j F Y, H:i T")
        return cls(gettext("Your bank account was changed. It can be paid to from %(time)s on.") % {"time": day})


class NoTransfersError(ConflictError):
    """No provider sends transfers in the shop's currency."""

    code = "no_transfers"
    default_message = gettext_lazy("No payment provider sends transfers in your currency. Write to the market.")


class PayoutAmountChangedError(ConflictError):
    """Another amount would be sent than the one that the person has seen."""

    code = "payout_amount_changed"
    default_message = gettext_lazy("The available amount has changed. Check it, and ask again.")

    @classmethod
    def of(cls, amount_minor: int, currency: str) -> Self:
        """Return the refusal that names the amount."""
        message = gettext("The amount is %(amount)s now. Check it, and ask again.")
        shown = {"amount": format_minor(amount_minor, currency)}
        return cls(message % shown, details=Facts(amount_minor=amount_minor))
