"""Steps that operators take about a difference: ask again, book it, or end it with a note."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop

from gateway.guard import refuse_inside_transaction
from gateway.records import RecordKind
from kit.wiring import Contribution, contributions
from payouts.models import Cause, Difference, DifferenceKind, Journal, JournalKind
from payouts.reconciliation.booked import next_correction, operator_source
from payouts.reconciliation.errors import DifferenceEndedError, NoSuchStepError
from payouts.reconciliation.late_bookings import find_booked_differences
from payouts.reconciliation.selectors import get_difference
from payouts.services.posting import post_fee_correction, post_operator_movement
from payouts.stored_sentences import OPERATOR_MOVED

ASK, BOOK_FEE, BOOK_OWN, END = "ask", "book_fee", "book_own", "end"
LONGEST_NOTE = 300
BOOKED_BY_ASKING = gettext_noop("It was booked when the provider was asked again.")
FEE_BOOKED = gettext_noop("The fee was booked as the provider has it.")


@dataclass(frozen=True, slots=True)
class AskAgain(Contribution):
    """A way to ask a provider again about one movement, by which it is booked.

    Args:
        ask: given the provider, our reference, and the time.
        is_ours: whether a reference is one of the market's.
    """

    kind: DifferenceKind
    ask: Callable[[str, str, datetime], object]
    is_ours: Callable[[str], bool]

    @property
    def key(self) -> str:
        return self.kind


def steps_for(difference: Difference) -> list[str]:
    """Return the steps that help with a difference."""
    is_own = difference.cause == Cause.NOT_BOOKED and not _is_the_market_s(difference)
    if difference.ended_at is not None:
        return [BOOK_OWN] if is_own and difference.ended_by_id and not _is_booked_as_own(difference) else []
    can_ask = difference.cause == Cause.NOT_BOOKED and not is_own
    is_fee = difference.cause == Cause.FEE and difference.kind == DifferenceKind.CHARGE
    steps = {ASK: can_ask, BOOK_FEE: is_fee, BOOK_OWN: is_own, END: True}
    return [step for step, helps in steps.items() if helps]


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
    if find_booked_differences([difference], provider=difference.provider):
        _end(difference, actor_id=actor_id, note=BOOKED_BY_ASKING, now=now)
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
        _end(difference, actor_id=actor_id, note=FEE_BOOKED, now=now)
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


def book_own(*, difference_id: UUID, actor_id: int, note: str, now: datetime) -> Difference:
    """Book a movement that is none of the market's as the operator's own, and end the difference if it is open.

    So is a settlement to the operator's bank account, a refund or a transfer that was made on the provider's own page,
    and a payment for something else. One that was explained before, without a journal, can be booked as well.

    Raises:
        NotFoundError: there is no such difference.
        DifferenceEndedError, NoSuchStepError: it has ended otherwise, is booked, or is a movement of the market.
    """
    with transaction.atomic():
        difference = get_difference(difference_id=difference_id)
        _check(difference, BOOK_OWN)
        held_minor, fees_minor = _moved(difference)
        if difference.ended_at is None:
            _end(difference, actor_id=actor_id, note=note[:LONGEST_NOTE], now=now)
        posted = post_operator_movement(
            provider=difference.provider,
            source=_own_source(difference),
            movement=OPERATOR_MOVED.written(kind=DifferenceKind(difference.kind), id=difference.provider_id),
            held_minor=held_minor,
            fees_minor=fees_minor,
            currency=difference.currency,
            occurred_at=difference.happened_at,
            now=now,
        )
        if posted is None:
            raise NoSuchStepError
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
    if step in steps_for(difference):
        return
    raise DifferenceEndedError if difference.ended_at is not None else NoSuchStepError


def _is_the_market_s(difference: Difference) -> bool:
    way = _ways().get(difference.kind)
    return way is not None and bool(difference.reference) and way.is_ours(difference.reference)


def _is_booked_as_own(difference: Difference) -> bool:
    return Journal.objects.filter(kind=JournalKind.OPERATOR, source=_own_source(difference)).exists()


def _own_source(difference: Difference) -> str:
    return operator_source(difference.provider, RecordKind(difference.kind), difference.provider_id)


def _moved(difference: Difference) -> tuple[int, int]:
    """Return the change of what the provider holds, and the fee in it: others have it in their amount, or none."""
    if difference.kind != DifferenceKind.CHARGE:
        return -difference.off_minor, 0
    fees_minor = difference.fees_minor or 0
    return difference.off_minor - fees_minor, fees_minor


def _end(difference: Difference, *, actor_id: int, note: str, now: datetime) -> None:
    """End a difference, unless it has ended: the one statement that decides between two at a time.

    Raises:
        DifferenceEndedError: it has ended meanwhile.
    """
    still_open = Difference.objects.filter(pk=difference.pk, ended_at__isnull=True)
    if not still_open.update(ended_at=now, ended_by_id=actor_id, note=note):
        raise DifferenceEndedError
    difference.refresh_from_db()
