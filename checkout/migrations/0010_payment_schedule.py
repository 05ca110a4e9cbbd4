"""Payments that are asked about go on by the schedule that they had; a thousand in each transaction.

Of declined ones, those of the last day are watched still (docs/payments.md). Run again, it writes the same.
"""

from typing import Any

from django.db import migrations

BATCH = 1000
WATCHED = """
SELECT id FROM public.checkout_payment
 WHERE status IN ('created', 'open') OR (status = 'failed' AND created_at > now() - interval '1 day')
 ORDER BY id
"""
SCHEDULE = """
UPDATE public.checkout_payment
   SET due_at = COALESCE(checked_at + LEAST(GREATEST((checked_at - created_at) / 2, interval '1 minute'),
                                            interval '6 hours'),
                         created_at + interval '1 minute'),
       attempts = CASE WHEN checked_at IS NULL THEN 0 ELSE
           LEAST(20, ln(GREATEST(extract(epoch FROM checked_at - created_at) / 60, 1)) / ln(1.5))::int END
 WHERE id = ANY(%s) AND status IN ('created', 'open', 'failed')
"""


def keep_schedule(_: Any, schema_editor: Any) -> None:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(WATCHED)
        payment_ids = [payment_id for (payment_id,) in cursor.fetchall()]
        for start in range(0, len(payment_ids), BATCH):
            cursor.execute(SCHEDULE, [payment_ids[start : start + BATCH]])


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("checkout", "0009_waiting_indexes")]
    operations = [migrations.RunPython(keep_schedule, migrations.RunPython.noop)]
