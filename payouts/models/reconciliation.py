"""Differences between the ledger and the records of payment providers."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy, pgettext_lazy

from kit.ids import uuid7
from kit.text.columns import LineColumn


class DifferenceKind(models.TextChoices):
    """Kind of the movement that is compared; all but the last are those of `gateway.records`."""

    CHARGE = "charge", gettext_lazy("Payment")
    REFUND = "refund", pgettext_lazy("money", "Refund")
    TRANSFER = "transfer", gettext_lazy("Transfer")
    SETTLEMENT = "settlement", gettext_lazy("Settlement")
    BALANCE = "balance", gettext_lazy("Balance")


class Cause(models.TextChoices):
    """Way in which ledger and provider differ."""

    NOT_BOOKED = "not_booked", gettext_lazy("At the provider, not in the ledger")
    NOT_THERE = "not_there", gettext_lazy("In the ledger, not at the provider")
    AMOUNT = "amount", gettext_lazy("Other amounts")
    FEE = "fee", gettext_lazy("Other fees")
    CURRENCY = "currency", gettext_lazy("Other currencies")
    TWICE = "twice", gettext_lazy("Twice at the provider")


class ReconciliationRun(models.Model):
    """A comparison of the ledger with a provider's records of some days."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    provider = models.CharField(max_length=20)
    since = models.DateTimeField()
    until = models.DateTimeField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    compared = models.IntegerField(default=0, help_text="Records of the provider that were compared.")
    found = models.IntegerField(default=0, help_text="Differences that are open.")
    explained = models.IntegerField(
        default=0, db_default=0, help_text="Differences that are there still, as operators have explained."
    )
    problem = models.CharField(max_length=300, blank=True, help_text="Why it could not be finished.")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(since__lt=models.F("until")), name="reconciliation_window")]
        indexes = [models.Index(fields=["provider", "-started_at"], name="reconciliation_newest")]

    def __str__(self) -> str:
        return f"{self.provider} {self.since:%Y-%m-%d} to {self.until:%Y-%m-%d}"


class Difference(models.Model):
    """A movement of which the ledger and a provider differ; open until a run finds it gone, or an operator ends it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    provider = models.CharField(max_length=20)
    kind = models.CharField(max_length=10, choices=DifferenceKind)
    cause = models.CharField(max_length=12, choices=Cause)
    reference = models.CharField(max_length=64, help_text="Ours; empty for what we did not ask for.", blank=True)
    provider_id = models.CharField(max_length=64, blank=True, help_text="The provider's own id.")
    currency = models.CharField(max_length=3)
    ours_minor = models.BigIntegerField(null=True, help_text="In the ledger; null where there is nothing.")
    theirs_minor = models.BigIntegerField(null=True, help_text="At the provider; null where there is nothing.")
    fees_minor = models.BigIntegerField(null=True, help_text="The provider’s fee beside it; null where it says none.")
    happened_at = models.DateTimeField()
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, db_index=False, related_name="+"
    )
    note = LineColumn(max_length=300, blank=True, help_text="Why it was ended.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "kind", "cause", "reference", "provider_id"],
                condition=Q(ended_at__isnull=True),
                name="difference_open_once",
            ),
            models.CheckConstraint(
                condition=Q(ours_minor__isnull=False) | Q(theirs_minor__isnull=False), name="difference_has_an_amount"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=False) | Q(ended_by__isnull=True, note=""), name="difference_end_is_whole"
            ),
        ]
        indexes = [
            models.Index(fields=["ended_at", "-happened_at", "id"], name="difference_queue"),
            models.Index(fields=["reference"], condition=Q(ended_by__isnull=False), name="difference_explained"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference or self.provider_id}: {self.cause}"

    @property
    def off_minor(self) -> int:
        """Return the amount that the provider has more than the ledger; negative where it has less."""
        return (self.theirs_minor or 0) - (self.ours_minor or 0)
