"""Products, their variants and images."""

from django.db import models
from django.utils.translation import gettext_lazy

from catalogue.tax_classes import TaxClass
from kit.ids import uuid7
from kit.text.columns import LineColumn, NameColumn, ParagraphsColumn
from kit.text.pairs import PairsColumn


class ProductStatus(models.TextChoices):
    """Status of a product, which decides whether buyers see it."""

    DRAFT = "draft", gettext_lazy("Draft")
    ACTIVE = "active", gettext_lazy("On sale")
    ARCHIVED = "archived", gettext_lazy("Archived")


class Product(models.Model):
    """A product of a shop, in one or more variants."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    title = NameColumn(max_length=160)
    slug = models.SlugField(max_length=180)
    description = ParagraphsColumn(blank=True)
    category_id = models.BigIntegerField(null=True, help_text="A category of the public schema; no key across schemas.")
    brand = NameColumn(max_length=80, blank=True)
    tax_class = models.CharField(max_length=10, choices=TaxClass, default=TaxClass.STANDARD, db_default="standard")
    status = models.CharField(max_length=10, choices=ProductStatus, default=ProductStatus.DRAFT)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True, help_text="Kept for the orders that mention it.")

    class Meta:
        constraints = [models.CheckConstraint(condition=~models.Q(title=""), name="product_titled")]
        indexes = [models.Index(fields=["status", "-created_at", "id"], name="product_status_newest")]

    def __str__(self) -> str:
        return self.title


class Variant(models.Model):
    """One sellable form of a product, with its own SKU, price and stock."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="variants")
    sku = LineColumn(max_length=64)
    options = PairsColumn(default=dict, help_text='Such as {"Colour": "Indigo"}; empty for a single form.')
    price_minor = models.BigIntegerField()
    compare_at_minor = models.BigIntegerField(null=True, blank=True, help_text="The price it was.")
    weight_g = models.PositiveIntegerField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["sku"], condition=models.Q(deleted_at__isnull=True), name="variant_sku_once"
            ),
            models.CheckConstraint(condition=models.Q(price_minor__gt=0), name="variant_price_positive"),
            models.CheckConstraint(
                condition=models.Q(compare_at_minor__isnull=True)
                | models.Q(compare_at_minor__gt=models.F("price_minor")),
                name="variant_was_price_above",
            ),
            models.CheckConstraint(condition=~models.Q(sku=""), name="variant_sku_given"),
        ]

    def __str__(self) -> str:
        return self.sku


class ProductImage(models.Model):
    """A picture of a product, in the media storage under the shop's own folder."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="images")
    file = models.CharField(max_length=200, help_text="The large picture; the small one stands beside it.")
    alt = LineColumn(max_length=160, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.file
