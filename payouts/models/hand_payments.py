"""Payouts that were paid outside the providers, with their evidence; and what goes without a second person in a day."""

from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy

from kit.ids import uuid7
from kit.text.columns import LineColumn
from payouts.models.runs import Payout, Transfer


class HandPaymentStatus(models.TextChoices):
    """Status of a payment by hand."""

    WAITING = "waiting", gettext_lazy("Waits for a second person")
    BOOKED = "booked", gettext_lazy("Booked")
    REFUSED = "refused", gettext_lazy("Refused")


class HandPayment(models.Model):
    """Payment of a payout by an operator's own bank transfer, as they have recorded it.

    Its transfer sets the payout's money aside from the first moment on, so that nothing else pays it.
    """

    id: models.UUIDField[UUID, UUID] = models.UUIDField(primary_key=True, default=uuid7)
    payout = models.ForeignKey(Payout, on_delete=models.PROTECT, db_index=False, related_name="hand_payments")
    transfer = models.OneToOneField(Transfer, on_delete=models.PROTECT, related_name="hand_payment")
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    reference = LineColumn(max_length=80, help_text="Of the bank.")
    paid_on = models.DateField()
    reason = LineColumn(max_length=300)
    file = models.CharField(max_length=200, help_text="Evidence, in the private storage.")
    file_name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=40)
    status = models.CharField(max_length=7, choices=HandPaymentStatus)
    limit_minor = models.BigIntegerField(help_text="Above this sum of a day a second person approves it.")
    day_minor = models.BigIntegerField(help_text="Paid out in a day without a second person, this payment among it.")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    recorded_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(status__in=HandPaymentStatus.values), name="hand_payment_status_known"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="hand_payment_positive"),
            models.CheckConstraint(
                condition=~Q(reference="") & ~Q(reason="") & ~Q(file=""), name="hand_payment_has_evidence"
            ),
            models.CheckConstraint(
                condition=~Q(status="booked")
                | Q(day_minor__lte=F("limit_minor"))
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="hand_payment_approved_above_limit",
            ),
            models.CheckConstraint(
                condition=~Q(status="booked") | Q(decided_by__isnull=True) | ~Q(decided_by=F("recorded_by")),
                name="hand_payment_approved_by_another",
            ),
            models.UniqueConstraint(fields=["payout"], condition=~Q(status="refused"), name="hand_payment_open_once"),
            models.UniqueConstraint(
                fields=["currency", "reference"], condition=~Q(status="refused"), name="hand_payment_reference_once"
            ),
        ]
        indexes = [
            models.Index(fields=["currency", "recorded_at"], condition=Q(decided_by__isnull=True), name="hand_of_day"),
            models.Index(fields=["id"], condition=Q(status="waiting"), name="hand_payment_waiting"),
        ]

    def __str__(self) -> str:
        return self.reference


class UnapprovedDay(models.Model):
    """Amount of a currency that went without a second person in the day before it was counted last.

    Its row is locked while the day is counted and another amount let go, so that two at once count each other.
    """

    currency = models.CharField(max_length=3, primary_key=True)
    total_minor = models.BigIntegerField(default=0)
    counted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(total_minor__gte=0), name="unapproved_day_not_negative"),
        ]

    def __str__(self) -> str:
        return self.currency
