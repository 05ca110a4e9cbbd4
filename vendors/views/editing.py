"""Adding and changing a product."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from catalogue.capabilities import MANAGE_PRODUCTS, MANAGE_STOCK, VIEW_PRODUCTS
from catalogue.models import Product, ProductStatus, Variant
from catalogue.selectors.products import get_product, product_version
from catalogue.services.validation import MAX_IMAGES
from checkout.cart.buy_links import buy_url
from kit.errors import DomainError
from kit.web.body_rules import takes_files
from kit.web.not_found import or_404
from kit.web.versions import CONFLICT, ChangedMeanwhileError, sent_version, shown_version
from vendors.access import StaffRequest, staff_only
from vendors.forms.editor import ProductEditor
from vendors.services.products import save_product
from vendors.views.dashboard_page import dashboard_page, may

REFUSED = 422
REMADE = {"make_rows": ProductEditor.with_made_rows, "add_rows": ProductEditor.with_more_rows}


@takes_files
@staff_only(MANAGE_PRODUCTS)
def product_new(request: StaffRequest) -> HttpResponse:
    """Add a product."""
    return _edit(request, None)


@takes_files
@staff_only(VIEW_PRODUCTS, to_change=MANAGE_PRODUCTS)
def product_page(request: StaffRequest, product_id: UUID) -> HttpResponse:
    """Change a product; those who may not see it with its stock, which some of them may count."""
    product = or_404(get_product, shop=request.shop, product_id=product_id)
    if may(request, MANAGE_PRODUCTS):
        return _edit(request, product)
    context = {
        "product": product,
        "variants": list(product.variants.all()),
        "images": list(product.images.all()),
        "may_count": may(request, MANAGE_STOCK),
        "crumbs": _crumbs(product),
    }
    return dashboard_page(request, "vendors/product_read.html", context)


def _edit(request: StaffRequest, product: Product | None) -> HttpResponse:
    currency = request.shop.currency
    if request.method != "POST":
        return _form(request, product, ProductEditor(product=product, currency=currency))
    remake = next((make for name, make in REMADE.items() if name in request.POST), None)
    if remake is not None:
        return _form(request, product, remake(product=product, currency=currency, data=request.POST))
    editor = ProductEditor(product=product, currency=currency, data=request.POST)
    if not editor.is_valid():
        return _form(request, product, editor, status=REFUSED)
    try:
        saved = save_product(
            shop=request.shop,
            product=product,
            data=editor.to_input(),
            pictures=editor.picture_changes(request.FILES),
            now=timezone.now(),
            seen=sent_version(request),
        )
    except ChangedMeanwhileError as error:
        return _conflict(request, product, error)
    except DomainError as error:
        editor.add_refusal(error, shop=request.shop)
        return _form(request, product, editor, status=REFUSED)
    for fault in saved.picture_faults:
        messages.error(request, fault)
    messages.success(request, (gettext("“%(title)s” is saved.") % {"title": saved.product.title}))
    return redirect("vendors:product", product_id=saved.product.pk)


def _conflict(request: StaffRequest, product: Product | None, error: ChangedMeanwhileError) -> HttpResponse:
    """Show the entered values beside the saved ones; saving again overwrites them."""
    assert product is not None  # a new one has no version
    current = or_404(get_product, shop=request.shop, product_id=product.pk)
    editor = ProductEditor(product=current, currency=request.shop.currency, data=request.POST)
    editor.is_valid()
    editor.show_what_is_saved(error)
    return _form(request, current, editor, status=CONFLICT, version=product_version(current))


def _form(
    request: StaffRequest, product: Product | None, editor: ProductEditor, *, status: int = 200, version: str = ""
) -> HttpResponse:
    current = product_version(product) if product else ""
    context = {
        "product": product,
        "version": version or shown_version(request, current),
        "editor": editor,
        "form": editor.form,
        "pictures": editor.pictures,
        "room_for_pictures": MAX_IMAGES - len(editor.pictures),
        "crumbs": _crumbs(product),
        "buy_links": _buy_links(product),
    }
    return dashboard_page(request, "vendors/product_form.html", context, status=status)


def _buy_links(product: Product | None) -> list[tuple[Variant, str]]:
    """Return the variants of a product on sale, each with the link that puts it in a basket."""
    if product is None or product.status != ProductStatus.ACTIVE:
        return []
    return [(each, buy_url({each.pk: 1})) for each in product.variants.all()]


def _crumbs(product: Product | None) -> list[dict[str, str]]:
    products = {"label": gettext("Products"), "url": reverse("vendors:products")}
    return [products, {"label": product.title if product else gettext("New product")}]
