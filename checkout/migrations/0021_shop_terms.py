"""Each shop's terms of sale in one public row, so that a quote over many shops reads them at once."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Value


class Migration(migrations.Migration):
    dependencies = [("checkout", "0020_search_parts"), ("tenants", "0016_terms_version")]
    operations = [
        migrations.CreateModel(
            name="ShopTerms",
            fields=[
                (
                    "shop",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="tenants.shop",
                    ),
                ),
                ("version", models.BigIntegerField(help_text="The shop's `terms_version`.")),
                ("tax", models.JSONField(db_default=Value({}, models.JSONField()), default=dict)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("version__gt", 0)), name="shop_terms_version_positive")
                ],
            },
        )
    ]
