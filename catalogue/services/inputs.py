"""Input of a shop about its products."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from catalogue.models import Product, Variant


@dataclass(frozen=True, slots=True)
class VariantInput:
    """One sellable form of a product.

    Args:
        options: such as `{"Colour": "Indigo"}`; empty for a product with a single form.
        compare_at_minor: the price it was; above the price.
        on_hand: opening stock of a new variant; for an existing one the new count, or None to leave it.
        if_on_hand: the current count required for writing `on_hand`; None: any count.
        id: of an existing variant in an update; without it, variants are recognised by their SKU.
    """

    sku: str
    price_minor: int
    options: Mapping[str, str] = field(default_factory=dict)
    compare_at_minor: int | None = None
    on_hand: int | None = None
    if_on_hand: int | None = None
    weight_g: int | None = None
    id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ImageInput:
    """A picture that is already in the media storage, by its large file; the small one is beside it."""

    file: str
    alt: str = ""


@dataclass(frozen=True, slots=True)
class ProductInput:
    """A product with its variants, whole.

    Args:
        images: of a new product only; pictures of an existing one have services of their own.
    """

    title: str
    variants: Sequence[VariantInput]
    description: str = ""
    category_id: int | None = None
    brand: str = ""
    status: str = "draft"
    tax_class: str = "standard"
    images: Sequence[ImageInput] = ()


def input_of(product: "Product", variants: "Iterable[Variant] | None" = None) -> ProductInput:
    """Return the input that would leave a product unchanged; a base for partial changes.

    Args:
        product: with its active variants prefetched, as `catalogue.selectors.products` returns it.
        variants: the active ones, where they are not prefetched.
    """
    return ProductInput(
        title=product.title,
        description=product.description,
        category_id=product.category_id,
        brand=product.brand,
        status=product.status,
        tax_class=product.tax_class,
        variants=[
            VariantInput(
                id=variant.id,
                sku=variant.sku,
                price_minor=variant.price_minor,
                options=variant.options,
                compare_at_minor=variant.compare_at_minor,
                weight_g=variant.weight_g,
            )
            for variant in (product.variants.all() if variants is None else variants)
        ],
    )
