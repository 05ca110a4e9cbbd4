"""Journals of what is taken back of a sale."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("payouts", "0005_drop_covered_index"),
    ]

    operations = [
        migrations.AlterField(
            model_name="journal",
            name="kind",
            field=models.CharField(
                choices=[("sale", "Sale"), ("refund", "Refund"), ("reversal", "Sale taken back")], max_length=12
            ),
        ),
    ]
