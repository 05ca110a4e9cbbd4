"""The cart's page, and the forms that change it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import View

from checkout.cart import store
from checkout.cart.change_cart import add_to_cart, set_quantity
from checkout.cart.identity import cart_of, has_guest_token, remember
from checkout.pricing.reading import read_quote
from kit.errors import DomainError


class CartView(View):
    """What is in the cart, by shop."""

    def get(self, request: HttpRequest) -> HttpResponse:
        cart, token = cart_of(request)
        response = render(
            request, "checkout/cart.html", {"cart": read_quote(store.read_lines(cart), now=timezone.now())}
        )
        remember(response, token)
        return response


class CartAddView(View):
    """Putting a variant in the cart from a product's page."""

    def post(self, request: HttpRequest) -> HttpResponse:
        cart, token = cart_of(request)
        response = redirect("checkout:cart")
        try:
            add_to_cart(cart=cart, variant_id=_variant(request), quantity=_quantity(request, default=1))
            messages.success(request, "It is in your basket.")
        except DomainError as error:
            messages.error(request, error.message)
            response = redirect(_back(request))
        remember(response, token)
        return response


class CartChangeView(View):
    """Changing a quantity, or taking a line out."""

    def post(self, request: HttpRequest) -> HttpResponse:
        cart, token = cart_of(request)
        try:
            set_quantity(cart=cart, variant_id=_variant(request), quantity=_quantity(request, default=0))
        except DomainError as error:
            messages.error(request, error.message)
        response = redirect("checkout:cart")
        remember(response, token)
        return response


def cart_badge(request: HttpRequest) -> dict[str, Any]:
    """Add the number of units in the cart to the context of the market's pages, asked for when shown."""
    user = getattr(request, "user", None)  # an error page may be needed before anyone is known
    is_known = user is not None and (user.is_authenticated or has_guest_token(request))
    return {"cart_count": SimpleLazyObject(lambda: store.count_units(cart_of(request)[0])) if is_known else 0}


def _variant(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("variant", ""))
    except ValueError as error:
        raise DomainError("Choose one of the options first.") from error


def _quantity(request: HttpRequest, *, default: int) -> int:
    try:
        return int(request.POST.get("quantity", default))
    except ValueError as error:
        raise DomainError("Give the quantity as a whole number.") from error


def _back(request: HttpRequest) -> str:
    referer = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(referer, allowed_hosts={request.get_host()})
    return referer if is_ours else "checkout:cart"
