"""Coupons of shops and of the platform, and their uses."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q, Value
from django.utils.translation import gettext_lazy

from checkout.models.times import within_years
from kit.ids import uuid7

CODE_PATTERN = r"^[A-Z0-9][A-Z0-9_-]{2,31}$"
LONGEST_CODE = 32
ALL_BPS = 10_000


class CouponKind(models.TextChoices):
    """Kind of a discount that a coupon gives."""

    PERCENT = "percent", gettext_lazy("A percentage")
    FIXED = "fixed", gettext_lazy("A fixed amount")
    FREE_DELIVERY = "free_delivery", gettext_lazy("Free delivery")


class Coupon(models.Model):
    """A code that takes something off a price; without a shop it is the platform's, which then pays for it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    shop = models.ForeignKey(
        "tenants.Shop", on_delete=models.PROTECT, null=True, blank=True, db_index=False, related_name="+"
    )
    code = models.CharField(max_length=LONGEST_CODE, validators=[RegexValidator(CODE_PATTERN)])
    kind = models.CharField(max_length=16, choices=CouponKind)
    percent_bps = models.PositiveIntegerField(null=True, blank=True)
    amount_minor = models.BigIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True, help_text="Empty: any, for a percentage of the platform's.")
    minimum_minor = models.BigIntegerField(default=0, help_text="Of the goods that it applies to, before it.")
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    uses_total = models.PositiveIntegerField(null=True, blank=True)
    uses_per_buyer = models.PositiveIntegerField(null=True, blank=True)
    is_first_order = models.BooleanField(default=False, help_text="For a buyer's first order alone.")
    is_public = models.BooleanField(default=False, help_text="Whether it is shown to everybody.")
    is_paused = models.BooleanField(default=False)
    products = models.JSONField(default=list, blank=True, help_text="Ids; none: all.")
    categories = models.JSONField(default=list, blank=True, help_text="Ids, with all below them; none: all.")
    shops = models.JSONField(default=list, blank=True, help_text="Ids, for a coupon of the platform; none: all.")
    used = models.PositiveIntegerField(default=0, db_default=0, help_text="Uses of orders that have not ended unpaid.")
    batch_id = models.UUIDField(null=True, blank=True, help_text="Of codes for one use each that were made together.")
    created_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code", "shop"],
                condition=Q(deleted_at__isnull=True),
                name="coupon_code_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=Q(code__regex=CODE_PATTERN), name="coupon_code_is_one"),
            models.CheckConstraint(
                condition=Q(
                    kind="percent",
                    percent_bps__isnull=False,
                    percent_bps__range=(1, ALL_BPS),
                    amount_minor__isnull=True,
                )
                | Q(kind="fixed", percent_bps__isnull=True, amount_minor__isnull=False, amount_minor__gt=0)
                | Q(kind="free_delivery", percent_bps__isnull=True, amount_minor__isnull=True),
                name="coupon_has_what_its_kind_needs",
            ),
            models.CheckConstraint(
                condition=~Q(currency="")
                | Q(shop__isnull=True, minimum_minor=0) & Q(kind__in=["percent", "free_delivery"]),
                name="coupon_amounts_have_currency",
            ),
            models.CheckConstraint(condition=Q(minimum_minor__gte=0), name="coupon_minimum_not_negative"),
            models.CheckConstraint(
                condition=Q(starts_at__isnull=True) | Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="coupon_ends_after_it_starts",
            ),
            models.CheckConstraint(condition=within_years("starts_at", "ends_at"), name="coupon_times_within_years"),
            models.CheckConstraint(
                condition=(Q(uses_total__isnull=True) | Q(uses_total__gte=1))
                & (Q(uses_per_buyer__isnull=True) | Q(uses_per_buyer__gte=1)),
                name="coupon_limits_positive",
            ),
            models.CheckConstraint(
                condition=Q(uses_total__isnull=True) | Q(used__lte=F("uses_total")), name="coupon_used_within_limit"
            ),
            models.CheckConstraint(
                condition=Q(shop__isnull=True) | Q(shops=Value([], models.JSONField())), name="coupon_of_shop_has_none"
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "-id"], name="coupon_of_shop"),
            models.Index(fields=["batch_id", "id"], condition=Q(batch_id__isnull=False), name="coupon_of_batch"),
        ]

    def __str__(self) -> str:
        return self.code


class CouponBuyer(models.Model):
    """Count of one buyer's uses of a coupon."""

    coupon = models.ForeignKey(Coupon, on_delete=models.PROTECT, db_index=False, related_name="+")
    buyer = models.CharField(max_length=40, help_text="A keyed digest of the account or of a guest's e-mail address.")
    used = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["coupon", "buyer"], name="coupon_buyer_once")]
        indexes = [models.Index(fields=["buyer"], name="coupon_buyer_by_buyer")]

    def __str__(self) -> str:
        return f"{self.coupon_id}: {self.used}"


class CouponUse(models.Model):
    """A coupon's use by an order; it is released when the order ends unpaid."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    coupon = models.ForeignKey(Coupon, on_delete=models.PROTECT, db_index=False, related_name="uses")
    order = models.ForeignKey("checkout.Order", on_delete=models.PROTECT, db_index=False, related_name="+")
    buyer = models.CharField(max_length=40, blank=True, help_text="As of the buyer's count; empty once forgotten.")
    saved_minor = models.BigIntegerField(help_text="What it took off goods and delivery.")
    currency = models.CharField(max_length=3)
    created_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "coupon"], name="coupon_use_once_an_order"),
            models.CheckConstraint(condition=Q(saved_minor__gt=0), name="coupon_use_saves"),
        ]
        indexes = [models.Index(fields=["coupon", "-id"], name="coupon_uses")]

    def __str__(self) -> str:
        return f"{self.coupon_id} by {self.order_id}"
