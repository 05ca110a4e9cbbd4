"""The shop's products: the list, one product, stock, deletion."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST, require_safe

from catalogue.capabilities import IMPORT_PRODUCTS, MANAGE_PRODUCTS, VIEW_PRODUCTS
from catalogue.models import ProductStatus
from catalogue.selectors.products import get_product, list_products, product_titles, status_counts
from catalogue.services.products import delete_product
from kit.text.numbers import grouped
from kit.web.not_found import or_404
from kit.web.paging import page_window, pager
from vendors.access import StaffRequest, staff_only
from vendors.services.products import archive_products, publish_products
from vendors.views.dashboard_page import dashboard_page, may, searched, show_bulk_result
from vendors.views.product_rows import list_url, may_edit, product_row

ACTIONS = {"publish": publish_products, "archive": archive_products}


@staff_only(VIEW_PRODUCTS)
@require_safe
def product_list(request: StaffRequest) -> HttpResponse:
    """List the shop's products by status, words and stock."""
    shop, window, search = request.shop, page_window(request), searched(request)
    status = request.GET.get("status", "")
    status = status if status in ProductStatus.values else ""
    is_low = request.GET.get("stock") == "low"
    found = list_products(
        shop=shop, status=status, search=search, low_stock=is_low, offset=window.offset, limit=window.size
    )
    counts = status_counts(shop=shop)
    context = {
        "rows": [product_row(product) for product in found.products],
        "tabs": _tabs(counts, status=status, is_low=is_low),
        "search": search,
        "status": status,
        "is_low": is_low,
        "is_filtered": bool(search or status or is_low),
        "pager": pager(request, window, found.count),
        **may_edit(request),
        "may_import": may(request, IMPORT_PRODUCTS),
        "here": request.get_full_path(),
    }
    return dashboard_page(request, "vendors/products.html", context)


@staff_only(MANAGE_PRODUCTS)
@require_POST
def products_bulk(request: StaffRequest) -> HttpResponse:
    """Put the selected products on sale, or take them off."""
    action = request.POST.get("action", "")
    act = ACTIONS.get(action)
    if act is None:
        raise Http404
    result = act(shop=request.shop, product_ids=_ids(request.POST.getlist("ids")), now=timezone.now())
    titles = product_titles(shop=request.shop, product_ids=[refusal.key for refusal in result.refused])
    show_bulk_result(
        request,
        result,
        done=_on_sale_text if action == "publish" else _off_sale_text,
        name_of=lambda product_id: titles.get(product_id, gettext("A deleted product")),
    )
    return redirect(list_url(request))


@staff_only(MANAGE_PRODUCTS)
def product_delete(request: StaffRequest, product_id: UUID) -> HttpResponse:
    """Ask, then delete a product."""
    product = or_404(get_product, shop=request.shop, product_id=product_id)
    if request.method != "POST":
        crumbs = [
            {"label": gettext("Products"), "url": reverse("vendors:products")},
            {"label": product.title, "url": reverse("vendors:product", args=[product_id])},
            {"label": gettext("Delete")},
        ]
        return dashboard_page(request, "vendors/product_delete.html", {"product": product, "crumbs": crumbs})
    delete_product(shop=request.shop, product_id=product_id, now=timezone.now())
    messages.success(request, (gettext("“%(title)s” is deleted.") % {"title": product.title}))
    return redirect("vendors:products")


def _tabs(counts: dict[str, int], *, status: str, is_low: bool) -> list[dict[str, Any]]:
    address = reverse("vendors:products")
    tabs = [
        {"label": gettext("All"), "url": address, "count": sum(counts.values()), "current": not status and not is_low}
    ]
    tabs += [
        {
            "label": label,
            "url": f"{address}?{urlencode({'status': value})}",
            "count": counts[value],
            "current": status == value and not is_low,
        }
        for value, label in (
            (ProductStatus.ACTIVE, gettext("On sale")),
            (ProductStatus.DRAFT, gettext("Drafts")),
            (ProductStatus.ARCHIVED, gettext("Archived")),
        )
    ]
    return [*tabs, {"label": gettext("Low stock"), "url": f"{address}?stock=low", "count": None, "current": is_low}]


def _ids(texts: list[str]) -> list[UUID]:
    ids: list[UUID] = []
    for text in texts:
        try:
            ids.append(UUID(text))
        except ValueError:
            continue
    return ids


def _on_sale_text(count: int) -> str:
    words = ngettext("%(count)s product is on sale.", "%(count)s products are on sale.", count)
    return words % {"count": grouped(count)}


def _off_sale_text(count: int) -> str:
    words = ngettext("%(count)s product is off sale.", "%(count)s products are off sale.", count)
    return words % {"count": grouped(count)}
