"""Columns of a shop's part of an order for the market's commission, the tax on it, and what was given back of both."""

from django.db import models
from django.db.models import F, Q, Value


class CommissionColumns(models.Model):
    """Commission on a part, frozen when the order is placed."""

    commission_bps = models.PositiveIntegerField()
    commission_minor = models.BigIntegerField()
    commission_tax_minor = models.BigIntegerField(
        default=0, db_default=0, help_text="Tax of the market on its commission, which the shop bears."
    )
    commission = models.JSONField(default=dict, db_default=Value({}, models.JSONField()))  # a snapshot, by line
    reversed_commission_minor = models.BigIntegerField(
        default=0, db_default=0, help_text="Of the commission, what the market has given back to the shop."
    )
    reversed_commission_tax_minor = models.BigIntegerField(
        default=0, db_default=0, help_text="Of the tax on the commission, what the market has given back to the shop."
    )

    class Meta:
        abstract = True

    @property
    def kept_commission_minor(self) -> int:
        """Return the commission that the market keeps."""
        return self.commission_minor - self.reversed_commission_minor

    @property
    def kept_commission_tax_minor(self) -> int:
        """Return the tax on the commission that the market keeps."""
        return self.commission_tax_minor - self.reversed_commission_tax_minor


COMMISSION_CONSTRAINTS = (
    models.CheckConstraint(
        condition=Q(commission_minor__gte=0) & Q(commission_minor__lte=F("items_minor")),
        name="sub_order_commission_within_items",
    ),
    models.CheckConstraint(
        condition=Q(commission_tax_minor__gte=0)
        & Q(commission_tax_minor__lte=F("items_minor") - F("commission_minor")),
        name="sub_order_commission_tax_within_items",
    ),
    models.CheckConstraint(
        condition=Q(reversed_commission_tax_minor__gte=0, reversed_commission_tax_minor__lte=F("commission_tax_minor")),
        name="sub_order_reversed_commission_tax_within",
    ),
    models.CheckConstraint(
        condition=Q(reversed_commission_minor__gte=0, reversed_commission_minor__lte=F("commission_minor")),
        name="sub_order_reversed_commission_within",
    ),
)
