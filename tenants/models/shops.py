"""Shops: each a tenant with a public row here and a schema of its own."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy
from django_tenants.models import TenantMixin

from kit.text.columns import (
    CountryColumn,
    EmailColumn,
    LineColumn,
    NameColumn,
    ParagraphsColumn,
    PhoneColumn,
    ShortParagraphsColumn,
)
from kit.text.parts import parts_index


class ShopStatus(models.TextChoices):
    """Status of a shop."""

    DRAFT = "draft", gettext_lazy("Draft")
    LIVE = "live", gettext_lazy("Live")
    HOLIDAY = "holiday", gettext_lazy("On holiday")
    SUSPENDED = "suspended", gettext_lazy("Suspended")
    CLOSING = "closing", gettext_lazy("Closing")
    CLOSED = "closed", gettext_lazy("Closed")
    DELETED = "deleted", gettext_lazy("Deleted")


SHOP_PARTS = ("name", "slug", "contact_email")


class Shop(TenantMixin):
    """A tenant: a public profile here, and its own schema for everything else."""

    auto_create_schema = False
    auto_drop_schema = False

    objects: ClassVar[models.Manager["Shop"]] = models.Manager()

    schema_name = models.CharField(max_length=63, unique=True)
    slug = models.SlugField(max_length=50, unique=True)
    name = NameColumn(max_length=120)
    tagline = LineColumn(max_length=160, blank=True)
    description = ParagraphsColumn(blank=True)
    city = NameColumn(max_length=100, blank=True)
    country = CountryColumn(max_length=2, default="NG", help_text="ISO 3166-1 alpha-2.")
    currency = models.CharField(max_length=3, help_text="ISO 4217; for life.")
    # NULL, not empty: a foreign key in the database (migration 0005) holds it to the shop's own domains.
    primary_host = models.CharField(  # noqa: DJ001
        max_length=253, null=True, blank=True, help_text="A domain of its own that it lives at; empty: its slug's."
    )
    status = models.CharField(max_length=12, choices=ShopStatus, default=ShopStatus.DRAFT)
    status_at = models.DateTimeField(help_text="Since when it has this status.")
    status_note = ShortParagraphsColumn(
        max_length=300, blank=True, help_text="What buyers and staff are told about it."
    )
    status_before = models.CharField(
        max_length=12, blank=True, help_text="What a suspended or closing shop goes back to."
    )
    returns_on = models.DateField(null=True, blank=True, help_text="The day on which a holiday is over.")
    closes_at = models.DateTimeField(null=True, blank=True, help_text="When it is to stop taking orders.")
    delete_after = models.DateTimeField(null=True, blank=True, help_text="When a closed shop's data may go.")
    banner = models.CharField(max_length=200, blank=True, help_text="A file in the media storage.")
    logo = models.CharField(max_length=200, blank=True, help_text="A file in the media storage.")
    shipping_minor = models.BigIntegerField(default=0, help_text="Flat rate for a delivery, in minor units.")
    terms_version = models.BigIntegerField(
        default=0, db_default=0, editable=False, help_text="Of its terms of sale (checkout); 0: it has set none."
    )
    delivery_policy = ParagraphsColumn(blank=True)
    returns_policy = ParagraphsColumn(blank=True)
    contact_email = EmailColumn(blank=True, help_text="Where buyers can write to.")
    contact_phone = PhoneColumn(max_length=30, blank=True)
    commission_bps = models.PositiveIntegerField(null=True, blank=True, help_text="Empty: the platform's rate.")
    rate_limit_per_minute = models.PositiveIntegerField(null=True, blank=True, help_text="Empty: as for all shops.")
    schema_version = models.CharField(max_length=64, blank=True, help_text="The DDL artefact it was born from.")
    migrated_to = models.CharField(
        max_length=64,
        blank=True,
        default="",
        db_default="",
        editable=False,
        help_text="Digest of the migrations that its schema has, and the table that says so; empty: to be looked up.",
    )
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(shipping_minor__gte=0), name="shop_shipping_not_negative"),
            models.CheckConstraint(
                condition=models.Q(commission_bps__isnull=True) | models.Q(commission_bps__lte=10_000),
                name="shop_commission_at_most_all",
            ),
            models.CheckConstraint(
                condition=models.Q(schema_name__regex=r"^shop_[a-z0-9_]{1,58}$"), name="shop_schema_named"
            ),
            models.CheckConstraint(condition=models.Q(slug__regex=r"^[a-z0-9-]+$"), name="shop_slug_is_a_label"),
            models.CheckConstraint(
                condition=models.Q(rate_limit_per_minute__isnull=True) | models.Q(rate_limit_per_minute__gte=10),
                name="shop_rate_limit_lets_work",
            ),
            models.CheckConstraint(condition=models.Q(currency__regex=r"^[A-Z]{3}$"), name="shop_currency_is_a_code"),
            models.CheckConstraint(condition=models.Q(status__in=ShopStatus.values), name="shop_status_known"),
            models.CheckConstraint(
                condition=models.Q(delete_after__isnull=True) | models.Q(status__in=["closed", "deleted"]),
                name="shop_deleted_only_when_closed",
            ),
            models.CheckConstraint(
                condition=models.Q(status_before="")
                | models.Q(
                    status__in=["suspended", "closing"], status_before__in=["draft", "live", "holiday", "closing"]
                ),
                name="shop_goes_back_from_suspension",
            ),
            models.CheckConstraint(
                condition=models.Q(returns_on__isnull=True) | models.Q(status__in=["holiday", "suspended"]),
                name="shop_returns_from_a_holiday",
            ),
            models.CheckConstraint(
                condition=models.Q(closes_at__isnull=True)
                | models.Q(status__in=["draft", "live", "holiday", "suspended"]),
                name="shop_closes_while_it_runs",
            ),
        ]
        indexes = [parts_index("shop_parts", *SHOP_PARTS)]

    def __str__(self) -> str:
        return self.name
