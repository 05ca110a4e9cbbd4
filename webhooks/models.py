"""Events that providers sent us, stored before anything is done with them."""

from django.db import models
from django.utils.translation import gettext_lazy

from kit.db.leased_work import LeasedWork


class InboundStatus(models.TextChoices):
    """Status of an event's processing."""

    RECEIVED = "received", gettext_lazy("Received")
    PROCESSED = "processed", gettext_lazy("Processed")
    IGNORED = "ignored", gettext_lazy("Ignored")
    FAILED = "failed", gettext_lazy("Failed")


class InboundEvent(LeasedWork):
    """One validly signed body, once, however often it was delivered."""

    provider = models.CharField(max_length=20)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the raw body, hex.")
    kind = models.CharField(max_length=60, help_text="The provider's own name for it.")
    reference = models.CharField(max_length=60, blank=True)
    body = models.BinaryField()
    status = models.CharField(max_length=10, choices=InboundStatus, default=InboundStatus.RECEIVED)
    outcome = models.CharField(max_length=200, blank=True)
    deliveries = models.PositiveIntegerField(default=1)
    received_at = models.DateTimeField()
    processed_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(
        null=True, db_column="retry_at", help_text="When the sweeper takes it up, unless it is done by then."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "digest"], name="inbound_event_once"),
            models.CheckConstraint(
                condition=~models.Q(status="received") | models.Q(due_at__isnull=False),
                name="inbound_waiting_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=models.Q(status="received"), name="inbound_waiting"),
            models.Index(fields=["reference", "-id"], name="inbound_of_reference"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"
