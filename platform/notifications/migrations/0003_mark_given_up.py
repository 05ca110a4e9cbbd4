"""E-mails that were tried eight times are marked as given up, a thousand in each transaction."""

from typing import Any

from django.db import migrations

MARK = """
WITH tried AS (
    SELECT id FROM public.notifications_email
     WHERE sent_at IS NULL AND given_up_at IS NULL AND attempts >= 8 AND due_at <= now()
     ORDER BY id LIMIT 1000 FOR UPDATE
)
UPDATE public.notifications_email email
   SET given_up_at = due_at, last_error = COALESCE(NULLIF(last_error, ''), 'Not known.')
  FROM tried WHERE email.id = tried.id
"""


def mark_given_up(_: Any, schema_editor: Any) -> None:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(MARK)
        while cursor.rowcount:
            cursor.execute(MARK)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("notifications", "0002_given_up_emails")]
    operations = [migrations.RunPython(mark_given_up, migrations.RunPython.noop)]
