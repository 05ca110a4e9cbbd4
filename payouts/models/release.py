"""Release of what shops have earned: when it is due, what holds it, and the share that is kept as a reserve."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy

from kit.text.columns import LineColumn
from payouts.models.ledger import Journal


class HoldReason(models.TextChoices):
    """Reason for which the money of a sub-order is not released."""

    RETURN = "return", gettext_lazy("A return is open")
    REFUND = "refund", gettext_lazy("A refund is under way")
    DISPUTE = "dispute", gettext_lazy("The payment is disputed")
    OPERATOR = "operator", gettext_lazy("The market holds it")


class ReleaseSchedule(models.Model):
    """Release of a sub-order's money: due once its days after the delivery are over and nothing holds it.

    The row is there from the delivery on, or from the first hold, if that comes before. The days are those of the
    moment of delivery. `open_holds` counts the open holds, so that who locks the row sees them. A trigger refuses to
    change or delete what is released (`release_is_final`).
    """

    sub_order_id = models.UUIDField(primary_key=True)
    shop = models.ForeignKey("tenants.Shop", on_delete=models.PROTECT, db_index=False, related_name="+")
    number = models.CharField(max_length=24, help_text="The sub-order's.")
    currency = models.CharField(max_length=3)
    delivered_at = models.DateTimeField(null=True, help_text="Empty where a hold came before the delivery.")
    hold_days = models.PositiveSmallIntegerField(null=True, help_text="Between the delivery and the release.")
    due_at = models.DateTimeField(null=True)
    open_holds = models.PositiveSmallIntegerField(default=0, db_default=0)
    released_at = models.DateTimeField(null=True)
    journal = models.ForeignKey(
        Journal,
        on_delete=models.PROTECT,
        null=True,
        related_name="releases",
        help_text="What it was released with; none where nothing was pending by then.",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(delivered_at__isnull=True, hold_days__isnull=True, due_at__isnull=True)
                | Q(hold_days__isnull=False, due_at__isnull=False, due_at__gte=F("delivered_at"))
                & Q(delivered_at__isnull=False),
                name="release_due_once_delivered",
            ),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True)
                | Q(due_at__isnull=False) & Q(released_at__gte=F("due_at")) & Q(open_holds=0),
                name="release_not_before_due_or_held",
            ),
            models.CheckConstraint(
                condition=Q(journal__isnull=True) | Q(released_at__isnull=False), name="release_booked_when_released"
            ),
        ]
        indexes = [
            models.Index(
                fields=["shop", "currency", "due_at"],
                condition=Q(released_at__isnull=True, open_holds=0, due_at__isnull=False),
                name="release_due",
            ),
            models.Index(fields=["shop", "-sub_order_id"], name="release_of_shop"),
        ]

    def __str__(self) -> str:
        return self.number


class ReleaseHold(models.Model):
    """Reason that keeps a sub-order's money from being released until it is closed."""

    schedule = models.ForeignKey(ReleaseSchedule, on_delete=models.PROTECT, related_name="holds")
    reason = models.CharField(max_length=8, choices=HoldReason)
    source = models.CharField(max_length=64, help_text="What holds it, as `return:<id>`; open once at a time.")
    note = LineColumn(max_length=300, blank=True, help_text="An operator's words to the shop.")
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    opened_at = models.DateTimeField()
    lapses_at = models.DateTimeField(null=True, help_text="When it closes by itself; empty: never.")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source"], condition=Q(closed_at__isnull=True), name="release_hold_open_once"
            ),
            models.CheckConstraint(condition=Q(reason__in=HoldReason.values), name="release_hold_reason_known"),
            models.CheckConstraint(
                condition=~Q(reason="operator") | ~Q(note="") & Q(opened_by__isnull=False),
                name="release_hold_of_operator_has_note",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("opened_at")),
                name="release_hold_closed_after_opened",
            ),
        ]
        indexes = [
            models.Index(
                fields=["lapses_at"],
                condition=Q(closed_at__isnull=True, lapses_at__isnull=False),
                name="release_hold_lapsing",
            )
        ]

    def __str__(self) -> str:
        return self.source


class Reserve(models.Model):
    """Share of what was released that is kept until its days are over, as cover for what is taken back by then.

    Written by who holds the shop's balances alone. `taken_minor` is what reversals have taken of it since; the rest
    becomes available when it ends. A trigger refuses another end of a reserve that has ended (`reserve_is_final`).
    """

    schedule = models.OneToOneField(ReleaseSchedule, on_delete=models.PROTECT, primary_key=True, related_name="reserve")
    shop = models.ForeignKey("tenants.Shop", on_delete=models.PROTECT, db_index=False, related_name="+")
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    taken_minor = models.BigIntegerField(default=0, db_default=0)
    due_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    journal = models.ForeignKey(
        Journal,
        on_delete=models.PROTECT,
        null=True,
        related_name="ended_reserves",
        help_text="What it ended with; none where nothing was left of it.",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="reserve_positive"),
            models.CheckConstraint(
                condition=Q(taken_minor__gte=0, taken_minor__lte=F("amount_minor")), name="reserve_taken_within"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, journal__isnull=True)
                | Q(ended_at__gte=F("due_at"), journal__isnull=False, taken_minor__lt=F("amount_minor"))
                | Q(ended_at__gte=F("due_at"), journal__isnull=True, taken_minor=F("amount_minor")),
                name="reserve_ends_with_its_rest",
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "currency", "due_at"], condition=Q(ended_at__isnull=True), name="reserve_open")
        ]

    def __str__(self) -> str:
        return f"{self.schedule_id}: {self.amount_minor}"

    @property
    def left_minor(self) -> int:
        """Return the amount that was not taken."""
        return self.amount_minor - self.taken_minor


class ReleaseTerms(models.Model):
    """A shop's own days and reserve; where one is empty, the market's hold."""

    shop = models.OneToOneField("tenants.Shop", on_delete=models.PROTECT, primary_key=True, related_name="+")
    hold_days = models.PositiveSmallIntegerField(null=True, blank=True)
    reserve_bps = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Share of what is released that is kept, in hundredths of a percent."
    )
    reserve_days = models.PositiveSmallIntegerField(null=True, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(reserve_bps__isnull=True) | Q(reserve_bps__lte=10_000), name="release_terms_share_of_all"
            ),
            models.CheckConstraint(
                condition=Q(hold_days__isnull=True) | Q(hold_days__lte=365), name="release_terms_days_in_a_year"
            ),
            models.CheckConstraint(
                condition=Q(reserve_days__isnull=True) | Q(reserve_days__gte=1, reserve_days__lte=730),
                name="release_terms_reserve_in_two_years",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shop_id}"
