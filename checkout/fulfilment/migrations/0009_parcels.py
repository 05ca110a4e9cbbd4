"""Several parcels of an order: what is in each, how it is followed, and when it arrives.

An older process goes on writing parcels without their lines: they hold all that is in no other parcel.
"""

import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("fulfilment", "0008_carrier_methods"),
    ]

    operations = [
        migrations.AddField(
            model_name="shipment",
            name="delivered_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="shipment",
            name="lines",
            field=models.JSONField(
                db_default=models.Value({}, models.JSONField()),
                default=dict,
                help_text="Units of each line in it, by variant; empty: all that is in no other parcel.",
            ),
        ),
        migrations.AddField(
            model_name="shipment",
            name="number",
            field=models.PositiveSmallIntegerField(
                db_default=1, default=1, help_text="Of the order's parcels, counted."
            ),
        ),
        migrations.AddField(
            model_name="shipment",
            name="tracking_url",
            field=models.CharField(blank=True, db_default="", default="", max_length=500),
        ),
        migrations.AddField(
            model_name="vendororderline",
            name="sent_quantity",
            field=models.IntegerField(
                db_default=0,
                default=0,
                help_text="Units that are in parcels; zero where an earlier release has sent it.",
            ),
        ),
        migrations.AlterField(
            model_name="shipment",
            name="vendor_order",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="shipments",
                to="fulfilment.vendororder",
            ),
        ),
        migrations.AddConstraint(
            model_name="shipment",
            constraint=models.UniqueConstraint(fields=("vendor_order", "number"), name="parcel_of_order"),
        ),
        migrations.AddConstraint(
            model_name="vendororderline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("sent_quantity__gte", 0),
                    (
                        "sent_quantity__lte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("quantity"), "-", models.F("cancelled_quantity")
                        ),
                    ),
                ),
                name="line_sent_within_left",
            ),
        ),
    ]
