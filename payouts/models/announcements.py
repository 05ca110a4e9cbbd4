"""Announced commission rules: the rules of an announcement, and the shops that were notified of each."""

from django.db import models
from django.db.models import Q

from kit.db.leased_work import LeasedWork
from kit.ids import uuid7


class CommissionAnnouncement(LeasedWork):
    """Rules that were published within some minutes: each shop that they concern gets one letter about them.

    Shops are told in the order of their ids, in batches; each batch is written with `last_shop_id`.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    is_open = models.BooleanField(default=True, help_text="Rules may join: no shop is told yet.")
    last_shop_id = models.BigIntegerField(default=0, help_text="Shops up to this one are told.")
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_open"], condition=Q(is_open=True), name="commission_announcement_one_open"
            ),
            models.CheckConstraint(
                condition=Q(is_open=False) | Q(last_shop_id=0, ended_at__isnull=True),
                name="commission_announcement_open_untold",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"], condition=Q(ended_at__isnull=True), name="commission_announcement_wait"
            )
        ]

    def __str__(self) -> str:
        return f"Announcement of rules of {self.created_at:%Y-%m-%d %H:%M}"


class AnnouncedRule(models.Model):
    """A rule in an announcement: that it begins, which is told once, or that it ends or was withdrawn."""

    announcement = models.ForeignKey(CommissionAnnouncement, on_delete=models.CASCADE, related_name="rules")
    rule = models.ForeignKey("payouts.CommissionRule", on_delete=models.PROTECT, db_index=False, related_name="+")
    is_end = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rule", "announcement", "is_end"], name="announced_rule_once"),
            models.UniqueConstraint(fields=["rule"], condition=Q(is_end=False), name="announced_rule_begins_once"),
        ]

    def __str__(self) -> str:
        return f"{'End' if self.is_end else 'Begin'} of rule {self.rule_id}"


class ToldShop(models.Model):
    """A shop whose owners were notified of a rule; kept as the proof."""

    announced = models.ForeignKey(AnnouncedRule, on_delete=models.CASCADE, db_index=False, related_name="told")
    shop = models.ForeignKey("tenants.Shop", on_delete=models.PROTECT, db_index=False, related_name="+")
    told_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["announced", "shop"], name="shop_told_once")]

    def __str__(self) -> str:
        return f"Shop {self.shop_id} told of {self.announced_id}"
