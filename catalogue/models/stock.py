"""Stock levels, why they moved, and what prices were."""

from django.db import models
from django.utils.translation import gettext_lazy

from kit.text.columns import LineColumn


class StockLevel(models.Model):
    """Stock of a variant: on hand, and reserved by unpaid orders."""

    variant = models.OneToOneField(
        "catalogue.Variant", on_delete=models.CASCADE, primary_key=True, related_name="stock"
    )
    on_hand = models.IntegerField(default=0)
    reserved = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(on_hand__gte=0), name="stock_on_hand_not_negative"),
            models.CheckConstraint(condition=models.Q(reserved__gte=0), name="stock_reserved_not_negative"),
            models.CheckConstraint(
                condition=models.Q(reserved__lte=models.F("on_hand")), name="stock_reserved_on_hand"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.variant_id}: {self.on_hand} ({self.reserved} reserved)"

    @property
    def available(self) -> int:
        """Return the stock that can still be sold."""
        return self.on_hand - self.reserved


class MovementKind(models.TextChoices):
    """Reason of a change of stock on hand."""

    OPENING = "opening", gettext_lazy("Opening stock")
    ADJUSTMENT = "adjustment", gettext_lazy("Adjustment")
    SALE = "sale", gettext_lazy("Sale")
    RETURN = "return", gettext_lazy("Return")
    CANCELLATION = "cancellation", gettext_lazy("Cancelled order")


class StockMovement(models.Model):
    """A change of stock on hand; appended, never changed."""

    variant = models.ForeignKey("catalogue.Variant", on_delete=models.CASCADE, db_index=False, related_name="movements")
    kind = models.CharField(max_length=12, choices=MovementKind)
    quantity = models.IntegerField(help_text="Signed.")
    source = LineColumn(max_length=64, blank=True, help_text="A sub-order's number, or who adjusted.")
    moved_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~models.Q(quantity=0), name="movement_moves")]
        indexes = [models.Index(fields=["variant", "-id"], name="movement_of_variant")]

    def __str__(self) -> str:
        return f"{self.variant_id} {self.quantity:+d} ({self.kind})"


class PriceChange(models.Model):
    """A price that a variant had from a moment on."""

    variant = models.ForeignKey(
        "catalogue.Variant", on_delete=models.CASCADE, db_index=False, related_name="price_changes"
    )
    price_minor = models.BigIntegerField()
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["variant", "-id"], name="price_change_of_variant")]

    def __str__(self) -> str:
        return f"{self.variant_id} {self.price_minor}"
