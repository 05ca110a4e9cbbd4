"""Categories, and the projection of every shop's products that buyers search."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models


class Category(models.Model):
    """A node of the platform's category tree."""

    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    name = models.CharField(max_length=80)
    slug = models.SlugField(max_length=80, unique=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "name"]
        verbose_name_plural = "categories"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(parent__isnull=True) | ~models.Q(parent=models.F("id")), name="category_not_own_parent"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Listing(models.Model):
    """A product as buyers of the whole market see it; its id is the product's."""

    id = models.UUIDField(primary_key=True)
    shop = models.ForeignKey("tenants.Shop", on_delete=models.CASCADE, related_name="+")
    title = models.CharField(max_length=160)
    slug = models.SlugField(max_length=180)
    description = models.TextField(blank=True)
    category = models.ForeignKey(Category, on_delete=models.SET_NULL, null=True, related_name="listings")
    brand = models.CharField(max_length=80, blank=True)
    image = models.CharField(max_length=200, blank=True)
    currency = models.CharField(max_length=3)
    price_minor = models.BigIntegerField(help_text="The lowest price of its variants.")
    price_max_minor = models.BigIntegerField()
    compare_at_minor = models.BigIntegerField(null=True, help_text="What the cheapest variant cost before.")
    is_in_stock = models.BooleanField(default=False)
    is_visible = models.BooleanField(default=True, help_text="The product is on sale and its shop sells.")
    popularity = models.IntegerField(default=0, help_text="Units sold.")
    rating_sum = models.IntegerField(default=0)
    rating_count = models.IntegerField(default=0)
    search = SearchVectorField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        indexes = [
            GinIndex(fields=["search"], name="listing_search"),
            models.Index(fields=["-popularity", "id"], condition=models.Q(is_visible=True), name="listing_popular"),
            models.Index(fields=["-created_at", "id"], condition=models.Q(is_visible=True), name="listing_newest"),
            models.Index(fields=["price_minor", "id"], condition=models.Q(is_visible=True), name="listing_cheapest"),
            models.Index(fields=["shop", "-popularity", "id"], name="listing_of_shop"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(price_max_minor__gte=models.F("price_minor")), name="listing_price_range"
            )
        ]

    def __str__(self) -> str:
        return self.title


class ListingVariant(models.Model):
    """A variant as buyers see it: which shop sells it, and for how much; its id is the variant's."""

    id = models.UUIDField(primary_key=True)
    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="variants")
    shop = models.ForeignKey("tenants.Shop", on_delete=models.CASCADE, related_name="+")
    sku = models.CharField(max_length=64)
    options = models.JSONField(default=dict)
    price_minor = models.BigIntegerField()
    compare_at_minor = models.BigIntegerField(null=True)
    is_in_stock = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.sku
