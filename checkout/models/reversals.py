"""Sold units of a part of an order that were taken back, and the refund for them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy

from kit.ids import uuid7
from kit.money.columns import AmountColumns, amount_constraints
from kit.text.columns import LineColumn


class ReversalKind(models.TextChoices):
    """Reason for taking sold units back."""

    CANCELLATION = "cancellation", gettext_lazy("Cancelled before it was sent")
    REFUND = "refund", gettext_lazy("Refunded without a return")
    RETURN = "return", gettext_lazy("Sent back")
    DISPUTE = "dispute", gettext_lazy("Taken back by the buyer’s bank")


class ReversedBy(models.TextChoices):
    """Side that has taken them back."""

    BUYER = "buyer", gettext_lazy("the buyer")
    SHOP = "shop", gettext_lazy("the shop")
    OPERATOR = "operator", gettext_lazy("the market")
    BANK = "bank", gettext_lazy("the buyer’s bank")


class Reversal(AmountColumns):
    """Units and delivery of a part of a paid order, taken back, or an amount without any; the buyer gets it back.

    Of a dispute that is lost the provider has given it back by itself: it has no refund, and the dispute's own journal.

    Appended, never changed. Its amounts are the frozen ones of the units and the delivery; `goodwill_minor` is added to
    them. `lines` maps the variant of a line to the number of its units.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    sub_order = models.ForeignKey("checkout.SubOrder", on_delete=models.PROTECT, related_name="reversals")
    kind = models.CharField(max_length=14, choices=ReversalKind)
    lines = models.JSONField()
    goodwill_minor = models.BigIntegerField(
        default=0,
        db_default=0,
        help_text="Given without units; below zero where goodwill from before is counted in the amounts.",
    )
    commission_minor = models.BigIntegerField(help_text="Commission that the market gives back to the shop.")
    commission_tax_minor = models.BigIntegerField(
        default=0, db_default=0, help_text="Tax on that commission, which the market gives back too."
    )
    platform_discount_minor = models.BigIntegerField(
        help_text="Discount of the market that it owes the shop no longer."
    )
    reversed_by = models.CharField(max_length=8, choices=ReversedBy)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    reason = LineColumn(max_length=200, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            *amount_constraints("reversal"),
            models.CheckConstraint(
                condition=Q(goodwill_minor__gte=-F("total_minor")), name="reversal_refund_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(commission_minor__gte=0)
                & Q(commission_minor__lte=F("total_minor") + F("goodwill_minor") + F("platform_discount_minor")),
                name="reversal_commission_within_share",
            ),
            models.CheckConstraint(
                condition=Q(commission_tax_minor__gte=0)
                & Q(
                    commission_tax_minor__lte=F("total_minor")
                    + F("goodwill_minor")
                    + F("platform_discount_minor")
                    - F("commission_minor")
                ),
                name="reversal_commission_tax_within_share",
            ),
            models.CheckConstraint(
                condition=Q(platform_discount_minor__gte=0)
                & Q(platform_discount_minor__lte=F("discount_minor") + F("delivery_discount_minor")),
                name="reversal_platform_discount_within",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.refund_minor} {self.currency} of {self.sub_order_id}"

    @property
    def refund_minor(self) -> int:
        """Return the amount that is refunded to the buyer."""
        return self.total_minor + self.goodwill_minor

    @property
    def payable_minor(self) -> int:
        """Return the amount by which the shop's share of the part becomes less."""
        market_minor = self.commission_minor + self.commission_tax_minor
        return self.refund_minor + self.platform_discount_minor - market_minor
