"""Attempts to charge, and money given back."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kit.db.leased_work import LeasedWork
from kit.ids import uuid7
from kit.text.parts import parts_index

# Most payments are heard of by then.
FIRST_ASKED_AFTER = timedelta(minutes=1)


class PaymentStatus(models.TextChoices):
    """Status of an attempt to charge."""

    CREATED = "created", _("Created")
    OPEN = "open", _("Waiting for the buyer")
    CAPTURED = "captured", _("Captured")
    FAILED = "failed", _("Failed")
    ABANDONED = "abandoned", _("Abandoned")
    MISMATCHED = "mismatched", _("Needs a look")


class RefundStatus(models.TextChoices):
    """Status of a refund."""

    REQUESTED = "requested", _("Requested")
    SENT = "sent", _("With the provider")
    PROCESSED = "processed", _("Processed")
    NEEDS_ATTENTION = "needs_attention", _("Needs attention")
    FAILED = "failed", _("Failed")
    SET_OFF = "set_off", _("Paid by the buyer’s bank")


# The one place that says which refunds are over, which are still owed to a buyer, and which of them wait for a person.
ENDED_REFUNDS = frozenset({RefundStatus.PROCESSED, RefundStatus.SET_OFF})
OWED_REFUNDS = frozenset(RefundStatus) - ENDED_REFUNDS
STUCK_REFUNDS = frozenset({RefundStatus.NEEDS_ATTENTION, RefundStatus.FAILED})


PAYMENTS_WITH_PARTS = ~Q(status__in=["created", "open"])  # as with orders
PAYMENT_PARTS = ("reference", "provider_id")


class Payment(LeasedWork):
    """An attempt to charge a buyer for an order."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    order = models.ForeignKey("checkout.Order", on_delete=models.PROTECT, related_name="payments")
    provider = models.CharField(max_length=20, help_text="Its name in the settings.")
    reference = models.CharField(max_length=50, unique=True, help_text="Ours; committed before the provider hears it.")
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    status = models.CharField(max_length=12, choices=PaymentStatus, default=PaymentStatus.CREATED)
    payment_url = models.URLField(max_length=500, blank=True)
    captured_minor = models.BigIntegerField(null=True, help_text="What the provider says was paid.")
    fees_minor = models.BigIntegerField(null=True, help_text="The provider's fee, as verified.")
    provider_id = models.CharField(max_length=40, blank=True)
    channel = models.CharField(max_length=20, blank=True)
    note = models.CharField(max_length=200, blank=True, help_text="Why it needs a look, or what the provider said.")
    created_at = models.DateTimeField()
    captured_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True, help_text="When the provider was last asked.")
    dealt_with_at = models.DateTimeField(null=True, help_text="When an operator said that it needs nobody any more.")
    due_at = models.DateTimeField(
        null=True,
        db_default=Now() + Value(FIRST_ASKED_AFTER, models.DurationField()),
        help_text="When the provider is asked again, unless it tells us before.",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="payment_amount_positive"),
            models.CheckConstraint(
                condition=~Q(status="captured") | Q(captured_minor__isnull=False, captured_at__isnull=False),
                name="payment_captured_has_amount",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(status__in=["created", "open"]), name="payment_waiting"),
            models.Index(fields=["-created_at", "id"], name="payment_newest"),
            models.Index(fields=["created_at", "id"], condition=Q(status="mismatched"), name="payment_to_look_at"),
            parts_index("payment_parts", *PAYMENT_PARTS, of=PAYMENTS_WITH_PARTS),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_booked(self) -> bool:
        """Return whether its money is in the ledger; nothing about it changes any more."""
        return self.captured_minor is not None

    @property
    def label(self) -> str:
        """Return the label of the status; an open payment of an order that has ended is not shown as waiting."""
        if self.status in {PaymentStatus.CREATED, PaymentStatus.OPEN} and self.order.status != "pending":
            return gettext("Not paid, order over")
        if self.status == PaymentStatus.MISMATCHED and self.dealt_with_at is not None:
            return gettext("Resolved")
        if self.status == PaymentStatus.MISMATCHED and self.is_booked:
            return gettext("Did not match, is refunded")
        return str(self.get_status_display())


class Refund(LeasedWork):
    """Money to be given back from a payment."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    sub_order = models.ForeignKey(
        "checkout.SubOrder", on_delete=models.PROTECT, null=True, blank=True, related_name="refunds"
    )
    reversal = models.ForeignKey(
        "checkout.Reversal",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,  # looked up by the part
        related_name="refunds",
        help_text="The cancelled units that it is for.",
    )
    amount_minor = models.BigIntegerField()
    set_off_minor = models.BigIntegerField(
        default=0, db_default=0, help_text="Of it, what the buyer's bank has paid with a lost dispute; never sent."
    )
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=200)
    status = models.CharField(max_length=16, choices=RefundStatus, default=RefundStatus.REQUESTED)
    goes_alone = models.BooleanField(
        db_default=True, help_text="Whether its provider takes one refund of a payment after the other."
    )
    try_number = models.SmallIntegerField(
        default=1, db_default=1, help_text="Each try has a key of its own at the provider."
    )
    provider_id = models.CharField(max_length=40, blank=True)
    note = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True, help_text="When the provider was last asked.")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="refund_amount_positive"),
            models.CheckConstraint(
                condition=Q(status="set_off", set_off_minor=F("amount_minor"))
                | ~Q(status="set_off") & Q(set_off_minor__gte=0, set_off_minor__lt=F("amount_minor")),
                name="refund_set_off_within",
            ),
            models.UniqueConstraint(
                fields=["payment"], condition=Q(status="sent", goes_alone=True), name="refund_alone_under_way"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(status__in=["requested", "sent"]), name="refund_waiting")
        ]

    def __str__(self) -> str:
        return f"{self.amount_minor} {self.currency} of {self.payment_id}"

    @property
    def sent_minor(self) -> int:
        """Return the amount that the provider is asked for: all but what the buyer's bank has paid."""
        return self.amount_minor - self.set_off_minor

    @property
    def returned_minor(self) -> int:
        """Return the amount that the buyer has, from the provider or from their bank."""
        return self.amount_minor if self.status in ENDED_REFUNDS else self.set_off_minor

    @property
    def key(self) -> str:
        """Return the key under which the current try is sent to the provider."""
        return self.keys[-1]

    @property
    def keys(self) -> list[str]:
        """Return the keys of all tries, oldest first; the first is the plain id, as the version before sent it."""
        return [str(self.pk), *(f"{self.pk}.{number}" for number in range(2, self.try_number + 1))]
