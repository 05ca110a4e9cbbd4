"""Categories, and the projection of every shop's products that buyers search."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q

from kit.text.columns import LineColumn, NameColumn, ParagraphsColumn
from kit.text.pairs import PairsColumn


class Category(models.Model):
    """A node of the platform's category tree."""

    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    name = NameColumn(max_length=80)
    slug = models.SlugField(max_length=80, unique=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_retired = models.BooleanField(
        default=False,
        db_default=False,
        help_text="Merged into its parent, or without one deleted; kept for the products of shops that name it.",
    )

    class Meta:
        ordering = ["position", "name", "id"]
        verbose_name_plural = "categories"
        constraints = [
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="category_not_own_parent"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="category_named"),
        ]

    def __str__(self) -> str:
        return self.name


class Listing(models.Model):
    """A product as buyers of the whole market see it; its id is the product's."""

    id = models.UUIDField(primary_key=True)
    shop = models.ForeignKey("tenants.Shop", on_delete=models.CASCADE, db_index=False, related_name="+")
    title = NameColumn(max_length=160)
    slug = models.SlugField(max_length=180)
    description = ParagraphsColumn(blank=True)
    category = models.ForeignKey(Category, on_delete=models.SET_NULL, null=True, related_name="listings")
    brand = NameColumn(max_length=80, blank=True)
    image = models.CharField(max_length=200, blank=True, help_text="The first of the images, for lists.")
    images = models.JSONField(default=list, help_text='In order: [{"file": …, "alt": …}].')
    currency = models.CharField(max_length=3)
    price_minor = models.BigIntegerField(help_text="The lowest price of its variants.")
    price_max_minor = models.BigIntegerField()
    compare_at_minor = models.BigIntegerField(null=True, help_text="What the cheapest variant cost before.")
    is_in_stock = models.BooleanField(default=False)
    is_published = models.BooleanField(default=False, help_text="The shop has put the product on sale.")
    is_visible = models.BooleanField(default=False, help_text="The product is on sale and its shop sells.")
    popularity = models.IntegerField(default=0, help_text="Units sold.")
    rating_sum = models.IntegerField(default=0)
    rating_count = models.IntegerField(default=0)
    search = SearchVectorField(null=True, help_text="Weighted words, and facets such as c:12, s:5 and i:1.")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        indexes = [
            GinIndex(fields=["search"], condition=Q(is_visible=True), name="listing_search"),
            models.Index(fields=["-popularity", "-id"], condition=Q(is_visible=True), name="listing_popular"),
            models.Index(fields=["-created_at", "-id"], condition=Q(is_visible=True), name="listing_newest"),
            models.Index(
                fields=["currency", "price_minor", "id"], condition=Q(is_visible=True), name="listing_by_price"
            ),
            models.Index(fields=["shop", "-popularity", "-id"], name="listing_of_shop"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(price_minor__gt=0), name="listing_price_positive"),
            models.CheckConstraint(condition=Q(price_max_minor__gte=F("price_minor")), name="listing_price_range"),
            models.CheckConstraint(
                condition=Q(compare_at_minor__isnull=True) | Q(compare_at_minor__gt=F("price_minor")),
                name="listing_was_price_above",
            ),
            models.CheckConstraint(
                condition=Q(is_visible=False) | Q(is_published=True), name="listing_visible_is_published"
            ),
            models.CheckConstraint(
                condition=Q(rating_count__gte=0)
                & Q(rating_sum__gte=F("rating_count"))
                & Q(rating_sum__lte=F("rating_count") * 5),
                name="listing_rating_one_to_five",
            ),
            models.CheckConstraint(condition=Q(popularity__gte=0), name="listing_popularity_not_negative"),
        ]

    def __str__(self) -> str:
        return self.title


class ListingVariant(models.Model):
    """A variant as buyers see it: which shop sells it, and for how much; its id is the variant's."""

    id = models.UUIDField(primary_key=True)
    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="variants")
    shop = models.ForeignKey("tenants.Shop", on_delete=models.CASCADE, related_name="+")
    sku = LineColumn(max_length=64)
    options = PairsColumn(default=dict)
    price_minor = models.BigIntegerField()
    compare_at_minor = models.BigIntegerField(null=True)
    is_in_stock = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(price_minor__gt=0), name="listing_variant_price_positive"),
            models.CheckConstraint(
                condition=Q(compare_at_minor__isnull=True) | Q(compare_at_minor__gt=F("price_minor")),
                name="listing_variant_was_price_above",
            ),
        ]

    def __str__(self) -> str:
        return self.sku


class SearchWord(models.Model):
    """A word that visible listings are found by, for correcting what people mistype."""

    word = models.CharField(max_length=80, primary_key=True)
    frequency = models.IntegerField(help_text="How many listings have it.")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(frequency__gt=0), name="search_word_occurs")]

    def __str__(self) -> str:
        return self.word
