"""A shop's currency is what was said, never a default, and looks like one."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tenants", "0011_migrated_to")]

    operations = [
        migrations.AlterField("shop", "currency", models.CharField(help_text="ISO 4217; for life.", max_length=3)),
        AddConstraintNotValid(
            "shop",
            models.CheckConstraint(condition=models.Q(currency__regex=r"^[A-Z]{3}$"), name="shop_currency_is_a_code"),
        ),
    ]
