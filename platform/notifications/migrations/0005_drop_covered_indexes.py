"""Indexes that another one of the same table covers go: each was one more to keep for every row that is written."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("notifications", "0004_email_waiting")]
    operations = [
        migrations.RunSQL(
            "DROP INDEX CONCURRENTLY IF EXISTS public.notifications_notification_user_id_b5e8c0ff",
            migrations.RunSQL.noop,
            state_operations=[
                migrations.AlterField(
                    "notification",
                    "user",
                    models.ForeignKey(
                        on_delete=models.CASCADE,
                        db_index=False,
                        related_name="notifications",
                        to=settings.AUTH_USER_MODEL,
                    ),
                )
            ],
        ),
        migrations.RunSQL(
            "DROP INDEX CONCURRENTLY IF EXISTS public.notifications_email_dedup_key_10ad6978_like",
            migrations.RunSQL.noop,
        ),
    ]
