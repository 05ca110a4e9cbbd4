"""An order keeps the address at a front end to which its buyer returns after paying."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("checkout", "0018_order_language")]
    operations = [
        migrations.AddField(
            "order",
            "return_url",
            models.CharField(
                blank=True,
                db_default="",
                help_text="Where a front end has its buyer return to after paying.",
                max_length=500,
            ),
        )
    ]
