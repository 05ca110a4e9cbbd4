"""Advice about runs and payouts that wait for a person: the cause, and what to do now."""

from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from kit.errors import DomainError
from kit.sentences.stored import in_words
from payouts.models import Payout, PayoutProblem, PayoutRun, PayoutStatus, RunStatus

OF_PAYOUTS: dict[str, StrOrPromise] = {
    PayoutProblem.FAILED: gettext_lazy(
        "The bank did not take the money, and it is available to the shop again. Ask the shop to check its bank "
        "account."
    ),
    PayoutProblem.REVERSED: gettext_lazy(
        "The bank returned the money, and it is available to the shop again. Ask the shop to check its bank account."
    ),
    PayoutProblem.ACCOUNT: gettext_lazy(
        "The provider knows no such account. The shop has to name another one; the money is available again."
    ),
    PayoutProblem.OTP: gettext_lazy(
        "Enter the code in the provider’s dashboard, or leave the transfer to be abandoned there. Then turn the"
        " confirmation of transfers off."
    ),
    PayoutProblem.REFUSED: gettext_lazy(
        "The provider refuses to send it again, and does not say that it has failed. Read its reason; we go on asking."
    ),
    PayoutProblem.MISMATCH: gettext_lazy(
        "The provider reports a different amount or account. Nothing was booked. Compare with its dashboard."
    ),
    PayoutProblem.PAID_LATE: gettext_lazy(
        "The provider paid after it had said that it failed. If another transfer was paid too, the shop owes one of"
        " them, and it is kept back from its next payouts."
    ),
}
OF_RUNS: dict[str, StrOrPromise] = {
    "balance_too_low": gettext_lazy(
        "Our balance at the provider is too low. Top it up there: the run goes on by itself within half an hour."
    ),
    "otp_required": gettext_lazy(
        "The provider wants a code for each transfer. Turn the confirmation of transfers off in its dashboard: the run"
        " goes on by itself within half an hour."
    ),
}
OTHER_REFUSAL = gettext_lazy("The provider refuses the whole call. Read its message; the run retries by itself.")
SEND_AGAIN = gettext_lazy("Then send the payout again, or close the problem and leave the money to the next payout.")
SECOND_PERSON = gettext_lazy("Another operator has to look at its payouts, and approve or cancel it.")


def advice_for_payout(payout: Payout, refusal: DomainError | None) -> str:
    """Return advice about a payout, with the act that is possible now; empty where it needs no person.

    Args:
        refusal: the error that sending it again would raise now.
    """
    advice = OF_PAYOUTS.get(payout.problem, "")
    if payout.status not in {PayoutStatus.FAILED, PayoutStatus.REVERSED} or not advice:
        return str(advice)
    return f"{advice} {SEND_AGAIN if refusal is None else refusal.message}"


def advice_for_run(run: PayoutRun) -> str:
    """Return advice about a run; empty where it needs no person."""
    if run.status == RunStatus.WAITING:
        return str(SECOND_PERSON)
    if run.status == RunStatus.SENDING and run.problem:
        return str(OF_RUNS.get(run.problem, OTHER_REFUSAL))
    return ""


def words_of_run(run: PayoutRun) -> str:
    """Return the provider's own words about a run, where they are not one of our codes."""
    return "" if run.problem in OF_RUNS else in_words(run.problem)
