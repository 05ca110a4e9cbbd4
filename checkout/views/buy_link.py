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
from checkout.cart.set_lines import set_lines
from checkout.cart.wanted_lines import available_units, quote_wanted
from checkout.models.coupons import LONGEST_CODE
from checkout.pricing.quote import Quote
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
        quoted = quote_wanted(wanted, now=timezone.now())
        return render(request, "checkout/buy.html", _context(quoted, wanted, coupon=request.GET.get("coupon", "")))

    def post(self, request: HttpRequest, lines: str) -> HttpResponse:
        """Put the goods that can be had in the basket, in the link's quantities, and go on to it or to the checkout."""
        return self._with_coupon(request, lines) if request.POST.get("coupon") else self._put(request, lines)

    @throttled("coupons")
    def _with_coupon(self, request: HttpRequest, lines: str) -> HttpResponse:
        return self._put(request, lines, has_coupon=True)

    def _put(self, request: HttpRequest, lines: str, *, has_coupon: bool = False) -> HttpResponse:
        (cart, token), now = cart_of(request), timezone.now()
        try:
            set_lines(cart=cart, quantities=available_units(quote_wanted(read_link(lines), now=now)), now=now)
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


def _context(quoted: Quote, wanted: Mapping[UUID, int], *, coupon: str) -> dict[str, Any]:
    titles = [line.offer.title for line in quoted.lines if line.offer]
    pictures = [line.offer.image for line in quoted.lines if line.offer and line.offer.image]
    return {
        "cart": quoted,
        "missing": len(wanted) - len(quoted.lines),
        "is_available": bool(available_units(quoted)),
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
