"""Products in the shop's API."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, cast

from django.utils.translation import gettext
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from catalogue.discovery.selectors.categories import category_tree
from catalogue.models import Product, ProductImage, ProductStatus, Variant
from catalogue.selectors.pictures import full_picture_url, full_small_picture_url
from catalogue.services.inputs import ProductInput, VariantInput, input_of
from catalogue.services.validation import (
    MAX_BRAND,
    MAX_DESCRIPTION,
    MAX_ON_HAND,
    MAX_OPTION_NAME,
    MAX_OPTION_VALUE,
    MAX_OPTIONS,
    MAX_PRICE_MINOR,
    MAX_SKU,
    MAX_TITLE,
    MAX_WEIGHT_G,
)
from catalogue.tax_classes import TaxClass
from kit.api.input import InputSerializer
from kit.api.lists import PageOutput
from kit.errors import InvalidInputError
from kit.text.pair_fields import PairsField
from kit.text.serializers import LineField, NameField, ParagraphsField
from vendors.serializers.variants import merge_variants

IF_ON_HAND_HELP = "The count that you read: where sales have moved it since, `on_hand` is refused."
PRICE_HELP = "In minor units, such as kobo."


class VariantData(InputSerializer):
    """A variant to create, or to change where its `id` (or else its SKU) is known."""

    id = serializers.UUIDField(required=False, help_text="Of a variant that exists; else the SKU tells.")
    sku = LineField(max_length=MAX_SKU)
    price_minor = serializers.IntegerField(min_value=1, max_value=MAX_PRICE_MINOR, help_text=PRICE_HELP)
    compare_at_minor = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=MAX_PRICE_MINOR, help_text="The price it was."
    )
    options = PairsField(
        max_pairs=MAX_OPTIONS,
        max_name=MAX_OPTION_NAME,
        max_value=MAX_OPTION_VALUE,
        required=False,
        help_text='In the order that buyers see: `{"Colour": "Indigo"}`, or `[{"name": "Colour", "value": "Indigo"}]`.',
    )
    on_hand = serializers.IntegerField(
        required=False,
        allow_null=True,
        min_value=0,
        max_value=MAX_ON_HAND,
        help_text="Opening stock, or the new count of a variant that exists; left out, its stock stays.",
    )
    if_on_hand = serializers.IntegerField(required=False, allow_null=True, min_value=0, help_text=IF_ON_HAND_HELP)
    weight_g = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=MAX_WEIGHT_G)


class ProductData(InputSerializer):
    """A product to create or change, prices in minor units of the shop's currency."""

    title = NameField(max_length=MAX_TITLE)
    description = ParagraphsField(max_length=MAX_DESCRIPTION, required=False, allow_blank=True)
    category = serializers.SlugField(required=False, allow_null=True, help_text="A category's slug.")
    brand = NameField(max_length=MAX_BRAND, required=False, allow_blank=True)
    status = serializers.ChoiceField(choices=ProductStatus.choices, required=False, help_text="A draft by default.")
    tax_class = serializers.ChoiceField(
        choices=TaxClass.choices, required=False, help_text="For shops that charge tax; `standard` by default."
    )
    variants = VariantData(many=True, allow_empty=False)
    _sent_places: Mapping[int, int] = {}

    def validate_category(self, slug: str | None) -> int | None:
        """Turn the slug into the category's id."""
        if slug is None:
            return None
        node = category_tree().by_slug.get(slug)
        if node is None:
            raise serializers.ValidationError(gettext("There is no such category."), code="unknown_category")
        return node.id

    def to_input(self, product: Product | None = None) -> ProductInput:
        """Return the whole product as it should be: what was sent, over what is there."""
        changes = dict(self.validated_data)
        if "category" in changes:
            changes["category_id"] = changes.pop("category")
        if product is None:
            return ProductInput(**changes | {"variants": [VariantInput(**data) for data in changes["variants"]]})
        before = input_of(product)
        sent, removed = changes.pop("variants", []), frozenset(changes.pop("removed_variants", []))
        variants, self._sent_places = merge_variants(before.variants, sent, removed)
        return replace(before, **changes, variants=variants)

    @contextmanager
    def naming_places_as_sent(self) -> Iterator[None]:
        """Have a refusal name the variants by their places in the body, not by those in the product."""
        try:
            yield
        except InvalidInputError as error:
            faults = error.details.get("variants") if isinstance(error.details, dict) else None
            if isinstance(faults, dict):
                placed = {str(self._sent_places.get(int(place), place)): found for place, found in faults.items()}
                error.details = {**error.details, "variants": placed}
            raise


class ProductPatch(ProductData):
    """Changes of a product, prices in minor units of the shop's currency."""

    variants = VariantData(
        many=True,
        allow_empty=False,
        required=False,
        help_text="Variants to change, each named by `id` or else `sku`, with the fields that change; and new ones, "
        "with `sku` and `price_minor`. Variants that are not named stay as they are.",
    )
    removed_variants = serializers.ListField(
        child=serializers.UUIDField(), required=False, help_text="The ids of variants to delete."
    )


