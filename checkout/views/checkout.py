"""The checkout page: one form, one order."""

from dataclasses import replace

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views import View

from accounts.address_forms import SHOWS_STATES
from checkout.access import coupon_buyer_of, remember_order
from checkout.cart.change_coupons import quote_cart, remove_coupon
from checkout.cart.identity import cart_of
from checkout.cart.shown_changes import keep_shown
from checkout.cart.store import CartId
from checkout.errors import (
    BasketOrderedError,
    CouponRefusedError,
    DeliveryMethodGoneError,
    EmptyCartError,
    InsufficientStockError,
    MixedCurrenciesError,
    NotDeliveredError,
    PriceChangedError,
)
from checkout.forms import CheckoutForm
from checkout.orders.selectors import get_order
from checkout.placing.check_out import check_out
from checkout.pricing.coupons.facts import CouponBuyerKey
from checkout.pricing.quote import Quote
from checkout.stations.offering import delivery_choices
from checkout.views.carts import coupon_refusal
from checkout.views.checkout_forms import (
    Forms,
    address_of,
    fresh_forms,
    resent_forms,
    save_address,
    sent_forms,
)
from gateway.registry import provider_for, provider_label
from kit.api.throttling import throttled
from kit.errors import DomainError, InvalidInputError, NotFoundError
from kit.web.callers import network_of
from kit.web.kept_fields import forget_fields, keep_fields, kept_fields, leaves_to_sign_in

KEPT_AS = "checkout"

# Refusals that come with another total than the one that was shown.
TOTAL_CHANGES = (PriceChangedError, CouponRefusedError, NotDeliveredError, DeliveryMethodGoneError)


class CheckoutView(View):
    """Page for the address and the total, which leads to the payment."""

    def get(self, request: HttpRequest) -> HttpResponse:
        typed = kept_fields(request, form=KEPT_AS, now=timezone.now())
        forms = fresh_forms(request, typed=typed)
        cart = _quote(request, forms, request.GET.get("currency", ""))
        if not cart.can_check_out:
            return redirect("checkout:cart")
        shown = {"expected_total_minor": cart.amounts.total_minor, "currency": cart.currency}
        forms.checkout.initial = {**forms.checkout.initial, **shown}
        return _page(request, cart, forms)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Place the order; show the page again where a coupon was entered or is taken out, or leave to sign in."""
        if leaves_to_sign_in(request):
            keep_fields(request, form=KEPT_AS, now=timezone.now())
            return redirect_to_login(request.get_full_path())
        if code := request.POST.get("remove_coupon", ""):
            remove_coupon(cart=cart_of(request)[0], code=code)
            return _again(request)
        if {SHOWS_STATES, "show-delivery"} & request.POST.keys():
            return _again(request)
        return self._with_coupon(request) if request.POST.get("coupon", "").strip() else self._order(request)

    @throttled("coupons")
    def _with_coupon(self, request: HttpRequest) -> HttpResponse:
        return _again(request, coupon_error=coupon_refusal(request, cart_of(request)[0]))

    @throttled("checkout")
    def _order(self, request: HttpRequest) -> HttpResponse:
        cart_id, _ = cart_of(request)
        forms = sent_forms(request)
        if not forms.is_valid():
            return _page(request, _quote(request, forms, forms.currency), forms, status=422)
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
        forget_fields(request)
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
        cart = _quote(request, forms, forms.currency, email=forms.checkout.cleaned_data.get("email", ""))
        data = request.POST.copy()
        if isinstance(error, TOTAL_CHANGES) and cart.shown_amounts:
            data["expected_total_minor"] = str(cart.shown_amounts.total_minor)
        again = replace(forms, checkout=CheckoutForm(data))
        again.checkout.is_valid()
        if isinstance(error, InvalidInputError) and forms.delivery.chosen is not None:
            message = gettext("This address is not complete. Correct it in your account, or enter it as a new one.")
            forms.delivery.add_error("address", message)
            return _page(request, cart, again, status=error.status)
        return _page(request, cart, again, status=error.status, refusal=error.message)


def _again(request: HttpRequest, *, coupon_error: str = "") -> HttpResponse:
    """Show the page as it was sent, unjudged, with the total that the cart has now."""
    data = request.POST.copy()
    sent = sent_forms(request)
    cart = _quote(request, sent, str(data.get("currency", "")), email=str(data.get("email", "")))
    if cart.shown_amounts is not None:
        data["expected_total_minor"] = str(cart.amounts.total_minor)
    return _page(request, cart, resent_forms(request, data), quoted=sent, coupon_error=coupon_error)


def _to_order(request: HttpRequest, cart: CartId, number: str) -> HttpResponse:
    """Show the order that was placed of a cart; the cart proves whose it is."""
    try:
        order = get_order(number=number, user_id=request.user.pk, checkout_scope=cart.checkout_scope)
    except NotFoundError:
        return redirect("checkout:cart")
    if order.buyer_id is None:
        remember_order(request, order)
    return redirect(order)


def _quote(request: HttpRequest, forms: Forms, currency: str, *, email: str = "") -> Quote:
    """Quote the cart's lines, or those in a currency, for the address and the methods that the forms name.

    Args:
        email: of a guest, once it is known: uses of coupons are counted by it.
    """
    known = coupon_buyer_of(request)
    buyer = CouponBuyerKey(known.user_id, email) if email else known
    cart, _ = cart_of(request)
    quoted = quote_cart(
        cart,
        buyer=buyer,
        now=timezone.now(),
        address=address_of(request, forms),
        delivery=forms.choices.delivery,
    )
    return quoted.only(currency) if currency else quoted


def _page(
    request: HttpRequest,
    cart: Quote,
    forms: Forms,
    *,
    quoted: Forms | None = None,
    status: int = 200,
    refusal: str = "",
    coupon_error: str = "",
) -> HttpResponse:
    """Show the page.

    Args:
        quoted: the forms that the cart was quoted for, where others are shown.
    """
    if cart.is_mixed or not (cart.counted or cart.undelivered):  # there is no total to ask for; the cart's page says so
        return redirect("checkout:cart")
    context = {
        "cart": cart,
        "delivery_choices": delivery_choices(cart, address_of(request, quoted or forms)),
        "changes": keep_shown(cart_of(request)[0], cart, is_whole=False),
        "forms": forms,
        "refusal": refusal,
        "coupon_error": coupon_error,
        "entered_coupon": request.POST.get("coupon", "") if coupon_error else "",
        "provider": provider_label(provider_for(currency=cart.amounts.currency)),
        "ships_to_all": not cart.undelivered,
        "reservation_minutes": settings.RESERVATION_MINUTES,
    }
    return render(request, "checkout/checkout.html", context, status=status)
