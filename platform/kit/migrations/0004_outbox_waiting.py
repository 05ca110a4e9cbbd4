"""Messages that wait are found by an index of their own, built while messages come in; it can be run again."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import F, OrderBy


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("kit", "0003_leased_work")]
    operations = [
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS public.outbox_waiting", migrations.RunSQL.noop),
        AddIndexConcurrently(
            "outboxmessage",
            models.Index(OrderBy(F("due_at"), nulls_first=True), F("id"), name="outbox_waiting"),
        ),
        migrations.RunSQL(
            "DROP INDEX CONCURRENTLY IF EXISTS public.outbox_due",
            "CREATE INDEX CONCURRENTLY outbox_due ON public.kit_outboxmessage (retry_at, id)",
        ),
    ]
