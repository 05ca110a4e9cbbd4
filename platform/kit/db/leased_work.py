"""Columns of a row that waits for its turn; `kit.work.leased` claims it."""

from django.db import models


class LeasedWork(models.Model):
    """A row that waits for its turn."""

    due_at = models.DateTimeField(null=True, blank=True, help_text="When it is to be tried; empty: at once.")
    leased_until = models.DateTimeField(null=True, blank=True, help_text="Until then some worker is at it.")
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    last_error = models.CharField(max_length=300, blank=True, default="", db_default="")

    class Meta:
        abstract = True
