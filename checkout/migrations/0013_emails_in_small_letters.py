"""Write the e-mail addresses of orders in small letters, a thousand at a time, so that they are found by them."""

from django.db import migrations

BATCH = """
UPDATE public.checkout_order SET email = lower(email)
 WHERE id IN (SELECT id FROM public.checkout_order WHERE email <> lower(email) ORDER BY id LIMIT 1000)
"""


def write_small_letters(_apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(BATCH)
        while cursor.rowcount:
            cursor.execute(BATCH)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("checkout", "0012_validate_order_attempts")]
    operations = [migrations.RunPython(write_small_letters, migrations.RunPython.noop, elidable=True)]
