"""What the ledger says is held at each payment provider, against what the provider says."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from gateway import get_provider
from gateway.errors import ProviderRefusedError, ProviderUnavailableError
from gateway.registry import UnknownProviderError, provider_label, provider_names
from kit.db.sql import fetch_all
from kit.db.statements import load_statement
from kit.money import format_minor
from kit.wiring import Contribution, contributions
from payouts.audit.findings import CheckResult, Finding, Verdict

NAME, TITLE = "provider", "Each provider holds what the ledger says"
HELD = load_statement(__package__, "held")


@dataclass(frozen=True, slots=True, order=True)
class Purse:
    """What a provider holds in one currency."""

    provider: str
    currency: str


@dataclass(frozen=True, slots=True)
class MoneyUnderWay(Contribution):
    """Money that may have moved at the provider without our having heard of it.

    Args:
        note: says so, with the amount as `{amount}`, such as "refunds of {amount} are with it".
        is_leaving: whether it leaves the provider; else it comes to it.
        amounts: returns how much it is at each provider, in minor units.
    """

    note: str
    is_leaving: bool
    amounts: Callable[[], Mapping[Purse, int]]


@dataclass(frozen=True, slots=True)
class Moving:
    """An amount that is under way."""

    note: str
    is_leaving: bool
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Held:
    """What the ledger says is at a provider in a currency, and what is under way there."""

    purse: Purse
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
    """Read what the ledger says is at the providers, and what is under way."""
    booked = {Purse(provider, currency): amount for provider, currency, amount in fetch_all(HELD)}
    under_way = [(kind, kind.amounts()) for kind in contributions(MoneyUnderWay)]
    purses = set(booked).union(*(amounts for _, amounts in under_way))
    return [
        Held(
            purse,
            booked.get(purse, 0),
            tuple(Moving(kind.note, kind.is_leaving, amounts.get(purse, 0)) for kind, amounts in under_way),
        )
        for purse in sorted(purses)
    ]


def compare_with_providers(held: Sequence[Held]) -> CheckResult:
    """Ask every provider what it holds and compare; no transaction may be open."""
    findings: list[Finding] = []
    notes: list[str] = []
    is_complete = True
    for name in sorted({*provider_names(), *(ours.purse.provider for ours in held)}):
        ours = [each for each in held if each.purse.provider == name]
        try:
            theirs = {balance.currency: balance.amount_minor for balance in get_provider(name).balance()}
        except (ProviderUnavailableError, ProviderRefusedError, UnknownProviderError) as error:
            is_complete = False
            notes.append(
                f"{provider_label(name)} could not be asked ({error}). Start it, or leave it out with --no-provider."
            )
            continue
        off, explained = _compare(name, ours, theirs)
        findings += off
        notes += explained
    verdict = Verdict.OFF if findings else Verdict.OK if is_complete else Verdict.NOT_CHECKED
    return CheckResult(NAME, TITLE, verdict, tuple(findings), len(findings), " ".join(notes))


def _compare(provider: str, held: Sequence[Held], reported: Mapping[str, int]) -> tuple[list[Finding], list[str]]:
    """Return what is off at one provider, and what is explained by what is under way."""
    findings, notes = [], []
    for ours in _with_unknown(provider, held, set(reported)):
        currency = ours.purse.currency
        theirs = reported.get(currency, 0)
        if theirs == ours.amount_minor:
            continue
        if ours.lowest_minor <= theirs <= ours.highest_minor:
            notes.append(_explain(ours, theirs))
        else:
            subject = f"balance at {provider_label(provider)} in {currency}"
            findings.append(Finding(subject, format_minor(ours.amount_minor, currency), format_minor(theirs, currency)))
    return findings, notes


def _with_unknown(provider: str, held: Sequence[Held], currencies: set[str]) -> list[Held]:
    known = {ours.purse.currency for ours in held}
    return [*held, *(Held(Purse(provider, currency), 0) for currency in sorted(currencies - known))]


def _explain(ours: Held, theirs: int) -> str:
    more, currency = theirs - ours.amount_minor, ours.purse.currency
    reasons = [each.note.format(amount=format_minor(each.amount_minor, currency)) for each in ours.moving]
    return (
        f"{provider_label(ours.purse.provider)} holds {format_minor(abs(more), currency)} "
        f"{'less' if more < 0 else 'more'} than is booked, which what is under way explains: {', '.join(reasons)}."
    )
