"""Store the time at which a part of an order reached each step."""

from django.db import migrations, models
from django.db.models import Value


class Migration(migrations.Migration):
    dependencies = [("checkout", "0014_drop_covered_indexes")]
    operations = [
        migrations.AddField(
            "suborder",
            "step_times",
            models.JSONField(
                default=dict,
                db_default=Value({}, models.JSONField()),
                help_text="When it came to each status that it has left, or is in, by status.",
            ),
        )
    ]
