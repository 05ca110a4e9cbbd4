"""E-mails that wait are found by an index without those that are given up, built while e-mails go out.

Killed half-way it is run again.
"""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("notifications", "0003_mark_given_up")]
    operations = [
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS public.email_waiting", migrations.RunSQL.noop),
        AddIndexConcurrently(
            "email",
            models.Index(
                fields=["due_at", "id"],
                condition=Q(given_up_at__isnull=True, sent_at__isnull=True),
                name="email_waiting",
            ),
        ),
        RemoveIndexConcurrently("email", "email_due"),
    ]
