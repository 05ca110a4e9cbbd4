"""The full set of amounts on a shop's own record of its orders.

An older process goes on inserting without the new columns: the database fills them in. One shop's table is short, so
the constraints look at its rows at once.
"""

from django.db import migrations, models
from django.db.models import F, Q

ADDED = ("discount_minor", "delivery_discount_minor", "tax_minor")
NAMES = ("items_minor", "discount_minor", "shipping_minor", "delivery_discount_minor", "tax_minor")
NET = F("items_minor") - F("discount_minor") + F("shipping_minor") - F("delivery_discount_minor")
ADDS_UP = Q(prices_include_tax=True, total_minor=NET) | Q(prices_include_tax=False, total_minor=NET + F("tax_minor"))
WITHIN = Q(discount_minor__lte=F("items_minor"), delivery_discount_minor__lte=F("shipping_minor"))
CONDITIONS = {
    "total_adds_up": ADDS_UP,
    "amounts_not_negative": Q(*((f"{name}__gte", 0) for name in NAMES)),
    "amounts_within": WITHIN & (Q(prices_include_tax=False) | Q(tax_minor__lte=F("total_minor"))),
}


class Migration(migrations.Migration):
    dependencies = [("fulfilment", "0001_initial")]
    operations = [
        migrations.RemoveConstraint("vendororder", "vendor_order_total_adds_up"),
        *(migrations.AddField("vendororder", name, models.BigIntegerField(default=0, db_default=0)) for name in ADDED),
        migrations.AddField("vendororder", "prices_include_tax", models.BooleanField(default=False, db_default=False)),
        *(
            migrations.AddConstraint(
                "vendororder", models.CheckConstraint(condition=condition, name=f"vendor_order_{name}")
            )
            for name, condition in CONDITIONS.items()
        ),
    ]
