"""The ledger: accounts, balanced journals of signed entries, and shops' balances."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy, pgettext_lazy


class AccountKind(models.TextChoices):
    """Kind of an account. Positive entries are debits, negative ones credits."""

    CLEARING = "clearing", gettext_lazy("Held at a payment provider")
    SHOP_PENDING = "shop_pending", gettext_lazy("Shop: pending")
    SHOP_AVAILABLE = "shop_available", gettext_lazy("Shop: available")
    SHOP_RESERVED = "shop_reserved", gettext_lazy("Shop: reserved")
    SHOP_IN_TRANSIT = "shop_in_transit", gettext_lazy("Shop: on its way to the bank")
    COMMISSION = "commission", gettext_lazy("Commission")
    COMMISSION_TAX = "commission_tax", gettext_lazy("Tax on commission")
    PSP_FEES = "psp_fees", gettext_lazy("Provider fees")
    REFUNDS_PAYABLE = "refunds_payable", gettext_lazy("Refunds payable")
    DISPUTE_RESERVE = "dispute_reserve", gettext_lazy("Dispute reserve")
    DISPUTE_LOSSES = "dispute_losses", gettext_lazy("Lost in disputes, borne by the market")
    SHOP_RECEIVABLE = "shop_receivable", gettext_lazy("Shop: owes the platform")
    PLATFORM_PROMOTIONS = "platform_promotions", gettext_lazy("Platform promotions")
    PAYOUT_COSTS = "payout_costs", gettext_lazy("Costs of payouts on request")
    PAID_OUTSIDE = "paid_outside", gettext_lazy("Paid by hand, outside the providers")
    OPERATOR_FUNDS = "operator_funds", gettext_lazy("Operator’s own funds")


def clearing_code(provider: str) -> str:
    """Return the code of the account of what a payment provider holds, one for each provider and currency."""
    return f"{AccountKind.CLEARING}:{provider}"


class JournalKind(models.TextChoices):
    """Reason of a journal."""

    SALE = "sale", pgettext_lazy("money", "Sale")
    REFUND = "refund", pgettext_lazy("money", "Refund")
    REVERSAL = "reversal", gettext_lazy("Sale taken back")
    RELEASE = "release", gettext_lazy("Released")
    RESERVE_END = "reserve_end", gettext_lazy("Reserve released")
    PAYOUT = "payout", gettext_lazy("Payout set aside")
    PAYOUT_SENT = "payout_sent", gettext_lazy("Payout paid")
    PAYOUT_BACK = "payout_back", gettext_lazy("Payout came back")
    PAYOUT_COST = "payout_cost", gettext_lazy("Cost of a payout on request")
    CORRECTION = "correction", gettext_lazy("Corrected")
    OPERATOR = "operator", gettext_lazy("Moved by the operator")
    DISPUTE = "dispute", gettext_lazy("Disputed")
    DISPUTE_END = "dispute_end", gettext_lazy("Dispute decided")
    SET_OFF = "set_off", gettext_lazy("Refund paid by the buyer’s bank")


class Account(models.Model):
    """A place where money is, or is owed."""

    code = models.CharField(max_length=40)  # an AccountKind; of clearing accounts, with the provider's name behind it
    shop = models.ForeignKey("tenants.Shop", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    currency = models.CharField(max_length=3)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code", "shop", "currency"], name="account_code_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(shop__isnull=False) & Q(code__startswith="shop_")
                | Q(shop__isnull=True) & ~Q(code__startswith="shop_"),
                name="account_shop_fits_code",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.shop_id or ''} {self.currency}"


class Journal(models.Model):
    """One movement of money: a set of entries that sums to zero in each currency."""

    kind = models.CharField(max_length=12, choices=JournalKind)
    source = models.CharField(max_length=64, help_text="What caused it; with the kind, unique.")
    description = models.CharField(max_length=200)
    occurred_at = models.DateTimeField()
    posted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "source"], name="journal_once")]
        indexes = [models.Index(fields=["source"], opclasses=["varchar_pattern_ops"], name="journal_source")]

    def __str__(self) -> str:
        return f"{self.kind} {self.source}"


class Entry(models.Model):
    """A signed amount on an account: positive debits it, negative credits it."""

    journal = models.ForeignKey(Journal, on_delete=models.PROTECT, related_name="entries")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, db_index=False, related_name="entries")
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    sub_order_id = models.UUIDField(null=True, help_text="The sub-order that it is for.")

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(amount_minor=0), name="entry_moves")]
        indexes = [
            models.Index(fields=["account", "-id"], name="entry_of_account"),
            models.Index(fields=["sub_order_id"], condition=Q(sub_order_id__isnull=False), name="entry_of_sub_order"),
        ]
        verbose_name_plural = "entries"

    def __str__(self) -> str:
        return f"{self.account_id} {self.amount_minor:+d}"


class Balance(models.Model):
    """Balance of a shop's account, updated in the transaction of each journal (owed to the shop: positive).

    A trigger refuses a balance below zero of any account but `shop_receivable`, and one above zero of that
    (`balance_not_negative`, `balance_owes_at_most_nothing`).
    """

    account = models.OneToOneField(Account, on_delete=models.PROTECT, primary_key=True, related_name="balance")
    amount_minor = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.account_id}: {self.amount_minor}"
