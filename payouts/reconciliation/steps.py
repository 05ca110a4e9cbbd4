"""Steps that operators take about a difference: ask again, book another fee, or end it with a note."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from gateway.guard import refuse_inside_transaction
from kit.wiring import Contribution, contributions
from payouts.models import Cause, Difference, DifferenceKind
from payouts.reconciliation.booked import next_correction
from payouts.reconciliation.catching_up import booked_by_now
from payouts.reconciliation.errors import DifferenceEndedError, NoSuchStepError
from payouts.reconciliation.selectors import get_difference
from payouts.services.posting import post_fee_correction

ASK, BOOK_FEE, END = "ask", "book_fee", "end"
LONGEST_NOTE = 300


@dataclass(frozen=True, slots=True)
class AskAgain(Contribution):
    """A way to ask a provider again about one movement, by which it is booked.

    Args:
        ask: given the provider, our reference, and the time.
    """

    kind: DifferenceKind
    ask: Callable[[str, str, datetime], object]

    @property
    def key(self) -> str:
        return self.kind


def steps_for(difference: Difference) -> list[str]:
    """Return the steps that help with a difference."""
    if difference.ended_at is not None:
        return []
    can_ask = difference.reference and difference.cause == Cause.NOT_BOOKED and difference.kind in _ways()
    is_fee = difference.cause == Cause.FEE and difference.kind == DifferenceKind.CHARGE
    return [*([ASK] if can_ask else []), *([BOOK_FEE] if is_fee else []), END]


def ask_again(*, difference_id: UUID, actor_id: int, now: datetime) -> Difference:
    """Ask the provider about the movement of a difference; what it confirms is booked as by an event of it.

    The difference ends where the ledger has the movement then, with the provider's amount.

    Raises:
        NotFoundError: there is no such difference.
        DifferenceEndedError, NoSuchStepError: it has ended, or this does not help.
        ProviderUnavailableError: the provider does not answer; nothing has changed.
    """
    refuse_inside_transaction()
    difference = get_difference(difference_id=difference_id)
    _check(difference, ASK)
    _ways()[difference.kind].ask(difference.provider, difference.reference, now)
    if booked_by_now([difference], provider=difference.provider):
        _end(difference, actor_id=actor_id, note=gettext("It was booked when the provider was asked again."), now=now)
    return difference


def book_fee(*, difference_id: UUID, actor_id: int, now: datetime) -> Difference:
    """Book the fee that the provider has taken beside the one that was booked, and end the difference.

    Raises:
        NotFoundError: there is no such difference.
        DifferenceEndedError, NoSuchStepError: it has ended, or is not one of fees.
    """
    with transaction.atomic():
        difference = get_difference(difference_id=difference_id)
        _check(difference, BOOK_FEE)
        _end(difference, actor_id=actor_id, note=gettext("The fee was booked as the provider has it."), now=now)
        source = next_correction(difference.reference)
        if source is None:
            raise NoSuchStepError
        post_fee_correction(
            provider=difference.provider,
            source=source,
            reference=difference.reference,
            more_minor=difference.off_minor,
            currency=difference.currency,
            now=now,
        )
    return difference


def end_difference(*, difference_id: UUID, actor_id: int, note: str, now: datetime) -> Difference:
    """End a difference that was explained, with the explanation.

    Raises:
        NotFoundError: there is no such difference.
        DifferenceEndedError: it has ended already.
    """
    with transaction.atomic():
        difference = get_difference(difference_id=difference_id)
        _check(difference, END)
        _end(difference, actor_id=actor_id, note=note[:LONGEST_NOTE], now=now)
    return difference


def _ways() -> Mapping[str, AskAgain]:
    return {each.kind: each for each in contributions(AskAgain)}


def _check(difference: Difference, step: str) -> None:
    if difference.ended_at is not None:
        raise DifferenceEndedError
    if step not in steps_for(difference):
        raise NoSuchStepError


def _end(difference: Difference, *, actor_id: int, note: str, now: datetime) -> None:
    """End a difference, unless it has ended: the one statement that decides between two at a time.

    Raises:
        DifferenceEndedError: it has ended meanwhile.
    """
    still_open = Difference.objects.filter(pk=difference.pk, ended_at__isnull=True)
    if not still_open.update(ended_at=now, ended_by_id=actor_id, note=note):
        raise DifferenceEndedError
    difference.refresh_from_db()
