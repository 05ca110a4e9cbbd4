"""Returns of delivered units, their photos, and the days for them."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Q, Value
from django.utils.translation import gettext_lazy

from checkout.models.photos import PrivatePhoto
from kit.ids import uuid7
from kit.text.columns import LineColumn, ParagraphsColumn

if TYPE_CHECKING:
    from checkout.models.orders import Order


class ReturnStatus(models.TextChoices):
    """Status of a return."""

    REQUESTED = "requested", gettext_lazy("Waits for the shop")
    ASKED = "asked", gettext_lazy("The shop has a question")
    ACCEPTED = "accepted", gettext_lazy("To be sent back")
    REFUSED = "refused", gettext_lazy("Refused by the shop")
    ESCALATED = "escalated", gettext_lazy("Waits for the market")
    REJECTED = "rejected", gettext_lazy("Refused by the market")
    CANCELLED = "cancelled", gettext_lazy("Withdrawn")
    RECEIVED = "received", gettext_lazy("Arrived, refund on its way")
    REFUNDED = "refunded", gettext_lazy("Refunded")
    EXCHANGED = "exchanged", gettext_lazy("Exchanged")


# The money of their units went back, or is still the shop's to keep: the units can be asked for anew.
FREES_UNITS = frozenset({ReturnStatus.CANCELLED, ReturnStatus.RECEIVED, ReturnStatus.REFUNDED, ReturnStatus.EXCHANGED})


class Return(models.Model):
    """Units of a delivered part that its buyer wants to send back.

    `lines` and `written_off` map the variant of a line to a number of units. `exchange` maps the variant of a line to
    the variant that its buyer wants for it, as it was then: what identifies it, its price, and the price of the line's
    own variant (`list_minor`); lines without one are for money. `steps` has each move: its name, the
    status after it, the side that made it, a text and the time.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    sub_order = models.ForeignKey("checkout.SubOrder", on_delete=models.PROTECT, related_name="returns")
    shop = models.ForeignKey("tenants.Shop", on_delete=models.PROTECT, db_index=False, related_name="+")
    status = models.CharField(max_length=10, choices=ReturnStatus, default=ReturnStatus.REQUESTED)
    status_at = models.DateTimeField()
    lines = models.JSONField()
    reason = LineColumn(max_length=200)
    note = ParagraphsColumn(blank=True)
    instructions = ParagraphsColumn(blank=True, help_text="Where and how it is handed in.")
    written_off = models.JSONField(default=dict, db_default=Value({}, models.JSONField()))
    exchange = models.JSONField(
        default=dict,
        db_default=Value({}, models.JSONField()),
        help_text="Snapshot: the variant that is wanted for each line, with the prices of that moment.",
    )
    steps = models.JSONField(default=list)
    reversal = models.OneToOneField(
        "checkout.Reversal", on_delete=models.PROTECT, null=True, blank=True, related_name="of_return"
    )
    requested_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=ReturnStatus.values), name="return_status_known"),
            models.CheckConstraint(
                condition=Q(status__in=["received", "refunded", "exchanged"], reversal__isnull=False)
                | ~Q(status__in=["received", "refunded", "exchanged"]) & Q(reversal__isnull=True),
                name="return_received_has_reversal",
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "-id"], name="return_of_shop"),
            models.Index(fields=["status", "id"], name="return_by_status"),
        ]

    def __str__(self) -> str:
        return f"{self.sub_order_id}: {self.status}"

    @property
    def units(self) -> int:
        """Return the number of units."""
        return sum(self.lines.values())

    @property
    def returned_lines(self) -> list[dict[str, Any]]:
        """Return the snapshots of its lines, with the number of its units as their quantity."""
        lines = self.sub_order.lines
        return [
            {**line, "quantity": self.lines[line["variant_id"]]} for line in lines if line["variant_id"] in self.lines
        ]

    @property
    def replacement(self) -> "Order | None":
        """Return the order of what is sent instead, if there is one."""
        return getattr(self, "exchange_order", None)

    @property
    def status_steps(self) -> list[dict[str, Any]]:
        """Return the moves with their labels and times, the oldest first."""
        return [
            {**step, "label": ReturnStatus(step["status"]).label, "at": datetime.fromisoformat(step["at"])}
            for step in self.steps
        ]


class ReturnPhoto(PrivatePhoto):
    """A picture that a buyer has sent with a return, or is about to."""

    FOLDER = "returns"

    of_return = models.ForeignKey(Return, on_delete=models.PROTECT, null=True, blank=True, related_name="photos")

    class Meta(PrivatePhoto.Meta):
        constraints = [models.UniqueConstraint(fields=["file"], name="return_photo_file_once")]


class ReturnTerms(models.Model):
    """Days within which buyers of a shop may ask for a return; without them those of the market hold."""

    shop = models.OneToOneField("tenants.Shop", on_delete=models.CASCADE, primary_key=True, related_name="+")
    days = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Empty: as the market has it.")
    categories = models.JSONField(
        default=dict, db_default=Value({}, models.JSONField()), help_text="Days by the slug of a category."
    )
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.shop_id}: {self.days}"
