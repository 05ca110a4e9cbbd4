"""One listing with everything its page shows."""

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from django.urls import reverse

from catalogue.discovery.errors import ListingNotFoundError
from catalogue.discovery.models import Listing, ListingVariant
from catalogue.discovery.selectors import versions
from catalogue.discovery.selectors.availability import available_units
from catalogue.discovery.selectors.categories import CategoryNode, category_tree
from catalogue.selectors.pictures import picture_url, small_picture_url
from tenants.lifecycle import ON_SHOW
from tenants.models import ShopStatus


@dataclass(frozen=True, slots=True)
class VariantDetail:
    """A variant, without what changes from moment to moment."""

    id: UUID
    sku: str
    options: dict[str, str]
    price_minor: int
    compare_at_minor: int | None

    @property
    def label(self) -> str:
        """Its options for people, such as `Indigo / Large`; the SKU where it has none."""
        return " / ".join(self.options.values()) or self.sku


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a product."""

    file: str
    alt: str

    @property
    def url(self) -> str:
        """The address of the large form."""
        return picture_url(self.file)

    @property
    def small_url(self) -> str:
        """The address of the small form."""
        return small_picture_url(self.file)


@dataclass(frozen=True, slots=True)
class ShopSummary:
    """What a product's page says of the shop that sells it."""

    id: int
    schema_name: str
    slug: str
    name: str
    city: str
    shipping_minor: int
    returns_policy: str
    status: str
    status_note: str
    returns_on: date | None

    @property
    def is_selling(self) -> bool:
        """Whether it takes orders now; a shop on holiday is shown and does not."""
        return self.status == ShopStatus.LIVE

    @property
    def url(self) -> str:
        """The address of the shop's page on the platform."""
        return reverse("discovery:shop", args=[self.slug])


@dataclass(frozen=True, slots=True)
class ListingDetail:
    """A listing with its variants, pictures and shop."""

    id: UUID
    title: str
    slug: str
    description: str
    brand: str
    category_id: int | None
    currency: str
    price_minor: int
    price_max_minor: int
    compare_at_minor: int | None
    rating_sum: int
    rating_count: int
    created_at: Any
    updated_at: Any
    pictures: tuple[Picture, ...]
    variants: tuple[VariantDetail, ...]
    shop: ShopSummary

    @property
    def rating_average(self) -> float | None:
        """The mean of its ratings, or None where there are none."""
        return round(self.rating_sum / self.rating_count, 1) if self.rating_count else None

    @property
    def categories(self) -> list[CategoryNode]:
        """Its category with the ancestors, root first."""
        return category_tree().path_to(self.category_id)

    def availability(self) -> dict[UUID, int]:
        """Read what is available of each variant at this moment; nothing of those without stock."""
        ids = [variant.id for variant in self.variants]
        found = available_units(schema_name=self.shop.schema_name, variant_ids=ids)
        return {variant_id: max(0, found.get(variant_id, 0)) for variant_id in ids}


OWN = ("id", "title", "slug", "description", "brand", "category_id", "currency", "price_minor", "price_max_minor")
MORE = ("compare_at_minor", "rating_sum", "rating_count", "created_at", "updated_at")
SHOP = (
    "id",
    "schema_name",
    "slug",
    "name",
    "city",
    "shipping_minor",
    "returns_policy",
    "status",
    "status_note",
    "returns_on",
)


def get_listing(*, listing_id: UUID) -> ListingDetail:
    """Return a listing that buyers may look at: it is on sale, or will be again when its shop is back.

    Whether it is visible, and its shop, are read fresh; the rest is remembered until the shop's listings change.

    Raises:
        ListingNotFoundError: there is none, its product is not on sale, or its shop is neither live nor on holiday.
    """
    visible = Listing.objects.filter(id=listing_id, is_published=True, shop__status__in=ON_SHOW)
    row = visible.values(*(f"shop__{name}" for name in SHOP)).first()
    if row is None:
        raise ListingNotFoundError
    shop = ShopSummary(**{name: row[f"shop__{name}"] for name in SHOP})
    remembered = versions.cached(
        version_key=versions.of_shop(shop.id), name=f"listing:{listing_id}", make=partial(_read, listing_id)
    )
    return ListingDetail(**remembered, shop=shop)


def _read(listing_id: UUID) -> dict[str, Any]:
    row = Listing.objects.filter(id=listing_id).values(*OWN, *MORE, "images").first()
    if row is None:
        raise ListingNotFoundError
    variants = ListingVariant.objects.filter(listing_id=listing_id).order_by("position", "id")
    found: dict[str, Any] = {name: row[name] for name in (*OWN, *MORE)}
    found["pictures"] = tuple(Picture(image["file"], image["alt"]) for image in row["images"])
    found["variants"] = tuple(
        VariantDetail(*values)
        for values in variants.values_list("id", "sku", "options", "price_minor", "compare_at_minor")
    )
    return found
