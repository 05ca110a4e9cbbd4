"""Payments and refunds take the columns of work that waits.

Nothing here looks at the rows that are there, so that the tables are locked for a moment only: the database fills the
columns in, 0008 validates the checks, 0009 builds the indexes, 0010 gives open payments the schedule that they had.
"""

import datetime as dt

from django.db import migrations, models
from django.db.migrations.operations.base import Operation
from django.db.models.functions import Now

ATTEMPTS = """
ALTER TABLE public.checkout_{name} ADD COLUMN attempts smallint DEFAULT 0 NOT NULL,
      ADD CONSTRAINT checkout_{name}_attempts_check CHECK (attempts >= 0) NOT VALID
"""


def columns(name: str, due_at: models.DateTimeField) -> list[Operation]:
    attempts = models.PositiveSmallIntegerField(db_default=0, default=0)
    return [
        migrations.RunSQL(
            ATTEMPTS.format(name=name),
            f"ALTER TABLE public.checkout_{name} DROP COLUMN attempts",
            state_operations=[migrations.AddField(name, "attempts", attempts)],
        ),
        migrations.AddField(name, "due_at", due_at),
        migrations.AddField(
            name, "last_error", models.CharField(blank=True, db_default="", default="", max_length=300)
        ),
        migrations.AddField(
            name,
            "leased_until",
            models.DateTimeField(blank=True, help_text="Until then some worker is at it.", null=True),
        ),
    ]


class Migration(migrations.Migration):
    dependencies = [("checkout", "0004_validate_amounts")]

    operations = [
        *columns(
            "payment",
            models.DateTimeField(
                db_default=Now() + models.Value(dt.timedelta(seconds=60), models.DurationField()),
                help_text="When the provider is asked again, unless it tells us before.",
                null=True,
            ),
        ),
        *columns(
            "refund",
            models.DateTimeField(blank=True, help_text="When it is to be tried; empty: at once.", null=True),
        ),
    ]
