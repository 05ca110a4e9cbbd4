"""Messages and bulk jobs take the columns of work that waits, by the names that their own columns have."""

from django.db import migrations, models

ERROR_HELP = "What the last slice failed with."
LEASED_HELP = "Until then the slice is somebody's."
RENAMED = [
    migrations.RemoveIndex("outboxmessage", "outbox_due"),  # 0004 drops it
    migrations.RenameField("outboxmessage", "retry_at", "due_at"),
    migrations.AlterField(
        "outboxmessage",
        "due_at",
        models.DateTimeField(db_column="retry_at", help_text="When it is tried again; empty: at once.", null=True),
    ),
    migrations.RemoveConstraint("bulkjob", "bulk_job_leased_only_running"),
    migrations.RenameField("bulkjob", "lease_until", "leased_until"),
    migrations.AlterField(
        "bulkjob", "leased_until", models.DateTimeField(db_column="lease_until", help_text=LEASED_HELP, null=True)
    ),
    migrations.RenameField("bulkjob", "retry_at", "due_at"),
    migrations.AlterField(
        "bulkjob",
        "due_at",
        models.DateTimeField(db_column="retry_at", help_text="A slice that failed waits until then.", null=True),
    ),
    migrations.RenameField("bulkjob", "error", "last_error"),
    migrations.AlterField(
        "bulkjob",
        "last_error",
        models.TextField(blank=True, db_column="error", default="", help_text=ERROR_HELP),
    ),
    migrations.AddConstraint(
        "bulkjob",
        models.CheckConstraint(
            condition=models.Q(leased_until__isnull=True) | models.Q(state="running"),
            name="bulk_job_leased_only_running",
        ),
    ),
]


class Migration(migrations.Migration):
    dependencies = [("kit", "0002_bulk_jobs")]

    operations = [
        migrations.SeparateDatabaseAndState(state_operations=RENAMED),
        migrations.AddField(
            "outboxmessage",
            "leased_until",
            models.DateTimeField(blank=True, help_text="Until then some worker is at it.", null=True),
        ),
        migrations.AlterField("outboxmessage", "attempts", models.PositiveSmallIntegerField(db_default=0, default=0)),
        migrations.AlterField("outboxmessage", "last_error", models.TextField(blank=True, db_default="", default="")),
        migrations.AlterField(
            "bulkjob",
            "attempts",
            models.PositiveSmallIntegerField(
                db_default=0, default=0, help_text="Of the next slice; none once one has succeeded."
            ),
        ),
        migrations.AlterField(
            "bulkjob",
            "last_error",
            models.TextField(blank=True, db_column="error", db_default="", default="", help_text=ERROR_HELP),
        ),
    ]
