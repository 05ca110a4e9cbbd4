"""A product's row in the list, with the prices and counts that are changed in it."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from catalogue.capabilities import MANAGE_PRODUCTS, MANAGE_STOCK
from catalogue.models import Product, Variant
from kit.templatetags.money import major
from vendors.access import StaffRequest
from vendors.views.dashboard_page import may


@dataclass(frozen=True, slots=True)
class QuickEdit:
    """A variant's price and count as its row shows them, and what is wrong with them."""

    variant: Variant
    price: str
    on_hand: str
    errors: tuple[str, ...] = ()


def product_row(product: Product, edited: QuickEdit | None = None) -> dict[str, Any]:
    """Return a product's row as the list shows it.

    Args:
        edited: a variant as it was typed, where that was refused.
    """
    variants = list(product.variants.all())
    prices = sorted(variant.price_minor for variant in variants)
    images = list(product.images.all())
    return {
        "product": product,
        "image": images[0].file if images else "",
        "edits": [
            edited if edited is not None and edited.variant.pk == variant.pk else shown(variant) for variant in variants
        ],
        "is_edited": edited is not None,
        "price_minor": prices[0] if prices else None,
        "price_max_minor": prices[-1] if prices and prices[-1] != prices[0] else None,
        "available": sum(variant.stock.available for variant in variants),
    }


def shown(variant: Variant) -> QuickEdit:
    """Return a variant as it is saved."""
    return QuickEdit(variant, major(variant.price_minor), str(variant.stock.on_hand))


def may_edit(request: StaffRequest) -> dict[str, bool]:
    """Return the person's rights to change prices and stock in the list."""
    return {"may_manage": may(request, MANAGE_PRODUCTS), "may_count": may(request, MANAGE_STOCK)}


def list_url(request: HttpRequest) -> str:
    """Return the list as it was when the selection was made; nothing but a list of ours is gone back to."""
    address, back = reverse("vendors:products"), request.POST.get("back", "")
    return back if back == address or back.startswith(f"{address}?") else address
