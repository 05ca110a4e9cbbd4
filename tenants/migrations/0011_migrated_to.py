"""Shops remember which migrations they were last seen to have, so that ten thousand are looked up by one statement."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tenants", "0010_leased_exports_and_domains")]

    operations = [
        migrations.AddField(
            "shop",
            "migrated_to",
            models.CharField(
                blank=True,
                db_default="",
                default="",
                editable=False,
                help_text="Digest of the migrations that its schema has, and the table that says so; empty: to be looked up.",
                max_length=64,
            ),
        ),
    ]
