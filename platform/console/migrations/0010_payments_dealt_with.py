"""Payments that operators have dealt with say so themselves, no longer the audit log alone; a thousand at a time."""

from typing import Any

from django.db import migrations

BATCH = 1000
DEALT_WITH = """
SELECT payment.id, min(entry.created_at)
  FROM public.console_auditentry AS entry
  JOIN public.checkout_payment AS payment ON payment.reference = substr(entry.subject, length('payment:') + 1)
 WHERE entry.action = 'payment.dismissed' AND starts_with(entry.subject, 'payment:') AND payment.dealt_with_at IS NULL
 GROUP BY payment.id
 ORDER BY payment.id
"""
WRITE = """
UPDATE public.checkout_payment AS payment SET dealt_with_at = done.at
  FROM unnest(%s::uuid[], %s::timestamptz[]) AS done(id, at) WHERE payment.id = done.id
"""


def tell_payments(_: Any, schema_editor: Any) -> None:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(DEALT_WITH)
        found = cursor.fetchall()
        for start in range(0, len(found), BATCH):
            ids, times = zip(*found[start : start + BATCH], strict=True)
            cursor.execute(WRITE, [list(ids), list(times)])


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("console", "0009_actions_are_text"), ("checkout", "0017_payments_to_look_at")]
    operations = [migrations.RunPython(tell_payments, migrations.RunPython.noop)]
