"""Store when payments were flagged for an operator, and index them.

It can be run again after it was killed: a half-built index is dropped first.
"""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("checkout", "0016_guests_orders_are_found")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE public.checkout_payment ADD COLUMN IF NOT EXISTS dealt_with_at timestamptz NULL",
            "ALTER TABLE public.checkout_payment DROP COLUMN IF EXISTS dealt_with_at",
            state_operations=[
                migrations.AddField(
                    "payment",
                    "dealt_with_at",
                    models.DateTimeField(help_text="When an operator said that it needs nobody any more.", null=True),
                )
            ],
        ),
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS public.payment_to_look_at", migrations.RunSQL.noop),
        AddIndexConcurrently(
            "payment",
            models.Index(fields=["created_at", "id"], condition=Q(status="mismatched"), name="payment_to_look_at"),
        ),
    ]
