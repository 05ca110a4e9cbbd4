"""Payouts to shops: runs, the payouts of each, and the transfers that try to make one."""

from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy, pgettext_lazy

from kit.db.leased_work import LeasedWork
from kit.ids import uuid7
from kit.text.columns import LineColumn
from payouts.models.bank_accounts import BankAccount


class RunStatus(models.TextChoices):
    """Status of a run."""

    WAITING = "waiting", gettext_lazy("Waits for a second person")
    SENDING = "sending", gettext_lazy("Under way")
    DONE = "done", gettext_lazy("Done")
    CANCELLED = "cancelled", pgettext_lazy("payout", "Cancelled")


class PayoutStatus(models.TextChoices):
    """Status of a payout. Until it is paid, its money is set aside; if that fails, it is available again."""

    PREPARED = "prepared", gettext_lazy("Prepared")
    HELD = "held", gettext_lazy("Held")
    SENDING = "sending", gettext_lazy("On its way")
    PAID = "paid", pgettext_lazy("payout", "Paid")
    FAILED = "failed", gettext_lazy("Failed")
    REVERSED = "reversed", gettext_lazy("Returned by the bank")
    CANCELLED = "cancelled", pgettext_lazy("payout", "Cancelled")


OPEN_PAYOUTS = (PayoutStatus.PREPARED, PayoutStatus.HELD, PayoutStatus.SENDING)
ENDED_WITHOUT_PAY = (PayoutStatus.FAILED, PayoutStatus.REVERSED, PayoutStatus.CANCELLED)


class PayoutProblem(models.TextChoices):
    """Problem of a payout that a person has to solve."""

    FAILED = "failed", gettext_lazy("The bank did not take it")
    REVERSED = "reversed", gettext_lazy("The bank returned it")
    ACCOUNT = "account", gettext_lazy("The provider does not take the bank account")
    OTP = "otp", gettext_lazy("The provider waits for a code")
    REFUSED = "refused", gettext_lazy("The provider refuses it")
    MISMATCH = "mismatch", gettext_lazy("The provider reports other money")
    PAID_LATE = "paid_late", gettext_lazy("Paid after it had failed")


class TransferStatus(models.TextChoices):
    """State of a transfer: ours before it is asked for, then the provider's in the words of the port."""

    PREPARED = "prepared", gettext_lazy("Prepared")
    ASKED = "asked", gettext_lazy("Asked for")
    PENDING = "pending", gettext_lazy("On its way")
    RECEIVED = "received", gettext_lazy("Received by the provider")
    OTP = "otp", gettext_lazy("Waits for a code")
    SUCCESS = "success", pgettext_lazy("payout", "Paid")
    FAILED = "failed", gettext_lazy("Failed")
    REVERSED = "reversed", gettext_lazy("Returned")
    ABANDONED = "abandoned", gettext_lazy("Abandoned")
    BLOCKED = "blocked", gettext_lazy("Blocked")
    REJECTED = "rejected", gettext_lazy("Rejected")
    CANCELLED = "cancelled", pgettext_lazy("payout", "Cancelled")


class Place(models.TextChoices):
    """Place of a transfer's money in our books."""

    SET_ASIDE = "set_aside", gettext_lazy("Set aside")
    GONE = "gone", gettext_lazy("Paid out")
    LATE = "late", gettext_lazy("Paid out late")
    BACK = "back", gettext_lazy("Available again")


HAND = "hand"  # in place of a provider: paid by an operator
UNDER_WAY = ("asked", "pending", "received", "otp")
UNPAID = ("prepared", *UNDER_WAY)
UNSUCCESSFUL = ("failed", "reversed", "abandoned", "blocked", "rejected", "cancelled")


