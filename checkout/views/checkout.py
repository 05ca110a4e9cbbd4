"""The checkout page: one form, one order."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views import View

from accounts.selectors import default_address
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
from checkout.forms import AddressForm, CheckoutForm
from checkout.orders.selectors import get_order
from checkout.placing.check_out import check_out
from checkout.placing.request import ADDRESS_FIELDS, Buyer, OrderRequest
from checkout.pricing.quote import Quote
from checkout.pricing.reading import read_quote
from gateway.registry import provider_for, provider_label
from kit.api.throttling import throttled
from kit.errors import DomainError, NotFoundError
from kit.web.callers import network_of


@dataclass(slots=True)
class Forms:
    """The forms of the page."""

    checkout: CheckoutForm
    shipping: AddressForm
    billing: AddressForm

    def is_valid(self) -> bool:
        """Validate all that count, so that every error shows at once."""
        results = [self.checkout.is_valid(), self.shipping.is_valid()]
        if self.checkout.cleaned_data.get("bills_elsewhere"):
            results.append(self.billing.is_valid())
        return all(results)

    @property
    def currency(self) -> str:
        """Return the currency of the order; empty in forms of the previous version, and where it can be none."""
        return str(self.checkout.cleaned_data.get("currency", ""))

    def order_request(self, *, scope: str, user_id: int | None) -> OrderRequest:
        """Return the buyer's request."""
        asked = self.checkout.cleaned_data
        shipping = self.shipping.address()
        return OrderRequest(
            buyer=Buyer(email=asked["email"], user_id=user_id),
            shipping_address=shipping,
            billing_address=self.billing.address() if asked["bills_elsewhere"] else shipping,
            scope=scope,
            request_key=asked["request_key"],
            expected_total_minor=asked["expected_total_minor"],
            currency=asked["currency"],
        )


class CheckoutView(View):
    """Page for the address and the total, which leads to the payment."""

    def get(self, request: HttpRequest) -> HttpResponse:
        cart = _quote(cart_of(request)[0], request.GET.get("currency", ""))
        if not cart.can_check_out:
            return redirect("checkout:cart")
        return _page(request, cart, _fresh_forms(request, cart))

    @throttled("checkout")
    def post(self, request: HttpRequest) -> HttpResponse:
        cart_id, _ = cart_of(request)
        forms = Forms(
            checkout=CheckoutForm(request.POST),
            shipping=AddressForm(request.POST, prefix="shipping"),
            billing=AddressForm(request.POST, prefix="billing", section="billing"),
        )
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
        again = Forms(CheckoutForm(data), forms.shipping, forms.billing)
        again.checkout.is_valid()
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


def _fresh_forms(request: HttpRequest, cart: Quote) -> Forms:
    email = request.user.email if request.user.is_authenticated else ""
    address = default_address(user_id=request.user.pk) if request.user.is_authenticated else None
    initial = {field: getattr(address, field) for field in ADDRESS_FIELDS} if address else {}
    return Forms(
        checkout=CheckoutForm(
            initial={
                "email": email,
                "expected_total_minor": cart.amounts.total_minor,
                "currency": cart.currency,
            }
        ),
        shipping=AddressForm(prefix="shipping", initial=initial),
        billing=AddressForm(prefix="billing", section="billing"),
    )


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
