"""History of a product: what moved the stock of each variant, and what it cost."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from catalogue.capabilities import IMPORT_PRODUCTS, VIEW_PRODUCTS
from catalogue.models import Variant
from catalogue.selectors.products import get_product
from catalogue.selectors.stock_history import price_history, stock_history
from kit.errors import InvalidInputError
from kit.text.pairs import pairs_of
from kit.web.not_found import or_404
from vendors.access import StaffRequest, staff_only
from vendors.selectors.stock_sources import shown_changes
from vendors.views.dashboard_page import dashboard_page, may

PRICES_SHOWN = 20


@staff_only(VIEW_PRODUCTS)
@require_safe
def product_history(request: StaffRequest, product_id: UUID) -> HttpResponse:
    """Show the changes of a variant's stock and price, the latest first."""
    product = or_404(get_product, shop=request.shop, product_id=product_id)
    variants = list(product.variants.all())
    asked = request.GET.get("variant", "")
    variant = next((each for each in variants if str(each.pk) == asked), variants[0])
    try:
        stock = stock_history(shop=request.shop, variant_id=variant.pk, cursor=request.GET.get("cursor", ""))
    except InvalidInputError as error:
        raise Http404 from error
    context: dict[str, Any] = {
        "product": product,
        "variant": variant,
        "variants": [
            {"value": str(each.pk), "label": _name(each), "selected": each.pk == variant.pk} for each in variants
        ],
        "changes": shown_changes(shop=request.shop, changes=stock.rows, opens_imports=may(request, IMPORT_PRODUCTS)),
        "prices": price_history(shop=request.shop, variant_id=variant.pk, size=PRICES_SHOWN).rows,
        "previous_url": _url(variant, stock.previous_cursor),
        "next_url": _url(variant, stock.next_cursor),
        "crumbs": [
            {"label": gettext("Products"), "url": reverse("vendors:products")},
            {"label": product.title, "url": reverse("vendors:product", args=[product.pk])},
            {"label": gettext("History")},
        ],
    }
    return dashboard_page(request, "vendors/product_history.html", context)


def _name(variant: Variant) -> str:
    options = ", ".join(value for _, value in pairs_of(variant.options))
    return f"{variant.sku} ({options})" if options else variant.sku


def _url(variant: Variant, cursor: str) -> str:
    return f"?variant={variant.pk}&cursor={cursor}" if cursor else ""
