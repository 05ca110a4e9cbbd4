"""Units of a line that were cancelled after they were paid; one shop's table is short, so its rows are looked at at once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("fulfilment", "0005_delivery_zones"),
    ]

    operations = [
        migrations.AddField(
            model_name="vendororderline",
            name="cancelled_quantity",
            field=models.IntegerField(
                db_default=0, default=0, help_text="Units that were cancelled after they were paid."
            ),
        ),
        migrations.AddConstraint(
            model_name="vendororderline",
            constraint=models.CheckConstraint(
                condition=models.Q(("cancelled_quantity__gte", 0), ("cancelled_quantity__lte", models.F("quantity"))),
                name="line_cancelled_within_quantity",
            ),
        ),
    ]