class PayoutRun(LeasedWork):
    """Payouts of one currency through one provider, made and sent together."""

    id: models.UUIDField[UUID, UUID] = models.UUIDField(primary_key=True, default=uuid7)
    provider = models.CharField(max_length=20)
    currency = models.CharField(max_length=3)
    status = models.CharField(max_length=9, choices=RunStatus)
    payout_count = models.PositiveIntegerField()
    total_minor = models.BigIntegerField()
    limit_minor = models.BigIntegerField(help_text="Above this sum of a day a second person approves it.")
    day_minor = models.BigIntegerField(
        default=0, db_default=0, help_text="Paid out in a day without a second person, this run among it."
    )
    problem = models.CharField(max_length=200, blank=True, default="", help_text="Why the provider takes none now.")
    is_daily = models.BooleanField(default=False, db_default=False, help_text="Whether the market made it by itself.")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    created_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | Q(created_by__isnull=True) | ~Q(approved_by=F("created_by")),
                name="payout_run_approved_by_another",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["waiting", "cancelled"])
                | Q(total_minor__lte=F("limit_minor"))
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="payout_run_approved_above_limit",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["waiting", "cancelled"])
                | Q(day_minor__lte=F("limit_minor"))
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="payout_run_approved_above_limit_of_day",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["done", "cancelled"], ended_at__isnull=False)
                | Q(status__in=["waiting", "sending"], ended_at__isnull=True),
                name="payout_run_ended_when",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(status="sending"), name="payout_run_sending"),
            models.Index(
                fields=["currency", "created_at"],
                condition=Q(approved_by__isnull=True, status__in=["sending", "done"]),
                name="payout_run_of_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.currency} {self.pk}"


class Payout(models.Model):
    """Decision to pay a shop an amount, to the bank account that it had then."""

    id: models.UUIDField[UUID, UUID] = models.UUIDField(primary_key=True, default=uuid7)
    run = models.ForeignKey(PayoutRun, on_delete=models.PROTECT, db_index=False, related_name="payouts")
    shop = models.ForeignKey("tenants.Shop", on_delete=models.PROTECT, db_index=False, related_name="+")
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    netted_minor = models.BigIntegerField(default=0, help_text="Owed by the shop, and kept back from it.")
    cost_minor = models.BigIntegerField(
        default=0, db_default=0, help_text="Of a payout on request: the cost that the shop bears beside it."
    )
    is_cost_back = models.BooleanField(
        default=False, db_default=False, help_text="Whether the shop has its cost back, because it came to nothing."
    )
    bank_account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, db_index=False, related_name="+")
    status = models.CharField(max_length=9, choices=PayoutStatus)
    status_at = models.DateTimeField()
    problem = models.CharField(max_length=9, choices=PayoutProblem, blank=True, default="")
    note = models.CharField(max_length=200, blank=True, default="", help_text="What the provider said.")
    hold_reason = LineColumn(max_length=300, blank=True, default="")
    held_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(status__in=PayoutStatus.values), name="payout_status_known"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="payout_amount_positive"),
            models.CheckConstraint(condition=Q(netted_minor__gte=0), name="payout_netted_not_negative"),
            models.CheckConstraint(
                condition=Q(cost_minor=0, is_cost_back=False) | Q(cost_minor__gt=0), name="payout_cost_back_of_a_cost"
            ),
            models.CheckConstraint(condition=~Q(status="held") | ~Q(hold_reason=""), name="payout_held_with_reason"),
            models.UniqueConstraint(
                fields=["shop", "currency"],
                condition=Q(status__in=["prepared", "held", "sending"]),
                name="payout_one_open_each",
            ),
        ]
        indexes = [
            models.Index(fields=["run", "status", "id"], name="payout_of_run"),
            models.Index(fields=["shop", "-id"], name="payout_of_shop"),
            models.Index(fields=["id"], condition=~Q(problem=""), name="payout_problem"),
        ]

    def __str__(self) -> str:
        return f"{self.shop_id} {self.amount_minor} {self.currency}"


class Transfer(LeasedWork):
    """Attempt to make a payout, known to the provider by our reference.

    The reference stays the same until a final state; only after one without payment is there another attempt
    (`transfer_pays_once`). Each journal of its money is counted in `moves`, which makes the journal's source.
    """

    payout = models.ForeignKey(Payout, on_delete=models.PROTECT, db_index=False, related_name="transfers")
    attempt = models.PositiveSmallIntegerField()
    provider = models.CharField(max_length=20)
    reference = models.CharField(max_length=50)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    recipient = models.CharField(max_length=40, blank=True, default="", help_text="The provider's code of the account.")
    state = models.CharField(max_length=9, choices=TransferStatus)
    place = models.CharField(max_length=9, choices=Place)
    moves = models.PositiveSmallIntegerField(default=1)
    fees_minor = models.BigIntegerField(null=True)
    is_fee_owed = models.BooleanField(
        default=False, db_default=False, help_text="Whether the shop bears the fee, by the setting when it was booked."
    )
    provider_id = models.CharField(max_length=40, blank=True, default="")
    message = models.CharField(max_length=200, blank=True, default="")
    created_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reference"], name="transfer_reference_once"),
            models.UniqueConstraint(fields=["payout", "attempt"], name="transfer_attempt_once"),
            models.UniqueConstraint(
                fields=["payout"], condition=Q(place__in=["set_aside", "gone"]), name="transfer_pays_once"
            ),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="transfer_amount_positive"),
            models.CheckConstraint(
                condition=Q(place="set_aside", state__in=UNPAID)
                | Q(place__in=["gone", "late"], state="success", fees_minor__gte=0)
                | Q(place="back", state__in=UNSUCCESSFUL),
                name="transfer_place_fits_state",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["prepared", "cancelled"]) | ~Q(recipient="") & Q(asked_at__isnull=False),
                name="transfer_asked_for_recipient",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(place__in=["set_aside", "gone"]) & ~Q(state="prepared"),
                name="transfer_watched",
            )
        ]

    def __str__(self) -> str:
        return self.reference


class PayoutRecipient(models.Model):
    """A bank account as a provider has registered it, once."""

    bank_account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, db_index=False, related_name="recipients")
    provider = models.CharField(max_length=20)
    code = models.CharField(max_length=40)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bank_account", "provider"], name="payout_recipient_once"),
        ]

    def __str__(self) -> str:
        return self.code


class TransferPace(models.Model):
    """Time of the next call that sends several transfers through a provider, for all processes together."""

    provider = models.CharField(max_length=20, primary_key=True)
    next_call_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.provider
