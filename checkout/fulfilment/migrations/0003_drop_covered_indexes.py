"""Indexes that another one of the same table covers go: each was one more to keep for every row that is written."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("fulfilment", "0002_amounts")]
    operations = [
        migrations.RunSQL(
            "DROP INDEX IF EXISTS fulfilment_vendororderline_vendor_order_id_ea53f2a3",
            migrations.RunSQL.noop,
            state_operations=[
                migrations.AlterField(
                    "vendororderline",
                    "vendor_order",
                    models.ForeignKey(
                        on_delete=models.CASCADE, db_index=False, related_name="lines", to="fulfilment.vendororder"
                    ),
                )
            ],
        ),
        migrations.RunSQL("DROP INDEX IF EXISTS fulfilment_vendororder_number_c0f14eeb_like", migrations.RunSQL.noop),
    ]
