"""The page that a link with a basket in it opens: what it holds at today's prices, and a button that puts it in."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views import View

from catalogue.selectors.pictures import full_picture_url
from checkout.cart.buy_links import BrokenLinkError, buy_url, read_link
from checkout.cart.identity import cart_of, remember
from checkout.cart.look_up import Sellers, look_up
from checkout.cart.set_lines import set_lines
from checkout.models.coupons import LONGEST_CODE
from checkout.pricing.lines import CartLine
from checkout.pricing.quote import Quote
from checkout.pricing.reading import Seen, read_quote
from checkout.views.carts import coupon_refusal
from kit.api.throttling import throttled
from kit.errors import DomainError
from kit.money import format_minor

NAMED = 3  # products that the title of the link's card names


class BuyLinkView(View):
    """Page of a link's goods; only the button puts them in a basket, since chats open links too."""

    def get(self, request: HttpRequest, lines: str) -> HttpResponse:
        try:
            wanted = read_link(lines)
        except BrokenLinkError as error:
            return render(request, "checkout/buy_broken.html", {"refusal": error.message}, status=error.status)
        return render(
            request, "checkout/buy.html", _context(_quoted(wanted), wanted, coupon=request.GET.get("coupon", ""))
        )

    def post(self, request: HttpRequest, lines: str) -> HttpResponse:
        """Put the goods that can be had in the basket, in the link's quantities, and go on to it or to the checkout."""
        return self._with_coupon(request, lines) if request.POST.get("coupon") else self._put(request, lines)

    @throttled("coupons")
    def _with_coupon(self, request: HttpRequest, lines: str) -> HttpResponse:
        return self._put(request, lines, has_coupon=True)

    def _put(self, request: HttpRequest, lines: str, *, has_coupon: bool = False) -> HttpResponse:
        (cart, token), now = cart_of(request), timezone.now()
        try:
            set_lines(cart=cart, quantities=_available(_quoted(read_link(lines))), now=now)
        except DomainError as error:
            messages.error(request, error.message)
            response = redirect(request.get_full_path())
        else:
            refusal = coupon_refusal(request, cart) if has_coupon else ""
            if refusal:
                messages.warning(request, refusal)
            goes_on = request.POST.get("next") == "checkout" and not refusal
            response = redirect("checkout:checkout" if goes_on else "checkout:cart")
        remember(response, token)
        return response


def _quoted(wanted: Mapping[UUID, int]) -> Quote:
    """Quote a link's lines as if they were a basket; variants that are not sold any more are left out."""
    sellers, seen = look_up(list(wanted))
    sold = [variant_id for variant_id in wanted if variant_id in sellers]
    lines = [_line(variant_id, wanted[variant_id], sellers, seen) for variant_id in sold]
    return read_quote(lines, now=timezone.now(), seen=seen)


def _line(variant_id: UUID, quantity: int, sellers: Sellers, seen: Seen) -> CartLine:
    offer = seen.offers.get(variant_id)
    return CartLine(variant_id, sellers[variant_id].id, quantity, offer.price_minor if offer else 0)


def _available(quoted: Quote) -> dict[UUID, int]:
    """Return the quantities that can be had of a link's lines, by variant."""
    counted = ((line.line, line.offer) for line in quoted.counted if line.offer)
    return {line.variant_id: min(line.quantity, offer.available) for line, offer in counted if offer.available > 0}


def _context(quoted: Quote, wanted: Mapping[UUID, int], *, coupon: str) -> dict[str, Any]:
    titles = [line.offer.title for line in quoted.lines if line.offer]
    pictures = [line.offer.image for line in quoted.lines if line.offer and line.offer.image]
    return {
        "cart": quoted,
        "missing": len(wanted) - len(quoted.lines),
        "can_be_had": bool(_available(quoted)),
        "coupon": coupon[:LONGEST_CODE],
        "canonical": buy_url(wanted),
        "social_type": "website",
        "social_title": ", ".join(titles[:NAMED]) or gettext("A basket on Kasuwa"),
        "social_text": _summary(quoted),
        "social_image": full_picture_url(pictures[0]) if pictures else "",
    }


def _summary(quoted: Quote) -> str:
    shops = ", ".join(shop.name for shop in quoted.shops)
    if not shops:
        return gettext("Nothing of this basket is for sale at present.")
    prices = ", ".join(format_minor(total.items_minor, total.currency) for total in quoted.totals)
    return gettext("From %(shops)s, %(prices)s. Look at it, and order it with one payment.") % {
        "shops": shops,
        "prices": prices,
    }
