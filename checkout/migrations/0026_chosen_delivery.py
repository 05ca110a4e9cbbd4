"""A shop's terms hold its zones and methods; a part of an order keeps the method and the dates that the buyer was told."""

from django.db import migrations, models
from django.db.models import Value


class Migration(migrations.Migration):
    dependencies = [("checkout", "0025_frozen_tax")]
    operations = [
        migrations.AddField(
            "shopterms", "delivery", models.JSONField(db_default=Value({}, models.JSONField()), default=dict)
        ),
        migrations.AddField(
            "suborder",
            "delivery",
            models.JSONField(
                db_default=Value({}, models.JSONField()),
                default=dict,
                help_text="Snapshot: the method with its name, kind, details and dates; empty before it was kept.",
            ),
        ),
    ]
