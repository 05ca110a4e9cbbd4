"""Explanations of a statement's lines, in whole sentences."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext

from checkout.models import Reversal, ReversalKind
from kit.money import format_minor
from kit.sentences.stored import in_words
from payouts.models import JournalKind
from payouts.statements.lines import Line


@dataclass(frozen=True, slots=True)
class Told:
    """Facts about a line beside its figures.

    Args:
        number: of the part of the order.
        is_own_payout: whether it is the payout that the statement is of.
    """

    number: str
    currency: str
    reversal: Reversal | None = None
    is_own_payout: bool = False


def explain(line: Line, told: Told) -> str:
    """Return the explanation of a line, in the language that is active."""
    return " ".join(_sentences(line, told))


def _sentences(line: Line, told: Told) -> Iterator[str]:
    match line.kind:
        case JournalKind.SALE:
            yield _put(gettext("Order %(number)s was paid for: %(sale)s, less %(commission)s commission."), line, told)
            yield from _tax(line, told)
        case JournalKind.RELEASE:
            yield from _release(line, told)
        case JournalKind.REVERSAL:
            yield from _reversal(line, told)
        case JournalKind.RESERVE_END:
            yield _put(gettext("The days of the reserve of order %(number)s are over."), line, told)
        case JournalKind.DISPUTE | JournalKind.DISPUTE_END:
            yield _dispute(line, told)
        case JournalKind.PAYOUT | JournalKind.PAYOUT_SENT | JournalKind.PAYOUT_BACK:
            yield from _payout(line, told)
        case JournalKind.PAYOUT_COST | JournalKind.CORRECTION:
            yield _cost(line, told)
        case _:
            yield in_words(line.description)


def _release(line: Line, told: Told) -> Iterator[str]:
    yield _put(gettext("Order %(number)s was released: %(sale)s, less %(commission)s commission."), line, told)
    yield from _tax(line, told)
    if line.causes.refund_minor:
        yield _put(gettext("%(refund)s of it had been refunded to the buyer."), line, told)
    if line.causes.adjustment_minor:
        yield _put(gettext("%(adjustment)s of it is kept as a reserve."), line, told)


def _tax(line: Line, told: Told) -> Iterator[str]:
    if line.causes.commission_tax_minor:
        yield _put(gettext("The market’s tax on its commission is %(tax)s."), line, told)


def _reversal(line: Line, told: Told) -> Iterator[str]:
    kind = told.reversal.kind if told.reversal else ""
    words = {
        ReversalKind.CANCELLATION.value: gettext("Units of order %(number)s were cancelled: %(refund)s was refunded."),
        ReversalKind.RETURN.value: gettext("Units of order %(number)s were sent back: %(refund)s was refunded."),
    }
    yield _put(words.get(kind, gettext("%(refund)s of order %(number)s was refunded without a return.")), line, told)
    if line.causes.commission_minor:
        yield _put(gettext("The market gave up %(commission)s of its commission."), line, told)
    if line.causes.commission_tax_minor:
        yield _put(gettext("The tax on it, %(tax)s, was given up too."), line, told)
    if told.reversal is not None and told.reversal.goodwill_minor > 0:
        given = format_minor(told.reversal.goodwill_minor, told.currency)
        yield gettext("%(amount)s of it was given as goodwill.") % {"amount": given}
    if line.causes.adjustment_minor:
        yield _put(gettext("%(adjustment)s of it was taken from pending and reserved money."), line, told)


def _dispute(line: Line, told: Told) -> str:
    if line.kind == JournalKind.DISPUTE:
        return _put(gettext("The payment of order %(number)s is disputed: %(adjustment)s is held."), line, told)
    return _put(gettext("The dispute about order %(number)s is decided: %(adjustment)s is yours again."), line, told)


def _payout(line: Line, told: Told) -> Iterator[str]:
    if line.kind == JournalKind.PAYOUT:
        if told.is_own_payout:
            yield _put(gettext("This payout sends %(payout)s to the bank."), line, told)
        else:
            yield _put(gettext("%(payout)s was set aside to be sent again."), line, told)
        if line.moved.owed_minor > 0:
            owed = format_minor(line.moved.owed_minor, told.currency)
            yield gettext("%(amount)s that was owed was kept back beside it.") % {"amount": owed}
    elif line.kind == JournalKind.PAYOUT_SENT:
        if line.causes.payout_minor:
            yield _put(gettext("A payout of %(payout)s has arrived at the bank."), line, told)
        if line.causes.fee_minor:
            yield _put(gettext("The fee of its transfer is %(fee)s."), line, told)
    else:
        yield _put(gettext("A payout of %(payout)s was returned, and is available again."), line, told)
        if line.causes.fee_minor:
            yield _put(gettext("The fee of its transfer, %(fee)s, was returned too."), line, told)


def _cost(line: Line, told: Told) -> str:
    if line.kind == JournalKind.CORRECTION:
        return _put(gettext("The fee of a returned transfer, %(adjustment)s, is available again."), line, told)
    if line.causes.fee_minor > 0:
        words = gettext("The requested payout was not completed, so its cost of %(fee)s was returned.")
        return _put(words, line, told)
    return _put(gettext("The payout was requested, which costs %(fee)s."), line, told)


def _put(words: str, line: Line, told: Told) -> str:
    """Put number and amounts into a sentence, each without its sign."""
    causes = line.causes
    amounts = {
        "sale": causes.sale_minor,
        "commission": causes.commission_minor,
        "tax": causes.commission_tax_minor,
        "refund": causes.refund_minor,
        "fee": causes.fee_minor,
        "adjustment": causes.adjustment_minor,
        "payout": causes.payout_minor or line.moved.available_minor,
    }
    shown = {name: format_minor(abs(minor), told.currency) for name, minor in amounts.items()}
    return words % {"number": told.number or "–", **shown}
