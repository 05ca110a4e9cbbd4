"""People may choose the language of pages, letters and messages."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_ended_families")]
    operations = [
        migrations.AddField(
            "user",
            "language",
            models.CharField(
                max_length=10,
                blank=True,
                db_default="",
                help_text="Of pages, letters and messages; empty: the browser's.",
            ),
        )
    ]
