"""Store ended families of tokens with their owner, so that their access tokens end at once."""

from django.db import migrations, models
from django.db.models import Value


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_time_zone")]
    operations = [
        migrations.AddField(
            "user",
            "ended_families",
            models.JSONField(
                default=dict,
                db_default=Value({}, models.JSONField()),
                editable=False,
                help_text="Families of tokens that were ended, each with the moment when its last access token is over.",
            ),
        )
    ]
