"""Preview of a run: which shops would be paid how much, and why others would not."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from gateway.bank_accounts import masked
from gateway.registry import transfer_provider_for
from kit.db.keyset import Slice, read_slice
from payouts.models import OPEN_PAYOUTS, AccountKind, Balance, BankAccount, Payout
from payouts.services.schedules import Schedule, schedules_of
from tenants.life.lifecycle import may_be_paid_out
from tenants.models import Shop

SHOPS_AT_ONCE = 200


class Skipped(StrEnum):
    """Reason for which a shop with money available is not paid."""

    BELOW_MINIMUM = "below_minimum"
    NOT_DUE = "not_due"
    ON_REQUEST = "on_request"
    NO_ACCOUNT = "no_account"
    COOLING_OFF = "cooling_off"
    SHOP_STATUS = "shop_status"
    UNDER_WAY = "under_way"
    NO_PROVIDER = "no_provider"


SKIPPED_LABELS: dict[Skipped, StrOrPromise] = {
    Skipped.BELOW_MINIMUM: gettext_lazy("Less than the minimum payout is available"),
    Skipped.NOT_DUE: gettext_lazy("Its schedule is for another day"),
    Skipped.ON_REQUEST: gettext_lazy("It is paid on request"),
    Skipped.NO_ACCOUNT: gettext_lazy("No bank account"),
    Skipped.COOLING_OFF: gettext_lazy("The bank account was changed a short time ago"),
    Skipped.SHOP_STATUS: gettext_lazy("The shop's status holds its payouts"),
    Skipped.UNDER_WAY: gettext_lazy("A payout is under way"),
    Skipped.NO_PROVIDER: gettext_lazy("No provider sends transfers in this currency"),
}


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """A shop with money available: its payout, or the reason why there is none.

    Args:
        provider: the name of the one that would send it; empty where none sends transfers in the currency.
        netted_minor: the amount that the shop owes, and that is kept back from it.
        cost_minor: the cost of a payout on request.
        amount_minor: the amount that would be sent; zero where it is skipped.
    """

    shop: Shop
    currency: str
    provider: str
    available_minor: int
    netted_minor: int
    amount_minor: int
    account: BankAccount | None
    skipped: Skipped | None = None
    cost_minor: int = 0

    @property
    def account_masked(self) -> str:
        """Return the bank and the end of the number."""
        return f"{self.account.bank_name} {masked(self.account.number)}" if self.account else ""

    @property
    def why(self) -> str:
        """Return the reason for which it is skipped, in words; empty where it is paid."""
        return str(SKIPPED_LABELS[self.skipped]) if self.skipped else ""


def preview_payouts(*, now: datetime, shop_id: int | None = None) -> Iterator[PreviewLine]:
    """Yield a line for each shop with money available, a few hundred shops at a time; nothing is written.

    Args:
        shop_id: of one shop that is included regardless of its schedule.
    """
    last = 0
    while balances := _available(after=last, shop_id=shop_id):
        yield from lines_of(balances, now=now, by_schedule=shop_id is None)
        last = balances[-1].account_id


def read_preview(
    *, now: datetime, shop_id: int | None, cursor: str, size: int
) -> "tuple[Slice[Balance], list[PreviewLine]]":
    """Return some of the available balances, by the order in which a run takes them, and a line for each.

    Args:
        shop_id: of one shop that is included regardless of its schedule.

    Raises:
        InvalidInputError: the cursor is not one of this list.
    """
    found = read_slice(_all_available(shop_id), cursor=cursor, size=size, is_newest_first=False)
    return found, lines_of(list(found.rows), now=now, by_schedule=shop_id is None)


def lines_of(
    balances: list[Balance], *, now: datetime, by_schedule: bool = True, cost_minor: int = 0
) -> list[PreviewLine]:
    """Return a line for each of these available balances; the same number of statements for any number of them.

    Args:
        by_schedule: whether shops that are not due by their schedule are skipped.
        cost_minor: of a payout on request; it is kept back too.
    """
    shop_ids = [balance.account.shop_id for balance in balances if balance.account.shop_id is not None]
    debts = Balance.objects.filter(
        account__code=AccountKind.SHOP_RECEIVABLE, account__shop_id__in=shop_ids, amount_minor__lt=0
    ).values_list("account__shop_id", "account__currency", "amount_minor")
    owed: Counter[tuple[int | None, str]] = Counter()
    for owing_id, currency, amount_minor in debts:
        owed[owing_id, currency] = -amount_minor
    accounts = {each.shop_id: each for each in BankAccount.objects.filter(shop_id__in=shop_ids, is_current=True)}
    under_way = set(
        Payout.objects.filter(shop_id__in=shop_ids, status__in=OPEN_PAYOUTS).values_list("shop_id", "currency")
    )
    schedules = schedules_of(shop_ids=shop_ids)
    known = _Known(owed, accounts, under_way, schedules, by_schedule, cost_minor)
    return [_line(each, known, now) for each in balances]


def _available(*, after: int, shop_id: int | None) -> list[Balance]:
    return list(_all_available(shop_id).filter(account_id__gt=after).order_by("account_id")[:SHOPS_AT_ONCE])


def _all_available(shop_id: int | None) -> "QuerySet[Balance]":
    found = Balance.objects.filter(account__code=AccountKind.SHOP_AVAILABLE, amount_minor__gt=0)
    if shop_id is not None:
        found = found.filter(account__shop_id=shop_id)
    return found.select_related("account__shop")


@dataclass(frozen=True, slots=True)
class _Known:
    """Facts of some shops."""

    owed: Mapping[tuple[int | None, str], int]
    accounts: Mapping[int, BankAccount]
    under_way: Collection[tuple[int, str]]
    schedules: Mapping[int, Schedule]
    by_schedule: bool
    cost_minor: int


def _line(balance: Balance, known: _Known, now: datetime) -> PreviewLine:
    shop = balance.account.shop
    if shop is None:
        raise ValueError(f"Balance {balance.pk} is no shop's.")
    currency, account = balance.account.currency, known.accounts.get(shop.pk)
    provider, owed_minor = transfer_provider_for(currency=currency), known.owed.get((shop.pk, currency), 0)
    schedule = known.schedules.get(shop.pk, Schedule())
    amount = balance.amount_minor - owed_minor - known.cost_minor
    reasons = (
        (amount < schedule.least_minor, Skipped.BELOW_MINIMUM),
        ((shop.pk, currency) in known.under_way, Skipped.UNDER_WAY),
        (not may_be_paid_out(shop.status), Skipped.SHOP_STATUS),
        (account is None or account.currency != currency, Skipped.NO_ACCOUNT),
        (account is not None and account.usable_from > now, Skipped.COOLING_OFF),
        (provider is None, Skipped.NO_PROVIDER),
        (known.by_schedule and schedule.is_on_request, Skipped.ON_REQUEST),
        (known.by_schedule and not schedule.is_due(country=str(shop.country), now=now), Skipped.NOT_DUE),
    )
    skipped = next((reason for applies, reason in reasons if applies), None)
    return PreviewLine(
        shop=shop,
        currency=currency,
        provider=provider or "",
        available_minor=balance.amount_minor,
        netted_minor=0 if skipped else owed_minor,
        amount_minor=0 if skipped else amount,
        account=account,
        skipped=skipped,
        cost_minor=0 if skipped else known.cost_minor,
    )
