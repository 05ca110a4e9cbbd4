"""Prices and counts that are changed without opening the product's form."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from accounts.access import signed_in_user
from catalogue.capabilities import MANAGE_PRODUCTS, MANAGE_STOCK
from catalogue.errors import PriceMovedError, StockMovedError, VariantNotFoundError
from catalogue.models import Variant
from catalogue.selectors.products import get_product, get_variant
from catalogue.services.prices import correct_variant
from catalogue.services.stock import Count
from kit.errors import DomainError, InvalidInputError
from kit.money import format_minor
from kit.text.numbers import grouped
from kit.web.not_found import or_404
from vendors.access import StaffRequest, staff_only
from vendors.forms.product import QuickEditForm
from vendors.services.bulk_result import BulkResult, Refusal
from vendors.services.products import count_variants
from vendors.views.dashboard_page import dashboard_page, may, show_bulk_result
from vendors.views.product_rows import QuickEdit, list_url, may_edit, product_row

REFUSED = 422


@staff_only(MANAGE_STOCK)
@require_POST
def quick_edit(request: StaffRequest, variant_id: UUID) -> HttpResponse:
    """Write the price and the count that were typed into a variant's row of the list."""
    variant = or_404(get_variant, shop=request.shop, variant_id=variant_id)
    form = QuickEditForm(request.POST, currency=request.shop.currency)
    if not form.is_valid():
        return _refused(request, variant, [str(error) for errors in form.errors.values() for error in errors], REFUSED)
    price = form.changed_price if may(request, MANAGE_PRODUCTS) else None
    count = form.changed_count
    try:
        correct_variant(
            shop=request.shop,
            variant_id=variant_id,
            price=price,
            count=count,
            source=f"user {signed_in_user(request).pk}",
            now=timezone.now(),
        )
    except VariantNotFoundError as error:
        raise Http404 from error
    except DomainError as error:
        return _refused(request, variant, _reasons(request, error), error.status)
    if price or count:
        messages.success(request, gettext("%(sku)s is saved.") % {"sku": variant.sku})
    else:
        messages.info(request, gettext("Price and stock of %(sku)s are the same as before.") % {"sku": variant.sku})
    return redirect(f"{list_url(request)}#p-{variant.product_id}")


def _reasons(request: StaffRequest, error: DomainError) -> list[str]:
    """Return the reasons in words, with the value that is saved now where another one was read before."""
    if isinstance(error, InvalidInputError) and error.details:
        return [reason for reasons in error.details.values() for reason in reasons]
    if isinstance(error, PriceMovedError):
        saved = format_minor(error.details["current"], request.shop.currency)
        words = gettext("In the meantime, the price was changed to %(saved)s. Save again to overwrite it.")
        return [words % {"saved": saved}]
    if isinstance(error, StockMovedError):
        words = gettext(
            "In the meantime, sales or counts have changed the stock to %(saved)s. Save again to overwrite it."
        )
        return [words % {"saved": error.details["current"]}]
    return [error.message]


def _refused(request: StaffRequest, variant: Variant, reasons: list[str], status: int) -> HttpResponse:
    """Show the product by itself, with what was typed and the reason; what it shows as saved is as it is now."""
    product = or_404(get_product, shop=request.shop, product_id=variant.product_id)
    current = next((each for each in product.variants.all() if each.pk == variant.pk), variant)
    edited = QuickEdit(
        current, request.POST.get("price", ""), request.POST.get("on_hand", ""), tuple(dict.fromkeys(reasons))
    )
    context = {
        "rows": [product_row(product, edited)],
        "is_one_product": True,
        "tabs": [],
        **may_edit(request),
        "here": list_url(request),
    }
    return dashboard_page(request, "vendors/products.html", context, status=status)


@staff_only(MANAGE_STOCK)
@require_POST
def product_stock(request: StaffRequest, product_id: UUID) -> HttpResponse:
    """Write the counts that were changed on a product's page."""
    product = or_404(get_product, shop=request.shop, product_id=product_id)
    counts: dict[UUID, Count] = {}
    faults: list[Refusal[UUID]] = []
    for variant in product.variants.all():
        typed, shown = _count_in(request, f"on_hand_{variant.pk}"), _count_in(request, f"shown_{variant.pk}")
        if isinstance(typed, int):
            before = shown if isinstance(shown, int) else None
            if typed != (variant.stock.on_hand if before is None else before):
                counts[variant.pk] = Count(typed, before)
        elif typed:
            faults.append(Refusal(variant.pk, "invalid", gettext("Stock is a whole number, zero or more.")))
    source = f"user {signed_in_user(request).pk}"
    result = count_variants(shop=request.shop, counts=counts, source=source, now=timezone.now())
    if counts or faults:
        skus = {variant.pk: variant.sku for variant in product.variants.all()}
        result = BulkResult(done=result.done, refused=[*result.refused, *faults])
        show_bulk_result(request, result, done=_stock_set_text, name_of=lambda variant_id: skus[variant_id])
    return redirect("vendors:product", product_id=product_id)


def _count_in(request: HttpRequest, name: str) -> int | str:
    """Return the count in a field, or else what was typed there."""
    typed = request.POST.get(name, "").strip()
    is_count = typed.isascii() and typed.isdigit() and len(typed) < 10  # noqa: PLR2004 - below the largest count
    return int(typed) if is_count else typed


def _stock_set_text(count: int) -> str:
    words = ngettext("The stock of %(count)s variant is set.", "The stock of %(count)s variants is set.", count)
    return words % {"count": grouped(count)}
