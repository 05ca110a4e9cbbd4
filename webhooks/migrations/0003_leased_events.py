"""Inbound events take the columns of work that waits; `retry_at` is called `due_at` in Python."""

from django.db import migrations, models

HELP = "When the sweeper takes it up, unless it is done by then."
RENAMED = [
    migrations.RemoveConstraint("inboundevent", "inbound_waiting_has_time"),
    migrations.RemoveIndex("inboundevent", "inbound_waiting"),
    migrations.RenameField("inboundevent", "retry_at", "due_at"),
    migrations.AlterField(
        "inboundevent", "due_at", models.DateTimeField(db_column="retry_at", help_text=HELP, null=True)
    ),
    migrations.AddConstraint(
        "inboundevent",
        models.CheckConstraint(
            condition=models.Q(("status", "received"), _negated=True) | models.Q(due_at__isnull=False),
            name="inbound_waiting_has_time",
        ),
    ),
    migrations.AddIndex(
        "inboundevent",
        models.Index(condition=models.Q(status="received"), fields=["due_at", "id"], name="inbound_waiting"),
    ),
]


class Migration(migrations.Migration):
    dependencies = [("webhooks", "0002_event_kind_is_the_providers")]

    operations = [
        migrations.SeparateDatabaseAndState(state_operations=RENAMED),
        migrations.AddField(
            "inboundevent",
            "leased_until",
            models.DateTimeField(blank=True, help_text="Until then some worker is at it.", null=True),
        ),
        migrations.AddField(
            "inboundevent", "last_error", models.CharField(blank=True, db_default="", default="", max_length=300)
        ),
        migrations.AlterField("inboundevent", "attempts", models.PositiveSmallIntegerField(db_default=0, default=0)),
    ]
