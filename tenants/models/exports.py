"""Archives that shops have asked for."""

from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy

from kit.db.leased_work import LeasedWork
from kit.ids import uuid7
from tenants.models.shops import Shop


class ExportState(models.TextChoices):
    """State of an export."""

    QUEUED = "queued", gettext_lazy("Waiting")
    RUNNING = "running", gettext_lazy("Being made")
    READY = "ready", gettext_lazy("Ready")
    FAILED = "failed", gettext_lazy("Failed")
    EXPIRED = "expired", gettext_lazy("No longer kept")


class ShopExport(LeasedWork):
    """An archive that a member of a shop asked for, and the time until which it is kept."""

    id: models.UUIDField[UUID, UUID] = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="exports")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=8, choices=ExportState, default=ExportState.QUEUED)
    done = models.PositiveIntegerField(default=0, help_text="Steps done.")
    total = models.PositiveIntegerField(default=0, help_text="Steps in all; none before it is known.")
    leased_until = models.DateTimeField(
        null=True, blank=True, db_column="lease_until", help_text="Until then some worker is at it."
    )
    file = models.CharField(max_length=200, blank=True, help_text="A file in the private storage.")
    size = models.BigIntegerField(default=0, help_text="In bytes.")
    last_error = models.CharField(max_length=300, blank=True, default="", db_default="", db_column="error")
    created_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shop"], condition=models.Q(state__in=["queued", "running"]), name="shop_export_one_open_each"
            ),
            models.CheckConstraint(condition=models.Q(state__in=ExportState.values), name="shop_export_state_known"),
            models.CheckConstraint(
                condition=~models.Q(state="ready")
                | (~models.Q(file="") & models.Q(expires_at__isnull=False, ready_at__isnull=False)),
                name="shop_export_ready_has_file",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="expired") | models.Q(file=""), name="shop_export_expired_has_none"
            ),
        ]
        indexes = [models.Index(fields=["shop", "-id"], name="shop_export_of")]

    def __str__(self) -> str:
        return f"{self.shop_id} {self.state}"

    @property
    def is_open(self) -> bool:
        """Return whether it is still to be made."""
        return self.state in {ExportState.QUEUED, ExportState.RUNNING}
