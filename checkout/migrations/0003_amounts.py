"""The full set of amounts on orders and sub-orders.

An older process goes on inserting without the new columns: the database fills them in, and what it writes adds up by
the new constraints too. These are added without a look at the rows that are there, so that the tables are locked for
a moment only; 0004 looks at them under a lock that stops neither reading nor writing.
"""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.migrations.operations.base import Operation
from django.db.models import F, Q, Value

ADDED = ("discount_minor", "delivery_discount_minor", "tax_minor")


def columns(model_name: str) -> list[Operation]:
    return [
        *(migrations.AddField(model_name, name, models.BigIntegerField(default=0, db_default=0)) for name in ADDED),
        migrations.AddField(model_name, "prices_include_tax", models.BooleanField(default=False, db_default=False)),
    ]


def constraints(model_name: str, prefix: str) -> list[Operation]:
    net = F("items_minor") - F("discount_minor") + F("shipping_minor") - F("delivery_discount_minor")
    adds_up = Q(prices_include_tax=True, total_minor=net) | Q(
        prices_include_tax=False, total_minor=net + F("tax_minor")
    )
    names = ("items_minor", "discount_minor", "shipping_minor", "delivery_discount_minor", "tax_minor")
    within = Q(discount_minor__lte=F("items_minor"), delivery_discount_minor__lte=F("shipping_minor"))
    conditions = {
        "total_adds_up": adds_up,
        "amounts_not_negative": Q(*((f"{name}__gte", 0) for name in names)),
        "amounts_within": within & (Q(prices_include_tax=False) | Q(tax_minor__lte=F("total_minor"))),
    }
    return [
        AddConstraintNotValid(model_name, models.CheckConstraint(condition=condition, name=f"{prefix}_{name}"))
        for name, condition in conditions.items()
    ]


class Migration(migrations.Migration):
    dependencies = [("checkout", "0002_payment_provider_is_named")]
    operations = [
        migrations.RemoveConstraint("order", "order_total_adds_up"),
        migrations.RemoveConstraint("order", "order_amounts_not_negative"),
        migrations.RemoveConstraint("suborder", "sub_order_total_adds_up"),
        *columns("order"),
        *columns("suborder"),
        migrations.AddField(
            "suborder",
            "adjustments",
            models.JSONField(
                default=list,
                db_default=Value([], models.JSONField()),
                help_text="Snapshot: what changed the price, with its source; empty on orders from before it was kept.",
            ),
        ),
        *constraints("order", "order"),
        AddConstraintNotValid(
            "order", models.CheckConstraint(condition=Q(items_minor__gt=0), name="order_items_positive")
        ),
        *constraints("suborder", "sub_order"),
    ]
