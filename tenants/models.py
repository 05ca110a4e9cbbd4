"""Shops, the hosts that lead to them, and the people who work there."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django_tenants.models import DomainMixin, TenantMixin


class ShopStatus(models.TextChoices):
    """What a shop may do."""

    DRAFT = "draft", "Draft"
    LIVE = "live", "Live"
    HOLIDAY = "holiday", "On holiday"
    SUSPENDED = "suspended", "Suspended"
    CLOSING = "closing", "Closing"
    CLOSED = "closed", "Closed"


class Role(models.TextChoices):
    """What a member of a shop's staff does there."""

    OWNER = "owner", "Owner"
    MANAGER = "manager", "Manager"
    FULFILMENT = "fulfilment", "Fulfilment"
    ACCOUNTANT = "accountant", "Accountant"
    VIEWER = "viewer", "Viewer"


class Shop(TenantMixin):
    """One tenant: a public profile here, and a schema of its own for everything else."""

    auto_create_schema = False
    auto_drop_schema = False

    objects: ClassVar[models.Manager["Shop"]] = models.Manager()

    schema_name = models.CharField(max_length=63, unique=True)
    slug = models.SlugField(max_length=50, unique=True)
    name = models.CharField(max_length=120)
    tagline = models.CharField(max_length=160, blank=True)
    description = models.TextField(blank=True)
    city = models.CharField(max_length=100, blank=True)
    country = models.CharField(max_length=2, default="NG", help_text="ISO 3166-1 alpha-2.")
    currency = models.CharField(max_length=3, default="NGN", help_text="ISO 4217.")
    status = models.CharField(max_length=12, choices=ShopStatus, default=ShopStatus.DRAFT)
    banner = models.CharField(max_length=200, blank=True, help_text="A file in the media storage.")
    logo = models.CharField(max_length=200, blank=True, help_text="A file in the media storage.")
    shipping_minor = models.BigIntegerField(default=0, help_text="Flat rate for a delivery, in minor units.")
    returns_policy = models.TextField(blank=True)
    commission_bps = models.PositiveIntegerField(null=True, blank=True, help_text="Empty: the platform's rate.")
    schema_version = models.CharField(max_length=64, blank=True, help_text="The DDL artefact it was born from.")
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
        ]

    def __str__(self) -> str:
        return self.name


class Domain(DomainMixin):
    """A host name that leads to a shop."""

    objects: ClassVar[models.Manager["Domain"]] = models.Manager()

    domain = models.CharField(max_length=253, unique=True)
    tenant = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="domains")
    is_primary = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant"], condition=models.Q(is_primary=True), name="domain_one_primary_each"
            ),
            models.CheckConstraint(
                condition=models.Q(domain__regex=r"^[a-z0-9-]+(\.[a-z0-9-]+)*$"), name="domain_is_a_host_name"
            ),
        ]

    def __str__(self) -> str:
        return self.domain


class Membership(models.Model):
    """A person's role in a shop."""

    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "user"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.user_id} as {self.role} of {self.shop_id}"


class MigrationFailure(models.Model):
    """Why a shop's schema could not be brought up to date; the row goes as soon as it is."""

    shop = models.OneToOneField(Shop, on_delete=models.CASCADE, primary_key=True, related_name="migration_failure")
    reason = models.TextField()
    attempts = models.PositiveIntegerField(default=1)
    failed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(attempts__gte=1), name="migration_failure_was_attempted")
        ]

    def __str__(self) -> str:
        return f"{self.shop_id}: {self.reason}"
