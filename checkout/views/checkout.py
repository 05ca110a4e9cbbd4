"""The checkout page: one form, one order."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views import View

from checkout.access import remember_order
from checkout.cart import store
from checkout.cart.identity import cart_of
from checkout.cart.store import CartId
from checkout.errors import (
    BasketOrderedError,
    EmptyCartError,
    InsufficientStockError,
    MixedCurrenciesError,
    PriceChangedError,
)
from checkout.forms import CheckoutForm
from checkout.orders.selectors import get_order
from checkout.placing.check_out import check_out
from checkout.pricing.quote import Quote
from checkout.pricing.reading import read_quote
from checkout.views.checkout_forms import Forms, fresh_forms, save_address, sent_forms
from gateway.registry import provider_for, provider_label
from kit.api.throttling import throttled
from kit.errors import DomainError, InvalidInputError, NotFoundError
from kit.web.callers import network_of


class CheckoutView(View):
    """Page for the address and the total, which leads to the payment."""

    def get(self, request: HttpRequest) -> HttpResponse:
        cart = _quote(cart_of(request)[0], request.GET.get("currency", ""))
        if not cart.can_check_out:
            return redirect("checkout:cart")
        return _page(request, cart, fresh_forms(request, cart))

    @throttled("checkout")
    def post(self, request: HttpRequest) -> HttpResponse:
        cart_id, _ = cart_of(request)
        forms = sent_forms(request)
        if not forms.is_valid():
            return _page(request, _quote(cart_id, forms.currency), forms, status=422)
        user_id = request.user.pk if request.user.is_authenticated else None
        try:
            bought = check_out(
                cart=cart_id,
                request=forms.order_request(scope=cart_id.checkout_scope, user_id=user_id),
                network=network_of(request),
                now=timezone.now(),
            )
        except BasketOrderedError as error:
            messages.info(request, error.message)
            return _to_order(request, cart_id, error.details["order"])
        except DomainError as error:
            return self._refused(request, forms, error)
        if user_id is None:
            remember_order(request, bought.order)
        elif forms.delivery.saves and not bought.is_replayed and not save_address(forms, user_id=user_id):
            messages.warning(request, gettext("Your address book is full, so this address was not saved."))
        if bought.is_replayed and not bought.payment_url:
            messages.info(request, gettext("You have placed this order before. Nothing was ordered again."))
        return redirect(bought.payment_url or bought.order.get_absolute_url())

    def _refused(self, request: HttpRequest, forms: Forms, error: DomainError) -> HttpResponse:
        """Show the page again with the new total, or the cart where lines must be changed."""
        if isinstance(error, InsufficientStockError | EmptyCartError | MixedCurrenciesError):
            messages.error(request, error.message)
            return redirect("checkout:cart")
        cart = _quote(cart_of(request)[0], forms.currency)
        data = request.POST.copy()
        if isinstance(error, PriceChangedError):
            data["expected_total_minor"] = str(cart.amounts.total_minor)
        again = Forms(CheckoutForm(data), forms.delivery, forms.shipping, forms.billing)
        again.checkout.is_valid()
        if isinstance(error, InvalidInputError) and forms.delivery.chosen is not None:
            message = gettext("This address is not complete. Correct it in your account, or enter it as a new one.")
            forms.delivery.add_error("address", message)
            return _page(request, cart, again, status=error.status)
        return _page(request, cart, again, status=error.status, refusal=error.message)


def _to_order(request: HttpRequest, cart: CartId, number: str) -> HttpResponse:
    """Show the order that was placed of a cart; the cart proves whose it is."""
    try:
        order = get_order(number=number, user_id=request.user.pk, checkout_scope=cart.checkout_scope)
    except NotFoundError:
        return redirect("checkout:cart")
    if order.buyer_id is None:
        remember_order(request, order)
    return redirect(order)


def _quote(cart: CartId, currency: str) -> Quote:
    """Quote a cart's lines in a currency; all of them where none is given."""
    quoted = read_quote(store.read_lines(cart), now=timezone.now())
    return quoted.only(currency) if currency else quoted


def _page(request: HttpRequest, cart: Quote, forms: Forms, *, status: int = 200, refusal: str = "") -> HttpResponse:
    if cart.is_mixed or not cart.counted:  # there is no total to ask for; the cart's page says so
        return redirect("checkout:cart")
    context = {
        "cart": cart,
        "forms": forms,
        "refusal": refusal,
        "provider": provider_label(provider_for(currency=cart.amounts.currency)),
        "reservation_minutes": settings.RESERVATION_MINUTES,
    }
    return render(request, "checkout/checkout.html", context, status=status)
