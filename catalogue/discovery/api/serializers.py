"""The shapes of discovery's answers, as the API's description shows them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.serializers import ShopBriefOutput
from catalogue.discovery.selectors.query import Ordering
from catalogue.discovery.selectors.requests import MAX_PRICE_MINOR, SYNONYMS
from kit.api.input import FeedQuery, search_field
from kit.api.lists import FeedOutput
from kit.text.serializers import CountryField, CurrencyField, LineField

MAX_WORDS = 1000
RETURNS = "When a shop on holiday sells again, if it said so."


class LowerPriceOutput(serializers.Serializer[Any]):
    """The price of an offer of the shop that holds now, with the earlier price that it is shown beside."""

    price_minor = serializers.IntegerField(help_text="What a piece costs now, in minor units.")
    was_minor = serializers.IntegerField(help_text="The least that was asked in the 30 days before the offer.")


class ListingOutput(serializers.Serializer[Any]):
    """A listing in a list."""

    id = serializers.UUIDField()
    title = serializers.CharField()
    slug = serializers.CharField()
    brand = serializers.CharField(allow_blank=True)
    image_url = serializers.CharField(help_text="Address of the small picture, or empty.", allow_blank=True)
    currency = serializers.CharField(help_text="ISO 4217.")
    price_minor = serializers.IntegerField(help_text="The lowest price of its variants, in minor units.")
    price_max_minor = serializers.IntegerField(help_text="The highest price of its variants.")
    compare_at_minor = serializers.IntegerField(help_text="What the cheapest variant cost before.", allow_null=True)
    lower_price = LowerPriceOutput(allow_null=True, help_text="Null where no offer lowers `price_minor`.")
    in_stock = serializers.BooleanField()
    rating_average = serializers.FloatField(allow_null=True)
    rating_count = serializers.IntegerField()
    shop = ShopBriefOutput()


class ListingListOutput(FeedOutput):
    """Some of the listings that match."""

    count = serializers.IntegerField(help_text="How many there are, counted up to 10,000.")
    count_is_exact = serializers.BooleanField(help_text="False where there are more than `count`.")
    search = serializers.CharField(allow_blank=True, help_text="The words that were searched for.")
    asked = serializers.CharField(
        allow_blank=True, help_text="The words as you sent them, where a likelier spelling was searched for instead."
    )
    shops = ShopBriefOutput(many=True, help_text="Shops whose names have the words; on the first page.")
    results = ListingOutput(many=True)


class VariantOutput(serializers.Serializer[Any]):
    """A variant and what can be had of it."""

    id = serializers.UUIDField()
    sku = serializers.CharField()
    options = serializers.DictField(child=serializers.CharField(), help_text='Such as {"Colour": "Indigo"}.')
    price_minor = serializers.IntegerField()
    compare_at_minor = serializers.IntegerField(allow_null=True)
    lower_price = LowerPriceOutput(allow_null=True, help_text="Null where no offer lowers `price_minor`.")
    currency = serializers.CharField()
    available = serializers.IntegerField(help_text="What can be had at this moment.")


class PictureOutput(serializers.Serializer[Any]):
    """A picture in two sizes."""

    url = serializers.CharField()
    small_url = serializers.CharField()
    alt = serializers.CharField(allow_blank=True)


class CategoryBriefOutput(serializers.Serializer[Any]):
    """A category by name."""

    slug = serializers.CharField()
    name = serializers.CharField()


class ListingShopOutput(ShopBriefOutput):
    """The shop that sells a listing."""

    city = serializers.CharField(allow_blank=True)
    shipping_minor = serializers.IntegerField(help_text="Its standard rate, once per order; see `POST /cart/quote/`.")
    is_selling = serializers.BooleanField(help_text="False while it is on holiday.")
    returns_on = serializers.DateField(allow_null=True, help_text=RETURNS)


class ListingDetailOutput(serializers.Serializer[Any]):
    """A listing with its variants."""

    id = serializers.UUIDField()
    title = serializers.CharField()
    slug = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    brand = serializers.CharField(allow_blank=True)
    categories = CategoryBriefOutput(many=True, help_text="From the root down.")
    currency = serializers.CharField()
    price_minor = serializers.IntegerField()
    price_max_minor = serializers.IntegerField()
    compare_at_minor = serializers.IntegerField(allow_null=True)
    in_stock = serializers.BooleanField()
    rating_average = serializers.FloatField(allow_null=True)
    rating_count = serializers.IntegerField()
    images = PictureOutput(many=True)
    variants = VariantOutput(many=True)
    shop = ListingShopOutput()
    updated_at = serializers.DateTimeField()


@extend_schema_field({"type": "array", "items": {"$ref": "#/components/schemas/CategoryOutput"}})
class CategoriesField(serializers.ListField):
    """The categories below one, which drf-spectacular can't describe by the serializer that is being defined."""


