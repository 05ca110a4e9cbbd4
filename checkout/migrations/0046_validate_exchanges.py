"""Check the rows that were there before, and build the index of exchanges, while the market goes on selling."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("checkout", "0045_exchanges")]
    operations = [
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS public.order_exchange_once", migrations.RunSQL.noop),
        migrations.RunSQL(
            "CREATE UNIQUE INDEX CONCURRENTLY order_exchange_once ON public.checkout_order (exchange_of_id)"
            " WHERE exchange_of_id IS NOT NULL",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            "ALTER TABLE public.checkout_order VALIDATE CONSTRAINT order_exchange_of_fk", migrations.RunSQL.noop
        ),
        ValidateConstraint("order", "order_credit_of_exchange"),
        ValidateConstraint("return", "return_status_known"),
        ValidateConstraint("return", "return_received_has_reversal"),
    ]
