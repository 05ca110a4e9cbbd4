"""When a part of an order came to each of its steps is kept with it."""

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
