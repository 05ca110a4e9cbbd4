"""An order keeps the language of the page where it was placed: letters to a buyer without an account are written in it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("checkout", "0017_payments_to_look_at")]
    operations = [
        migrations.AddField(
            "order",
            "language",
            models.CharField(blank=True, db_default="", help_text="Of the page where it was placed.", max_length=10),
        )
    ]