class VariantOutput(serializers.Serializer[Any]):
    """A variant with its stock."""

    id = serializers.UUIDField()
    sku = serializers.CharField()
    options = serializers.DictField(child=serializers.CharField())
    price_minor = serializers.IntegerField(help_text=PRICE_HELP)
    compare_at_minor = serializers.IntegerField(allow_null=True)
    weight_g = serializers.IntegerField(allow_null=True)
    on_hand = serializers.IntegerField(source="stock.on_hand", help_text="On the shelf.")
    reserved = serializers.IntegerField(source="stock.reserved", help_text="Promised to orders being paid.")
    available = serializers.IntegerField(source="stock.available", help_text="Can still be sold.")


class ImageOutput(serializers.Serializer[Any]):
    """A picture of a product."""

    id = serializers.IntegerField(source="pk")
    url = serializers.SerializerMethodField()
    small_url = serializers.SerializerMethodField()
    alt = serializers.CharField(allow_blank=True)

    def get_url(self, image: ProductImage) -> str:
        """Return the address of the large picture."""
        return full_picture_url(image.file)

    def get_small_url(self, image: ProductImage) -> str:
        """Return the address of the small picture."""
        return full_small_picture_url(image.file)


class ProductOutput(serializers.Serializer[Any]):
    """A product whole: variants with stock, pictures."""

    id = serializers.UUIDField()
    title = serializers.CharField()
    slug = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    category = serializers.SerializerMethodField()
    brand = serializers.CharField(allow_blank=True)
    status = serializers.ChoiceField(choices=ProductStatus.choices)
    tax_class = serializers.ChoiceField(choices=TaxClass.choices)
    currency = serializers.SerializerMethodField()
    variants = serializers.SerializerMethodField()
    images = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()

    @extend_schema_field(serializers.SlugField(allow_null=True))
    def get_category(self, product: Product) -> str | None:
        """Return the category's slug."""
        node = category_tree().by_id.get(product.category_id) if product.category_id is not None else None
        return node.slug if node else None

    def get_currency(self, product: Product) -> str:
        """Return the shop's currency."""
        return str(self.context["currency"])

    @extend_schema_field(VariantOutput(many=True))
    def get_variants(self, product: Product) -> Any:
        """Return the active variants, which were prefetched."""
        return VariantOutput(cast("Sequence[Variant]", product.variants.all()), many=True).data

    @extend_schema_field(ImageOutput(many=True))
    def get_images(self, product: Product) -> Any:
        """Return the pictures in order."""
        return ImageOutput(cast("Sequence[ProductImage]", product.images.all()), many=True).data


class ProductPageOutput(PageOutput):
    """A page of products."""

    results = ProductOutput(many=True)


class ImageData(InputSerializer):
    """A picture to put on a product."""

    image = serializers.FileField(help_text="JPEG, PNG or WebP, at least 64 pixels each way, at most 5 MB.")
    alt = LineField(required=False, allow_blank=True, max_length=160, help_text="What it shows.")


class StockData(InputSerializer):
    """Either a new count or a change of it."""

    on_hand = serializers.IntegerField(
        required=False, min_value=0, max_value=MAX_ON_HAND, help_text="The new count; either this or `delta`."
    )
    delta = serializers.IntegerField(
        required=False,
        min_value=-MAX_ON_HAND,
        max_value=MAX_ON_HAND,
        help_text="Units added, or with a minus removed.",
    )

    if_on_hand = serializers.IntegerField(required=False, min_value=0, help_text=IF_ON_HAND_HELP)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Take one of the two."""
        if "if_on_hand" in attrs and "on_hand" not in attrs:
            raise serializers.ValidationError(
                {"if_on_hand": [gettext("Send it with on_hand; delta needs none.")]}, code="either_or"
            )
        if ("on_hand" in attrs) == ("delta" in attrs):
            raise serializers.ValidationError({"on_hand": [gettext("Send either on_hand or delta.")]}, code="either_or")
        return attrs


class StockOutput(serializers.Serializer[Any]):
    """A variant's stock."""

    variant_id = serializers.UUIDField()
    on_hand = serializers.IntegerField()
    reserved = serializers.IntegerField()
    available = serializers.IntegerField()


class PriceData(InputSerializer):
    """A new price of a variant."""

    price_minor = serializers.IntegerField(min_value=1, max_value=MAX_PRICE_MINOR)
    if_price_minor = serializers.IntegerField(
        required=False, min_value=1, help_text="The price that you read before; another one by now is not overwritten."
    )


class PriceOutput(serializers.Serializer[Any]):
    """A variant's price."""

    variant_id = serializers.UUIDField(source="id")
    price_minor = serializers.IntegerField()
    compare_at_minor = serializers.IntegerField(allow_null=True, help_text="The price it was.")
    currency = serializers.SerializerMethodField()

    def get_currency(self, variant: Variant) -> str:
        """Return the shop's currency."""
        return str(self.context["currency"])
