"""Compare the ledger's balance at each payment provider with the provider's own figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy

from gateway import get_provider
from gateway.errors import ProviderRefusedError, ProviderUnavailableError
from gateway.registry import UnknownProviderError, provider_label, provider_names
from kit.db.sql import fetch_all
from kit.db.statements import load_statement
from kit.money import format_minor
from kit.wiring import contributions
from payouts.audit.findings import SHOWN, CheckResult, Finding, Verdict
from payouts.audit.in_transit import (
    BalanceKey,
    Confirmed,
    ConfirmedMoney,
    MoneyInTransit,
    PendingMovement,
    confirm_until,
)

NAME, TITLE = "provider", gettext_lazy("Each provider's balance equals the ledger's")
HELD = load_statement(__package__, "held")
RECONCILE = "manage.py reconcile names each movement that differs; those of the last half hour it does not judge yet."


@dataclass(frozen=True, slots=True)
class Held:
    """The ledger's balances at the providers, and movements there that may be unconfirmed."""

    booked: Mapping[BalanceKey, int] = field(default_factory=dict)
    moving: Sequence[PendingMovement] = ()

    @property
    def providers(self) -> set[str]:
        """Return the providers of the balances and movements."""
        return {key.provider for key in self.booked} | {each.provider for each in self.moving}


@dataclass(slots=True)
class _Said:
    """The providers' figures."""

    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    is_complete: bool = True


def held_by_ledger() -> Held:
    """Read the ledger's balances at the providers, and the movements under way there."""
    booked = {BalanceKey(provider, currency): amount for provider, currency, amount in fetch_all(HELD)}
    return Held(booked, [each for kind in contributions(MoneyInTransit) for each in kind.find()])


def compare_with_providers(held: Held) -> CheckResult:
    """Ask every provider what it holds and compare; no transaction may be open.

    A difference is excused by what the provider confirms alone: each payment for which nothing is booked, and each
    refund that is with it, is asked about by its reference. The sum of all that is open excuses nothing.
    """
    said = _Said()
    for name in sorted({*provider_names(), *held.providers}):
        try:
            _compare(name, held, said)
        except (ProviderUnavailableError, ProviderRefusedError, UnknownProviderError) as error:
            said.is_complete = False
            said.notes.append(
                f"{provider_label(name)} could not be asked ({error}). Start it, or leave it out with --no-provider."
            )
    if said.findings:
        said.notes.append(RECONCILE)
    verdict = Verdict.OFF if said.findings else Verdict.OK if said.is_complete else Verdict.NOT_CHECKED
    return CheckResult(NAME, str(TITLE), verdict, tuple(said.findings), len(said.findings), " ".join(said.notes))


def _compare(name: str, held: Held, said: _Said) -> None:
    booked = {key.currency: amount for key, amount in held.booked.items() if key.provider == name}
    before = _balances(name)
    currencies = sorted({*booked, *before})
    if all(before.get(currency, 0) == booked.get(currency, 0) for currency in currencies):
        return

    def is_explained(money: ConfirmedMoney) -> bool:
        return all(_explains(money, each, booked.get(each, 0), before.get(each, 0)) for each in currencies)

    moving = [each for each in held.moving if each.provider == name]
    money = confirm_until(is_explained, moving)
    # A payment made while the others are asked about is in the second reading at the latest.
    after = before if is_explained(money) else _balances(name)
    for currency in currencies:
        ours, first, last = booked.get(currency, 0), before.get(currency, 0), after.get(currency, 0)
        if first == ours:
            continue
        if money.lowest(currency, ours) <= max(first, last) and min(first, last) <= money.highest(currency, ours):
            said.notes.append(_explanation(name, currency, first - ours, money))
        else:
            said.findings.append(_finding(name, currency, ours, last, money))
    said.findings += [_unwatched(name, each) for each in money.found if not each[0].is_watched]


def _explains(money: ConfirmedMoney, currency: str, ours: int, theirs: int) -> bool:
    return theirs == ours or money.lowest(currency, ours) <= theirs <= money.highest(currency, ours)


def _balances(name: str) -> dict[str, int]:
    return {balance.currency: balance.amount_minor for balance in get_provider(name).balance()}


def _explanation(name: str, currency: str, more: int, money: ConfirmedMoney) -> str:
    difference = f"{format_minor(abs(more), currency)} {'less' if more < 0 else 'more'}"
    return f"{provider_label(name)} holds {difference} than is booked, and confirms why: {_named(currency, money)}."


def _finding(name: str, currency: str, ours: int, theirs: int, money: ConfirmedMoney) -> Finding:
    confirmed = _named(currency, money)
    return Finding(
        f"balance at {provider_label(name)} in {currency}",
        format_minor(ours, currency) + (f"; beside it {confirmed}" if confirmed else ""),
        format_minor(theirs, currency),
    )


def _named(currency: str, money: ConfirmedMoney) -> str:
    """Return a text that names the first movements which a provider has confirmed."""
    found = [(moving, said) for moving, said in money.found if said.currency == currency]
    named = [f"{moving.subject} {format_minor(said.amount_minor, currency)}" for moving, said in found[:SHOWN]]
    more = [f"{len(found) - SHOWN:,} more"] if len(found) > SHOWN else []
    return ", ".join([*named, *more])


def _unwatched(name: str, found: tuple[PendingMovement, Confirmed]) -> Finding:
    moving, said = found
    amount = format_minor(said.amount_minor, said.currency)
    return Finding(moving.subject, "booked", f"{amount} at {provider_label(name)}; ask again on the page of its order")
