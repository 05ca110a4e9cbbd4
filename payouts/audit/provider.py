"""What the ledger says is held at the provider, against what the provider says."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings

from gateway import get_provider
from gateway.errors import ProviderRefusedError, ProviderUnavailableError
from kit.db.sql import fetch_all
from kit.db.statements import load_statement
from kit.money import format_minor
from kit.wiring import Contribution, contributions
from payouts.audit.findings import CheckResult, Finding, Verdict

NAME, TITLE = "provider", "The provider holds what the ledger says"
HELD = load_statement(__package__, "held")


@dataclass(frozen=True, slots=True)
class MoneyUnderWay(Contribution):
    """Money that may have moved at the provider without our having heard of it.

    Args:
        note: says so, with the amount as `{amount}`, such as "refunds of {amount} are with it".
        is_leaving: whether it leaves the provider; else it comes to it.
        amounts: returns how much it is, in minor units by currency.
    """

    note: str
    is_leaving: bool
    amounts: Callable[[], Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Moving:
    """An amount that is under way."""

    note: str
    is_leaving: bool
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Held:
    """What the ledger says is at the provider in a currency, and what is under way there."""

    currency: str
    amount_minor: int
    moving: Sequence[Moving] = ()

    @property
    def lowest_minor(self) -> int:
        """The least that the provider may hold: all that leaves is gone."""
        return self.amount_minor - sum(each.amount_minor for each in self.moving if each.is_leaving)

    @property
    def highest_minor(self) -> int:
        """The most that the provider may hold: all that comes is there."""
        return self.amount_minor + sum(each.amount_minor for each in self.moving if not each.is_leaving)


def held_by_ledger() -> list[Held]:
    """Read what the ledger says is at the provider, and what is under way."""
    booked: dict[str, int] = dict(fetch_all(HELD))
    under_way = [(kind, kind.amounts()) for kind in contributions(MoneyUnderWay)]
    currencies = set(booked).union(*(amounts for _, amounts in under_way))
    return [
        Held(
            currency,
            booked.get(currency, 0),
            tuple(Moving(kind.note, kind.is_leaving, amounts.get(currency, 0)) for kind, amounts in under_way),
        )
        for currency in sorted(currencies)
    ]


def compare_with_provider(held: list[Held]) -> CheckResult:
    """Ask the provider what it holds and compare; no transaction may be open."""
    try:
        reported = {
            balance.currency: balance.amount_minor
            for balance in get_provider(settings.DEFAULT_PAYMENT_PROVIDER).balance()
        }
    except (ProviderUnavailableError, ProviderRefusedError) as error:
        note = f"The provider could not be asked ({error}). Start it, or leave it out with --no-provider."
        return CheckResult(NAME, TITLE, Verdict.NOT_CHECKED, note=note)
    findings, notes = [], []
    for ours in _with_unknown(held, set(reported)):
        theirs = reported.get(ours.currency, 0)
        if theirs == ours.amount_minor:
            continue
        expected = format_minor(ours.amount_minor, ours.currency)
        if ours.lowest_minor <= theirs <= ours.highest_minor:
            notes.append(_explain(ours, theirs))
        else:
            findings.append(Finding(f"balance in {ours.currency}", expected, format_minor(theirs, ours.currency)))
    verdict = Verdict.OFF if findings else Verdict.OK
    return CheckResult(NAME, TITLE, verdict, tuple(findings), len(findings), " ".join(notes))


def _with_unknown(held: list[Held], currencies: set[str]) -> list[Held]:
    known = {ours.currency for ours in held}
    return [*held, *(Held(currency, 0) for currency in sorted(currencies - known))]


def _explain(ours: Held, theirs: int) -> str:
    more = theirs - ours.amount_minor
    difference = format_minor(abs(more), ours.currency)
    reasons = [each.note.format(amount=format_minor(each.amount_minor, ours.currency)) for each in ours.moving]
    return (
        f"It holds {difference} {'less' if more < 0 else 'more'} than is booked, which what is under way explains: "
        f"{', '.join(reasons)}."
    )
