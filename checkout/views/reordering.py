"""Ordering again from an order's page."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views import View

from checkout.access import order_for
from checkout.cart.identity import cart_of, is_new_visitor, remember
from checkout.cart.reordering import compare, reorder
from kit.errors import DomainError
from kit.web.not_found import or_404


class OrderReorderView(View):
    """Putting an earlier order into the basket; where not all is as it was, a page tells it line by line."""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        order, (cart, _) = or_404(order_for, request, number), cart_of(request)
        lines = compare(order=order, cart=cart, now=timezone.now())
        context = {
            "order": order,
            "lines": lines,
            "has_more": any(line.is_to_put_in for line in lines),
            "has_some": any(line.held for line in lines),
        }
        return render(request, "checkout/reorder.html", context)

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        order, (cart, token) = or_404(order_for, request, number), cart_of(request)
        response = redirect("checkout:order-reorder", order.number)
        try:
            lines = reorder(order=order, cart=cart, now=timezone.now(), is_new=is_new_visitor(request))
        except DomainError as error:
            messages.error(request, error.message)
        else:
            if all(line.is_as_before for line in lines):
                messages.success(request, gettext("Everything of this order is in your basket again."))
                response = redirect("checkout:cart")
        remember(response, token)
        return response