class CategoryOutput(CategoryBriefOutput):
    """A category with those below it, each of the same shape."""

    id = serializers.IntegerField()
    children = CategoriesField()


class ShopRowOutput(ShopBriefOutput):
    """A shop in a list."""

    tagline = serializers.CharField(allow_blank=True)
    city = serializers.CharField(allow_blank=True)
    country = serializers.CharField(help_text="ISO 3166-1 alpha-2.")
    currency = serializers.CharField(help_text="ISO 4217.")
    banner_url = serializers.CharField(allow_blank=True)
    logo_url = serializers.CharField(allow_blank=True)
    is_selling = serializers.BooleanField(help_text="False while it is on holiday.")
    returns_on = serializers.DateField(allow_null=True, help_text=RETURNS)


class ShopOutput(ShopRowOutput):
    """A shop's public profile."""

    description = serializers.CharField(allow_blank=True)
    shipping_minor = serializers.IntegerField()
    returns_policy = serializers.CharField(allow_blank=True)
    listing_count = serializers.IntegerField()


class ShopFeedOutput(FeedOutput):
    """Some of the market's shops."""

    results = ShopRowOutput(many=True)


class ShopsQuery(FeedQuery):
    """Filter of shops."""

    search = search_field("Words of the name.")
    country = CountryField(required=False)
    currency = CurrencyField(required=False)


class ListingsQuery(FeedQuery):
    """Filter of listings, and the page."""

    search = LineField(
        required=False,
        allow_blank=True,
        max_length=MAX_WORDS,
        help_text='Words; `"in quotes"` for a phrase, `-word` to leave out.',
    )
    category = LineField(
        required=False, max_length=80, help_text="A category's slug or id; everything below it is included."
    )
    shop = serializers.ListField(
        child=LineField(max_length=50), required=False, default=[], help_text="A shop's slug or id; repeat for several."
    )
    ordering = serializers.ChoiceField(
        required=False,
        choices=[*(ordering.value for ordering in Ordering), *SYNONYMS],
        help_text="By default relevance where there are words, else popular. Relevance ranks all that match; of more "
        "than 10,000, the 300 that sell best.",
    )
    min_price = serializers.IntegerField(
        required=False, min_value=0, max_value=MAX_PRICE_MINOR, help_text="In minor units of `currency`."
    )
    max_price = serializers.IntegerField(
        required=False, min_value=0, max_value=MAX_PRICE_MINOR, help_text="In minor units of `currency`."
    )
    currency = CurrencyField(
        required=False,
        help_text="ISO 4217. Prices of one currency alone can be compared: with `min_price`, `max_price` or an "
        "ordering by price, listings in other currencies are left out. By default the currency of the shops that are "
        "named, where they have one, else the market's.",
    )
    in_stock = serializers.BooleanField(required=False, default=False, help_text="Only what can be had now.")
    exact = serializers.BooleanField(
        required=False, default=False, help_text="Search for the words as they are, without correcting them."
    )
