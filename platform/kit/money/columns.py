"""Columns of a row that has amounts, and the constraints that keep them in step; other apps add no such columns."""

from django.db import models
from django.db.models import F, Q

# Amounts of a charge, told apart; `checkout.pricing.amounts` describes each one.
PARTS = ("items_minor", "discount_minor", "shipping_minor", "delivery_discount_minor", "tax_minor")
AMOUNT_COLUMNS = ("currency", *PARTS, "prices_include_tax", "total_minor")


class AmountColumns(models.Model):
    """Amounts in minor units of one currency, as they were frozen."""

    currency = models.CharField(max_length=3)
    items_minor = models.BigIntegerField()
    discount_minor = models.BigIntegerField(default=0, db_default=0)
    shipping_minor = models.BigIntegerField()
    delivery_discount_minor = models.BigIntegerField(default=0, db_default=0)
    tax_minor = models.BigIntegerField(default=0, db_default=0)
    prices_include_tax = models.BooleanField(default=False, db_default=False)
    total_minor = models.BigIntegerField()

    class Meta:
        abstract = True


def amount_constraints(prefix: str) -> list[models.BaseConstraint]:
    """Return the database constraints on a row's amounts.

    Args:
        prefix: the prefix of the constraints' names.
    """
    net = F("items_minor") - F("discount_minor") + F("shipping_minor") - F("delivery_discount_minor")
    adds_up = Q(prices_include_tax=True, total_minor=net) | Q(
        prices_include_tax=False, total_minor=net + F("tax_minor")
    )
    not_negative = Q(*((f"{name}__gte", 0) for name in PARTS))
    within = Q(discount_minor__lte=F("items_minor"), delivery_discount_minor__lte=F("shipping_minor"))
    tax_within = Q(prices_include_tax=False) | Q(tax_minor__lte=F("total_minor"))
    return [
        models.CheckConstraint(condition=adds_up, name=f"{prefix}_total_adds_up"),
        models.CheckConstraint(condition=not_negative, name=f"{prefix}_amounts_not_negative"),
        models.CheckConstraint(condition=within & tax_within, name=f"{prefix}_amounts_within"),
    ]
