"""Putting a variant in the cart from a product's page, which stays open."""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views import View

from catalogue.discovery.selectors.choices import OPTION_FIELD, find_variant, picked_options
from catalogue.discovery.selectors.lists import BOUGHT_TAG, LIST_PAGES
from checkout.cart.change_cart import Changed, add_to_cart
from checkout.cart.identity import cart_of, remember
from checkout.errors import CartError, InsufficientStockError
from checkout.views.carts import whole_number
from kit.errors import DomainError
from kit.templatetags.options import options_text
from kit.web.headers import asks_for_fragment
from kit.web.page_before import page_before

KEPT = ("variant", "quantity", "back")
LONGEST = 1000  # of what is kept in the address
TEMPLATE = "checkout/_added.html"
LISTING, QUANTITY, CHOICE = "listing", "quantity", "choice-1-1"  # fields, by name and by id


class NoChoiceError(DomainError):
    """The form names no variant, or a combination of options that the shop does not have."""

    code, status = "no_variant_chosen", 422
    default_message = gettext_lazy("Choose one of the options first.")


class CartAddView(View):
    """Add a quantity of the chosen variant; answer with a part of the page where a script asks."""

    def post(self, request: HttpRequest) -> HttpResponse:
        cart, token = cart_of(request)
        try:
            variant_id, quantity = _variant(request), whole_number(request.POST.get(QUANTITY, "1"))
            added = add_to_cart(cart=cart, variant_id=variant_id, quantity=quantity, now=timezone.now())
        except DomainError as error:
            response = _refused(request, error)
        else:
            response = _added(request, added, variant_id, quantity)
        remember(response, token)
        return response


def _added(request: HttpRequest, added: Changed, variant_id: UUID, quantity: int) -> HttpResponse:
    offer = added.seen.offers[variant_id]
    title = ", ".join(text for text in (offer.title, options_text(offer.options)) if text)
    text = gettext("In your basket: %(quantity)s × %(title)s.") % {"quantity": quantity, "title": title}
    if asks_for_fragment(request):
        units = sum(line.quantity for line in added.lines)
        back = page_before(request, views=LIST_PAGES, carried=request.POST.get("back", ""))
        context = {"text": text, "tone": "success", "back": back, "count": units}
        return render(request, TEMPLATE, context)
    messages.success(request, text, extra_tags=BOUGHT_TAG)
    return redirect(_product_page(request))


def _refused(request: HttpRequest, error: DomainError) -> HttpResponse:
    if asks_for_fragment(request):
        is_quantity = isinstance(error, InsufficientStockError | CartError)
        context = {"text": error.message, "tone": "error", "field": QUANTITY if is_quantity else CHOICE}
        return render(request, TEMPLATE, context, status=NoChoiceError.status)
    messages.error(request, error.message, extra_tags=BOUGHT_TAG)
    return redirect(_product_page(request))


def _product_page(request: HttpRequest) -> str:
    """Return the address of the page that the form is on, with all that was entered; the cart's where none is named."""
    try:
        listing_id = UUID(request.POST.get(LISTING, ""))
    except ValueError:
        return reverse("checkout:cart")
    entered = {name: str(value)[:LONGEST] for name, value in request.POST.items() if name in KEPT}
    entered |= {OPTION_FIELD + name: value[:LONGEST] for name, value in picked_options(request.POST).items()}
    return f"{reverse('discovery:product', args=[listing_id])}?{urlencode(entered)}#added"


def _variant(request: HttpRequest) -> UUID:
    """Return the chosen variant: by its id, or by the values of its options.

    Raises:
        NoChoiceError: there is no such variant.
    """
    picked = picked_options(request.POST)
    try:
        if not picked:
            return UUID(request.POST.get("variant", ""))
        found = find_variant(listing_id=UUID(request.POST.get(LISTING, "")), picked=picked)
    except ValueError as error:
        raise NoChoiceError from error
    if found is None:
        choice = " / ".join(picked.values())
        raise NoChoiceError(gettext("%(choice)s is sold out. Choose another one.") % {"choice": choice})
    return found
