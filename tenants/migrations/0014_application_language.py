"""An application keeps the language of the page where it began: letters to somebody without an account are written in it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tenants", "0013_validate_shop_currency")]
    operations = [
        migrations.AddField(
            "shopapplication",
            "language",
            models.CharField(blank=True, db_default="", help_text="Of the page where it began.", max_length=10),
        )
    ]
