"""Money of a return that pays for what is sent instead."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from kit.ids import uuid7


class CreditStatus(models.TextChoices):
    """Status of a credit."""

    HELD = "held", gettext_lazy("Kept until the difference is paid")
    USED = "used", gettext_lazy("Has paid for the exchange")
    RETURNED = "returned", gettext_lazy("Goes back to the buyer after all")


# Money of a payment that is another order's now.
MOVED_CREDITS = frozenset({CreditStatus.HELD, CreditStatus.USED})


class ExchangeCredit(models.Model):
    """A part of a payment that goes, by a return, to the order of what is sent instead; the card is not touched.

    What is refunded of that order later goes back to this payment, and never more than the amount.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    payment = models.ForeignKey("checkout.Payment", on_delete=models.PROTECT, related_name="credits")
    order = models.ForeignKey(
        "checkout.Order",
        on_delete=models.PROTECT,
        db_index=False,  # `exchange_credit_once` begins with it
        related_name="credits",
    )
    reversal = models.ForeignKey("checkout.Reversal", on_delete=models.PROTECT, related_name="credits")
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    status = models.CharField(max_length=8, choices=CreditStatus, default=CreditStatus.HELD)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="exchange_credit_positive"),
            models.CheckConstraint(condition=Q(status__in=CreditStatus.values), name="exchange_credit_status_known"),
            models.UniqueConstraint(fields=["order", "payment"], name="exchange_credit_once"),
        ]

    def __str__(self) -> str:
        return f"{self.amount_minor} {self.currency} for {self.order_id}: {self.status}"
