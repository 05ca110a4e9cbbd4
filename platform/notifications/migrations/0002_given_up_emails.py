"""E-mails take the columns of work that waits; those that were tried eight times are marked as given up."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0001_initial"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="email",
            name="email_due",
        ),
        migrations.AddField(
            model_name="email",
            name="given_up_at",
            field=models.DateTimeField(
                help_text="When we stopped trying, for the reason in the last error.", null=True
            ),
        ),
        migrations.AddField(
            model_name="email",
            name="leased_until",
            field=models.DateTimeField(blank=True, help_text="Until then some worker is at it.", null=True),
        ),
        migrations.AlterField(
            model_name="email",
            name="attempts",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AlterField(
            model_name="email",
            name="due_at",
            field=models.DateTimeField(help_text="When it is to be tried."),
        ),
        migrations.AlterField(
            model_name="email",
            name="last_error",
            field=models.CharField(blank=True, db_default="", default="", max_length=300),
        ),
        migrations.RunSQL(
            """
            UPDATE notifications_email SET given_up_at = due_at, last_error = COALESCE(NULLIF(last_error, ''), 'Not known.')
             WHERE sent_at IS NULL AND attempts >= 8 AND due_at <= now()
            """,
            migrations.RunSQL.noop,
        ),
        migrations.AddIndex(
            model_name="email",
            index=models.Index(
                condition=models.Q(("given_up_at__isnull", True), ("sent_at__isnull", True)),
                fields=["due_at", "id"],
                name="email_waiting",
            ),
        ),
    ]
