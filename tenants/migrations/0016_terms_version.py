"""A shop's row says which version of its terms of sale holds, so that quotes read it with the shop's facts."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tenants", "0015_search_parts")]
    operations = [
        migrations.AddField(
            "shop",
            "terms_version",
            models.BigIntegerField(
                db_default=0,
                default=0,
                editable=False,
                help_text="Of its terms of sale (checkout); 0: it has set none.",
            ),
        )
    ]
