"""Orders take the columns of work that waits: each is ended by itself, and waits where its provider is silent.

Nothing here looks at the rows that are there; 0012 validates the check.
"""

from django.db import migrations, models

ATTEMPTS = """
ALTER TABLE public.checkout_order ADD COLUMN attempts smallint DEFAULT 0 NOT NULL,
      ADD CONSTRAINT checkout_order_attempts_check CHECK (attempts >= 0) NOT VALID
"""


class Migration(migrations.Migration):
    dependencies = [("checkout", "0010_payment_schedule")]

    operations = [
        migrations.RunSQL(
            ATTEMPTS,
            "ALTER TABLE public.checkout_order DROP COLUMN attempts",
            state_operations=[
                migrations.AddField("order", "attempts", models.PositiveSmallIntegerField(db_default=0, default=0))
            ],
        ),
        migrations.AddField(
            "order",
            "due_at",
            models.DateTimeField(blank=True, help_text="When it is to be tried; empty: at once.", null=True),
        ),
        migrations.AddField(
            "order", "last_error", models.CharField(blank=True, db_default="", default="", max_length=300)
        ),
        migrations.AddField(
            "order",
            "leased_until",
            models.DateTimeField(blank=True, help_text="Until then some worker is at it.", null=True),
        ),
    ]
