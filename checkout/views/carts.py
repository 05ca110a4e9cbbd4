"""The cart's page, and the forms that change it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views import View
from redis.exceptions import RedisError

from checkout.access import coupon_buyer_of
from checkout.cart import store
from checkout.cart.buy_links import MOST_LINES, buy_url
from checkout.cart.change_cart import set_quantity
from checkout.cart.change_coupons import add_coupon, quote_cart, remove_coupon
from checkout.cart.destination import destination_of, name_of
from checkout.cart.identity import cart_of, has_guest_token, remember
from checkout.cart.shown_changes import keep_shown
from checkout.cart.store import CartId
from checkout.errors import CartError
from checkout.pricing.quote import Quote
from checkout.views.destination import destination_form
from checkout.views.way_back import shopping_url
from kit.api.throttling import throttled
from kit.errors import DomainError

FIELD = "quantity-"  # of a line of the basket's form, before the variant's id


class CartView(View):
    """The cart's lines, by shop."""

    def get(self, request: HttpRequest) -> HttpResponse:
        cart, token = cart_of(request)
        destination = destination_of(request)
        quoted = quote_cart(cart, buyer=coupon_buyer_of(request), now=timezone.now(), address=destination)
        context = {
            "cart": quoted,
            "changes": keep_shown(cart, quoted) if quoted.lines else [],
            "keeps_shopping_at": shopping_url(request),
            "basket_url": _link(quoted),
            "destination": destination_form(request),
            "place": name_of(destination) if destination else "",
            "depends_on_place": any(part.delivery.is_estimate for part in quoted.parts),
        }
        response = render(request, "checkout/cart.html", context)
        remember(response, token)
        return response


def _link(quoted: Quote) -> str:
    """Return the link that holds a basket; empty where nothing can be had, or more than a link holds."""
    wanted = {line.line.variant_id: line.line.quantity for line in quoted.counted}
    return buy_url(wanted) if 0 < len(wanted) <= MOST_LINES else ""


class CartChangeView(View):
    """Changing quantities and coupons, taking lines out, and going on to checkout with all that was changed."""

    def post(self, request: HttpRequest) -> HttpResponse:
        if request.POST.get("coupon", "").strip() and "remove_coupon" not in request.POST:
            return self._with_coupon(request)
        return self._change(request)

    @throttled("coupons")
    def _with_coupon(self, request: HttpRequest) -> HttpResponse:
        """Change the cart, and put the coupon in that was entered."""
        refusal = coupon_refusal(request, cart_of(request)[0])
        if refusal:
            messages.error(request, refusal)
        return self._change(request, is_refused=bool(refusal))

    def _change(self, request: HttpRequest, *, is_refused: bool = False) -> HttpResponse:
        cart, token = cart_of(request)
        wanted = _wanted(request, cart)
        refusals = [refusal for change in wanted if (refusal := _refusal(cart, *change))]
        for refusal in refusals:
            messages.error(request, refusal)
        if code := request.POST.get("remove_coupon", ""):
            remove_coupon(cart=cart, code=code)
        following, _, currency = request.POST.get("next", "").partition(":")
        if following == "checkout" and not refusals and not is_refused:
            response = redirect(checkout_url(currency))
        else:
            place = f"#line-{wanted[0][0]}" if wanted else ""
            response = redirect(reverse("checkout:cart") + place)
        remember(response, token)
        return response


def coupon_refusal(request: HttpRequest, cart: CartId) -> str:
    """Put the coupon in a cart that a form came with; return the text of a refusal, or an empty one."""
    code = request.POST.get("coupon", "")
    try:
        add_coupon(cart=cart, code=code, buyer=coupon_buyer_of(request), now=timezone.now())
    except DomainError as error:
        return error.message
    return ""


def checkout_url(currency: str = "") -> str:
    """Return the address of the checkout of what a basket holds in a currency, or of a basket in one."""
    return reverse("checkout:checkout") + (f"?{urlencode({'currency': currency})}" if currency else "")


def cart_badge(request: HttpRequest) -> dict[str, Any]:
    """Add the number of units in the cart to the context of the market's pages, asked for when shown."""
    user = getattr(request, "user", None)  # an error page may be needed before anyone is known
    is_known = user is not None and (user.is_authenticated or has_guest_token(request))
    return {"cart_count": SimpleLazyObject(lambda: _units(request)) if is_known else 0}


def _units(request: HttpRequest) -> int:
    """Return the number of units in the cart; 0 while Redis is down, so that pages are shown without it."""
    try:
        return store.count_units(cart_of(request)[0])
    except RedisError:
        return 0


def _wanted(request: HttpRequest, cart: CartId) -> list[tuple[UUID, str]]:
    """Return the variants whose quantity is to be another one, with what was entered.

    The form has every line of the basket; `variant` and `quantity` are one line's, from pages of the version before.
    """
    posted = {name: str(value) for name, value in request.POST.items()}
    entered = {name.removeprefix(FIELD): value for name, value in posted.items() if name.startswith(FIELD)}
    entered |= dict.fromkeys(request.POST.getlist("remove"), "0")
    if "variant" in posted:
        entered[posted["variant"]] = posted.get("quantity", "0")
    held = {str(line.variant_id): str(line.quantity) for line in store.read_lines(cart)}
    return [(UUID(name), value) for name, value in entered.items() if name in held and held[name] != value.strip()]


def _refusal(cart: CartId, variant_id: UUID, entered: str) -> str:
    """Change a line; return the text of a refusal, or an empty one."""
    try:
        set_quantity(cart=cart, variant_id=variant_id, quantity=whole_number(entered), now=timezone.now())
    except DomainError as error:
        return error.message
    return ""


def whole_number(entered: str) -> int:
    """Read a quantity.

    Raises:
        CartError: it is not a whole number.
    """
    try:
        return int(entered)
    except ValueError as error:
        raise CartError(gettext("Give the quantity as a whole number.")) from error
