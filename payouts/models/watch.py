"""The watch: rounds of checks, the result of each check, and what they have found."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy, pgettext_lazy

from kit.ids import uuid7
from kit.text.columns import LineColumn


class CheckOutcome(models.TextChoices):
    """Outcome of a check."""

    OK = "ok", pgettext_lazy("check", "Nothing found")
    OFF = "off", gettext_lazy("Something found")
    FAILED = "failed", gettext_lazy("Could not be made")


class WatchRound(models.Model):
    """Checks that are made one after the other: the quick ones, or all. One round is under way at a time."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    is_whole = models.BooleanField(help_text="Whether every check is made; else the quick ones.")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    asked_at = models.DateTimeField()
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=200, blank=True, help_text="Why it ended early.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ended_at"],
                condition=Q(ended_at__isnull=True),
                nulls_distinct=False,
                name="watch_round_open_once",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("asked_at")), name="watch_round_ends_after"
            ),
        ]
        indexes = [models.Index(fields=["-asked_at"], name="watch_round_newest")]

    def __str__(self) -> str:
        return f"{'whole' if self.is_whole else 'quick'} round of {self.asked_at:%Y-%m-%d %H:%M}"


class CheckRun(models.Model):
    """One check of a round, with the first of what it has found."""

    round = models.ForeignKey(WatchRound, on_delete=models.CASCADE, db_index=False, related_name="runs")
    name = models.CharField(max_length=40)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    outcome = models.CharField(max_length=6, choices=CheckOutcome)
    found = models.PositiveIntegerField(default=0, help_text="In all.")
    findings = models.JSONField(default=list, help_text="The first of them: subject, expected and found.")
    problem = models.CharField(max_length=300, blank=True, help_text="Why it could not be made.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "name"], name="check_run_once"),
            models.CheckConstraint(condition=Q(ended_at__gte=F("began_at")), name="check_run_ends_after"),
            models.CheckConstraint(
                condition=Q(outcome="ok", found=0, problem="")
                | Q(outcome="off", found__gt=0, problem="")
                | Q(outcome="failed", found=0) & ~Q(problem=""),
                name="check_run_outcome_fits",
            ),
        ]
        indexes = [models.Index(fields=["name", "-began_at"], name="check_run_newest")]

    def __str__(self) -> str:
        return f"{self.name}: {self.outcome}"

    @property
    def seconds(self) -> float:
        """Return its duration in seconds."""
        return (self.ended_at - self.began_at).total_seconds()


class CheckFinding(models.Model):
    """Finding of a check: open from the round that finds it first to the one that does not find it any more.

    It is told of when it begins, when it is a day old, and when it has ended; each has the time at which it was.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    check_name = models.CharField(max_length=40)
    subject = models.CharField(max_length=200)
    expected = models.CharField(max_length=500, blank=True)
    found = models.CharField(max_length=500, blank=True)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    told_old_at = models.DateTimeField(null=True)
    told_ended_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    note = LineColumn(max_length=300, blank=True, help_text="Of the operator who has acknowledged it.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["check_name", "subject"], condition=Q(ended_at__isnull=True), name="finding_open_once"
            ),
            models.CheckConstraint(
                condition=Q(last_seen_at__gte=F("first_seen_at"))
                & (Q(ended_at__isnull=True) | Q(ended_at__gte=F("last_seen_at"))),
                name="finding_times_in_order",
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_at__isnull=True, acknowledged_by__isnull=True, note="")
                | Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False) & ~Q(note=""),
                name="finding_acknowledged_whole",
            ),
            models.CheckConstraint(
                condition=Q(told_ended_at__isnull=True) | Q(ended_at__isnull=False, told_at__isnull=False),
                name="finding_end_told_after_end",
            ),
        ]
        indexes = [
            models.Index(fields=["ended_at", "-id"], name="finding_by_end"),
            models.Index(
                fields=["ended_at"],
                condition=Q(ended_at__isnull=False, told_at__isnull=False, told_ended_at__isnull=True),
                name="finding_end_to_tell",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.check_name}: {self.subject}"
