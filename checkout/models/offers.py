"""Automatic offers of shops: what they take off without a code."""

from django.db import models
from django.db.models import F, Q, Value
from django.utils.translation import gettext_lazy

from checkout.models.times import within_years
from kit.ids import uuid7
from kit.text.columns import LineColumn

ALL_BPS = 10_000
LONGEST_NAME = 60
NONE = Value([], models.JSONField())


class OfferKind(models.TextChoices):
    """Rule by which an automatic offer takes something off."""

    PRICE_CUT = "price_cut", gettext_lazy("A lower price, shown with the earlier one")
    BUY_GET = "buy_get", gettext_lazy("Buy some, get some")
    SPEND = "spend", gettext_lazy("More off from higher totals")
    QUANTITY = "quantity", gettext_lazy("More off for more pieces")


class AutomaticOffer(models.Model):
    """An offer of a shop that holds by itself; the shop pays for it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    shop = models.ForeignKey("tenants.Shop", on_delete=models.PROTECT, db_index=False, related_name="+")
    name = LineColumn(max_length=LONGEST_NAME, help_text="As buyers read of it.")
    kind = models.CharField(max_length=12, choices=OfferKind)
    percent_bps = models.PositiveIntegerField(null=True, blank=True)
    buys = models.PositiveIntegerField(null=True, blank=True)
    gives = models.PositiveIntegerField(null=True, blank=True)
    tiers = models.JSONField(
        default=list,
        blank=True,
        db_default=NONE,
        help_text="`least` with `percent_bps` or `amount_minor`.",
    )
    products = models.JSONField(default=list, blank=True, db_default=NONE, help_text="Ids; none: all.")
    categories = models.JSONField(default=list, blank=True, db_default=NONE, help_text="Ids, with all below them.")
    gives_products = models.JSONField(
        default=list, blank=True, db_default=NONE, help_text="Ids; none, nor categories: the same goods."
    )
    gives_categories = models.JSONField(default=list, blank=True, db_default=NONE, help_text="Ids.")
    asked_minor = models.JSONField(
        default=dict,
        blank=True,
        db_default=Value({}, models.JSONField()),
        help_text="Of a price cut, the least that was asked for each variant in the month before it was saved.",
    )
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    is_paused = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="offer_named"),
            models.CheckConstraint(
                condition=Q(kind="price_cut", percent_bps__isnull=False, percent_bps__range=(1, ALL_BPS), tiers=[])
                | Q(
                    kind="buy_get",
                    percent_bps__isnull=False,
                    percent_bps__range=(1, ALL_BPS),
                    buys__isnull=False,
                    buys__gte=1,
                    gives__isnull=False,
                    gives__gte=1,
                    tiers=[],
                )
                | Q(kind__in=["spend", "quantity"], percent_bps__isnull=True) & ~Q(tiers=[]),
                name="offer_has_what_its_kind_needs",
            ),
            models.CheckConstraint(
                condition=Q(starts_at__isnull=True) | Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="offer_ends_after_it_starts",
            ),
            models.CheckConstraint(condition=within_years("starts_at", "ends_at"), name="offer_times_within_years"),
        ]
        indexes = [models.Index(fields=["shop", "-id"], name="offer_of_shop")]

    def __str__(self) -> str:
        return self.name
