"""Stock moves back where a paid order is cancelled."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0005_product_tax_class"),
    ]

    operations = [
        migrations.AlterField(
            model_name="stockmovement",
            name="kind",
            field=models.CharField(
                choices=[
                    ("opening", "Opening stock"),
                    ("adjustment", "Adjustment"),
                    ("sale", "Sale"),
                    ("return", "Return"),
                    ("cancellation", "Cancelled order"),
                ],
                max_length=12,
            ),
        ),
    ]
