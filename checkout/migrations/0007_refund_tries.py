"""Give each try of a refund its own key; refunds under way become their first try."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("checkout", "0006_refund_goes_alone")]

    operations = [
        migrations.AddField(
            "refund",
            "try_number",
            models.SmallIntegerField(
                db_default=1, default=1, help_text="Each try has a key of its own at the provider."
            ),
        ),
    ]
