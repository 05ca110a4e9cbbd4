"""Preview of a run: which shops would be paid how much, and why others would not."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.conf import settings
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from gateway.bank_accounts import masked
from gateway.registry import get_provider, provider_for
from payouts.models import OPEN_PAYOUTS, AccountKind, Balance, BankAccount, Payout
from tenants.life.lifecycle import may_be_paid_out
from tenants.models import Shop

SHOPS_AT_ONCE = 200


class Skipped(StrEnum):
    """Reason for which a shop with money available is not paid."""

    BELOW_MINIMUM = "below_minimum"
    NO_ACCOUNT = "no_account"
    COOLING_OFF = "cooling_off"
    SHOP_STATUS = "shop_status"
    UNDER_WAY = "under_way"
    NO_PROVIDER = "no_provider"


SKIPPED_LABELS: dict[Skipped, StrOrPromise] = {
    Skipped.BELOW_MINIMUM: gettext_lazy("Less than the smallest payout is available"),
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
        netted_minor: the amount that the shop owes, and that is kept back from it.
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

    @property
    def account_masked(self) -> str:
        """Return the bank and the end of the number."""
        return f"{self.account.bank_name} {masked(self.account.number)}" if self.account else ""

    @property
    def why(self) -> str:
        """Return the reason for which it is skipped, in words; empty where it is paid."""
        return str(SKIPPED_LABELS[self.skipped]) if self.skipped else ""


def preview_payouts(*, now: datetime, shop_id: int | None = None) -> Iterator[PreviewLine]:
    """Yield a line for each shop with money available, a few hundred shops at a time; nothing is written."""
    last = 0
    while balances := _available(after=last, shop_id=shop_id):
        yield from lines_of(balances, now=now)
        last = balances[-1].account_id


def lines_of(balances: list[Balance], *, now: datetime) -> list[PreviewLine]:
    """Return a line for each of these available balances; the same number of statements for any number of them."""
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
    return [
        _line(each, owed[each.account.shop_id, each.account.currency], accounts, under_way, now) for each in balances
    ]


def pays_out(provider: str, currency: str) -> bool:
    """Return whether a provider sends transfers in a currency."""
    facts = get_provider(provider).transfers
    return facts is not None and currency in facts.currencies


def _available(*, after: int, shop_id: int | None) -> list[Balance]:
    found = Balance.objects.filter(account__code=AccountKind.SHOP_AVAILABLE, amount_minor__gt=0, account_id__gt=after)
    if shop_id is not None:
        found = found.filter(account__shop_id=shop_id)
    return list(found.select_related("account__shop").order_by("account_id")[:SHOPS_AT_ONCE])


def _line(
    balance: Balance,
    owed_minor: int,
    accounts: Mapping[int, BankAccount],
    under_way: Collection[tuple[int, str]],
    now: datetime,
) -> PreviewLine:
    shop = balance.account.shop
    if shop is None:
        raise ValueError(f"Balance {balance.pk} is no shop's.")
    currency, account = balance.account.currency, accounts.get(shop.pk)
    provider = provider_for(currency=currency)
    amount = balance.amount_minor - owed_minor
    reasons = (
        (amount < settings.PAYOUT_MINIMUM_MINOR, Skipped.BELOW_MINIMUM),
        ((shop.pk, currency) in under_way, Skipped.UNDER_WAY),
        (not may_be_paid_out(shop.status), Skipped.SHOP_STATUS),
        (account is None or account.currency != currency, Skipped.NO_ACCOUNT),
        (account is not None and account.usable_from > now, Skipped.COOLING_OFF),
        (not pays_out(provider, currency), Skipped.NO_PROVIDER),
    )
    skipped = next((reason for applies, reason in reasons if applies), None)
    return PreviewLine(
        shop=shop,
        currency=currency,
        provider=provider,
        available_minor=balance.amount_minor,
        netted_minor=0 if skipped else owed_minor,
        amount_minor=0 if skipped else amount,
        account=account,
        skipped=skipped,
    )
