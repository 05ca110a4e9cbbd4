"""Indexes of payments and refunds that wait, built while the market goes on selling.

Each is there before the one that it replaces goes, so that never two refunds are sent that go alone. Killed half-way it is
run again: what it had built, perhaps by half, is dropped first.
"""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models
from django.db.models import Q

ALONE = """
CREATE UNIQUE INDEX CONCURRENTLY refund_alone_under_way ON public.checkout_refund (payment_id)
 WHERE goes_alone AND status = 'sent'
"""


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("checkout", "0008_validate_attempts")]
    operations = [
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS public.payment_waiting", migrations.RunSQL.noop),
        AddIndexConcurrently(
            "payment",
            models.Index(fields=["due_at", "id"], condition=Q(status__in=["created", "open"]), name="payment_waiting"),
        ),
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS public.refund_waiting", migrations.RunSQL.noop),
        AddIndexConcurrently(
            "refund",
            models.Index(fields=["due_at", "id"], condition=Q(status__in=["requested", "sent"]), name="refund_waiting"),
        ),
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS public.refund_alone_under_way", migrations.RunSQL.noop),
        migrations.RunSQL(
            ALONE,
            "DROP INDEX CONCURRENTLY public.refund_alone_under_way",
            state_operations=[
                migrations.AddConstraint(
                    "refund",
                    models.UniqueConstraint(
                        fields=["payment"], condition=Q(status="sent", goes_alone=True), name="refund_alone_under_way"
                    ),
                )
            ],
        ),
        RemoveIndexConcurrently("payment", "payment_unsettled"),
        RemoveIndexConcurrently("refund", "refund_open"),
        migrations.RemoveConstraint("refund", "refund_one_under_way_each_payment"),
    ]
