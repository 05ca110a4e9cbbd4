"""A sale that more people want than can be served at once: its product and the times of its waiting room."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy


class OpenedBy(models.TextChoices):
    """The cause of a waiting room."""

    SHOP = "shop", gettext_lazy("The shop")
    LOAD = "load", gettext_lazy("Many orders at once")


class WaitingRoom(models.Model):
    """The waiting room of a product: while it is open, its variants are bought in the order of arrival."""

    listing_id = models.UUIDField(primary_key=True, help_text="The product's id; listings come and go with products.")
    shop = models.ForeignKey("tenants.Shop", on_delete=models.PROTECT, related_name="+")
    opens_at = models.DateTimeField(help_text="When the first buyers are let in; people may queue a while before.")
    closes_at = models.DateTimeField()
    per_minute = models.PositiveIntegerField(help_text="How many buyers are let in each minute.")
    opened_by = models.CharField(max_length=5, choices=OpenedBy)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="waiting_room_closes_after_opening"),
            models.CheckConstraint(condition=Q(per_minute__gt=0), name="waiting_room_lets_somebody_in"),
        ]
        indexes = [models.Index(fields=["closes_at"], name="waiting_room_open")]

    def __str__(self) -> str:
        return str(self.listing_id)
