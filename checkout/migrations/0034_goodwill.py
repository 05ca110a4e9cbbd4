"""Money of a part that goes back without a cancellation: units, delivery, and amounts without units.

An older process goes on inserting without the new columns: the database fills them in.
"""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("checkout", "0033_texts_agreed_to")]

    operations = [
        migrations.RemoveConstraint("reversal", "reversal_commission_within_items"),
        migrations.AddField(
            "reversal",
            "goodwill_minor",
            models.BigIntegerField(
                db_default=0,
                default=0,
                help_text="Given without units; below zero where goodwill from before is counted in the amounts.",
            ),
        ),
        migrations.AddField(
            "suborder",
            "goodwill_minor",
            models.BigIntegerField(
                db_default=0,
                default=0,
                help_text="What goes back without units, as far as it is not counted in what went back for units since.",
            ),
        ),
        migrations.AddField(
            "suborder",
            "refunded_delivery_minor",
            models.BigIntegerField(
                db_default=0,
                default=0,
                help_text="Of what was paid for the delivery, what goes back without a cancellation.",
            ),
        ),
        migrations.AddField(
            "suborder",
            "refunded_units",
            models.JSONField(
                db_default=models.Value({}, models.JSONField()),
                default=dict,
                help_text="Units of each line that were paid back without being cancelled, by variant.",
            ),
        ),
        migrations.AlterField(
            "reversal",
            "kind",
            models.CharField(
                choices=[
                    ("cancellation", "Cancelled before it was sent"),
                    ("refund", "Refunded without a return"),
                ],
                max_length=14,
            ),
        ),
        AddConstraintNotValid(
            "reversal",
            models.CheckConstraint(
                condition=Q(goodwill_minor__gte=-F("total_minor")), name="reversal_refund_not_negative"
            ),
        ),
        AddConstraintNotValid(
            "reversal",
            models.CheckConstraint(
                condition=Q(commission_minor__gte=0)
                & Q(commission_minor__lte=F("total_minor") + F("goodwill_minor") + F("platform_discount_minor")),
                name="reversal_commission_within_share",
            ),
        ),
        AddConstraintNotValid(
            "suborder",
            models.CheckConstraint(
                condition=Q(goodwill_minor__gte=0, goodwill_minor__lte=F("refunded_minor")),
                name="sub_order_goodwill_within_refunded",
            ),
        ),
        AddConstraintNotValid(
            "suborder",
            models.CheckConstraint(
                condition=Q(refunded_delivery_minor__gte=0, refunded_delivery_minor__lte=F("refunded_minor")),
                name="sub_order_delivery_within_refunded",
            ),
        ),
    ]
