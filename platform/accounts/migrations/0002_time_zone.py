"""People may choose the time zone in which they read times."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [
        migrations.AddField(
            "user",
            "time_zone",
            models.CharField(
                max_length=40,
                blank=True,
                db_default="",
                help_text="In which times are shown; empty: that of the address.",
            ),
        )
    ]
