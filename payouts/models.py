"""The ledger: accounts, balanced journals of signed entries, shops' balances and bank accounts."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy


class AccountKind(models.TextChoices):
    """Kind of an account. Positive entries are debits, negative ones credits."""

    CLEARING = "clearing", gettext_lazy("Held at a payment provider")
    SHOP_PENDING = "shop_pending", gettext_lazy("Shop: pending")
    SHOP_AVAILABLE = "shop_available", gettext_lazy("Shop: available")
    PAYOUT_IN_TRANSIT = "payout_in_transit", gettext_lazy("Payouts in transit")
    COMMISSION = "commission", gettext_lazy("Commission")
    PSP_FEES = "psp_fees", gettext_lazy("Provider fees")
    REFUNDS_PAYABLE = "refunds_payable", gettext_lazy("Refunds payable")
    DISPUTE_RESERVE = "dispute_reserve", gettext_lazy("Dispute reserve")
    SHOP_RECEIVABLE = "shop_receivable", gettext_lazy("Shop: owes the platform")
    PLATFORM_PROMOTIONS = "platform_promotions", gettext_lazy("Platform promotions")


def clearing_code(provider: str) -> str:
    """Return the code of the account of what a payment provider holds, one for each provider and currency."""
    return f"{AccountKind.CLEARING}:{provider}"


class JournalKind(models.TextChoices):
    """Reason of a journal."""

    SALE = "sale", gettext_lazy("Sale")
    REFUND = "refund", gettext_lazy("Refund")
    REVERSAL = "reversal", gettext_lazy("Sale taken back")


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
    """Balance of a shop's account, updated in the transaction of each journal (owed to the shop: positive)."""

    account = models.OneToOneField(Account, on_delete=models.PROTECT, primary_key=True, related_name="balance")
    amount_minor = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.account_id}: {self.amount_minor}"


class BankAccount(models.Model):
    """Bank account of a shop's payouts, named by its bank; a change keeps the earlier one as a row."""

    shop = models.ForeignKey("tenants.Shop", on_delete=models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    bank_code = models.CharField(max_length=20)
    bank_name = models.CharField(max_length=120)
    number = models.CharField(max_length=16)
    holder_name = models.CharField(max_length=160, help_text="As the bank gave it.")
    verified_at = models.DateTimeField(help_text="When the bank was asked.")
    usable_from = models.DateTimeField(help_text="Nothing is paid to it before.")
    is_current = models.BooleanField(default=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shop"], condition=Q(is_current=True), name="bank_account_one_current_each"
            ),
            models.CheckConstraint(
                condition=Q(is_current=True, replaced_at__isnull=True) | Q(is_current=False, replaced_at__isnull=False),
                name="bank_account_replaced_when",
            ),
            models.CheckConstraint(condition=Q(number__regex=r"^[0-9]{6,16}$"), name="bank_account_number_is_one"),
            models.CheckConstraint(condition=~Q(holder_name=""), name="bank_account_named_by_its_bank"),
            models.CheckConstraint(condition=Q(usable_from__gte=F("created_at")), name="bank_account_usable_once_made"),
        ]
        indexes = [models.Index(fields=["shop", "-id"], name="bank_account_of")]

    def __str__(self) -> str:
        return f"{self.bank_name} of {self.shop_id}"
