"""A product as buyers will see it, for the shop's staff alone."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from catalogue.capabilities import MANAGE_PRODUCTS, VIEW_PRODUCTS
from catalogue.models import Product, ProductStatus
from catalogue.selectors.pictures import picture_url
from catalogue.selectors.products import get_product
from kit.text.pairs import pairs_of
from kit.web.not_found import or_404
from tenants.models import Shop, ShopStatus
from vendors.access import StaffRequest, staff_only
from vendors.views.dashboard_page import may

HIDDEN = {
    ProductStatus.DRAFT: gettext_lazy("It is a draft: buyers see it once you put it on sale."),
    ProductStatus.ARCHIVED: gettext_lazy("It is off sale: buyers see it once you put it on sale again."),
}
NOT_OPEN = gettext_lazy("Your shop is not open: buyers see its products once it is.")


@staff_only(VIEW_PRODUCTS)
@require_safe
def product_preview(request: StaffRequest, product_id: UUID) -> HttpResponse:
    """Show a product with its pictures, variants and prices, in any status."""
    product = or_404(get_product, shop=request.shop, product_id=product_id)
    variants = list(product.variants.all())
    prices = sorted(variant.price_minor for variant in variants)
    context = {
        "product": product,
        "hidden_reasons": hidden_reasons(request.shop, product),
        "pictures": [{"large": picture_url(image.file), "alt": image.alt} for image in product.images.all()],
        "variants": [
            {
                "value": str(variant.pk),
                "label": " / ".join(value for _, value in pairs_of(variant.options)) or variant.sku,
                "available": variant.stock.available > 0,
                "checked": variant is variants[0],
            }
            for variant in variants
        ],
        "legend": " / ".join(name for name, _ in pairs_of(variants[0].options)) if variants else "",
        "price_minor": prices[0] if prices else None,
        "was_minor": variants[0].compare_at_minor if variants else None,
        "has_range": len(set(prices)) > 1,
        "is_sold_out": not any(variant.stock.available for variant in variants),
        "may_manage": may(request, MANAGE_PRODUCTS),
    }
    return render(request, "vendors/product_preview.html", context)


def hidden_reasons(shop: Shop, product: Product) -> str:
    """Return the reasons why buyers do not see a product, or an empty text where they do."""
    reasons = [HIDDEN[ProductStatus(product.status)]] if product.status in HIDDEN else []
    if shop.status == ShopStatus.DRAFT:
        reasons.append(NOT_OPEN)
    return " ".join(str(reason) for reason in reasons)
