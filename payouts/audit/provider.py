"""What the ledger says is held at the provider, against what the provider says."""

from dataclasses import dataclass

from psycopg import sql

from gateway import get_provider
from gateway.errors import ProviderRefusedError, ProviderUnavailableError
from kit.db.sql import fetch_all
from kit.money import format_minor
from payouts.audit.findings import CheckResult, Finding, Verdict

NAME, TITLE = "provider", "The provider holds what the ledger says"

HELD = sql.SQL(
    """
    WITH held AS (
        SELECT entry.currency, sum(entry.amount_minor) AS amount
          FROM public.payouts_entry AS entry
          JOIN public.payouts_account AS account ON account.id = entry.account_id
         WHERE account.kind = 'paystack_clearing'
         GROUP BY entry.currency
    ), leaving AS (
        SELECT currency, sum(amount_minor) AS amount
          FROM public.checkout_refund
         WHERE status IN ('sent', 'needs_attention')
         GROUP BY currency
    ), coming AS (
        SELECT currency, sum(amount_minor) AS amount
          FROM public.checkout_payment
         WHERE status IN ('created', 'open', 'failed') AND captured_at IS NULL
         GROUP BY currency
    )
    SELECT currency, coalesce(held.amount, 0)::bigint, coalesce(leaving.amount, 0)::bigint,
           coalesce(coming.amount, 0)::bigint
      FROM held
      FULL JOIN leaving USING (currency)
      FULL JOIN coming USING (currency)
     ORDER BY currency
    """
)


@dataclass(frozen=True, slots=True)
class Held:
    """What the ledger says is at the provider, and what may have moved there without our having heard.

    Args:
        leaving_minor: refunds that are with the provider, of which it may have paid some already.
        coming_minor: open payments, of which buyers may have paid some already.
    """

    currency: str
    amount_minor: int
    leaving_minor: int
    coming_minor: int


def held_by_ledger() -> list[Held]:
    """Read what the ledger says is at the provider."""
    return [Held(*row) for row in fetch_all(HELD)]


def compare_with_provider(held: list[Held]) -> CheckResult:
    """Ask the provider what it holds and compare; no transaction may be open."""
    try:
        reported = {balance.currency: balance.amount_minor for balance in get_provider().balance()}
    except (ProviderUnavailableError, ProviderRefusedError) as error:
        note = f"The provider could not be asked ({error}). Start it, or leave it out with --no-provider."
        return CheckResult(NAME, TITLE, Verdict.NOT_CHECKED, note=note)
    findings, notes = [], []
    for ours in _with_unknown(held, set(reported)):
        theirs = reported.get(ours.currency, 0)
        if theirs == ours.amount_minor:
            continue
        expected = format_minor(ours.amount_minor, ours.currency)
        if ours.amount_minor - ours.leaving_minor <= theirs <= ours.amount_minor + ours.coming_minor:
            notes.append(_explain(ours, theirs))
        else:
            findings.append(Finding(f"balance in {ours.currency}", expected, format_minor(theirs, ours.currency)))
    verdict = Verdict.OFF if findings else Verdict.OK
    return CheckResult(NAME, TITLE, verdict, tuple(findings), len(findings), " ".join(notes))


def _with_unknown(held: list[Held], currencies: set[str]) -> list[Held]:
    known = {ours.currency for ours in held}
    return [*held, *(Held(currency, 0, 0, 0) for currency in sorted(currencies - known))]


def _explain(ours: Held, theirs: int) -> str:
    more = theirs - ours.amount_minor
    difference, leaving, coming = (
        format_minor(amount, ours.currency) for amount in (abs(more), ours.leaving_minor, ours.coming_minor)
    )
    return (
        f"It holds {difference} {'less' if more < 0 else 'more'} than is booked, which what is under way explains: "
        f"refunds of {leaving} are with it, payments of {coming} are open."
    )
