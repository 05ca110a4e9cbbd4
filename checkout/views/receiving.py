"""The buyer's word on an order's page that a parcel has arrived."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views import View

from checkout.access import order_for
from checkout.fulfilling.receive_parts import receive_parts
from kit.errors import DomainError
from kit.web.not_found import or_404


class OrderReceivedView(View):
    """The button of a part that is on its way."""

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        order = or_404(order_for, request, number)
        try:
            receive_parts(order_id=order.pk, number=request.POST.get("part", ""), now=timezone.now())
            messages.success(request, gettext("Thank you. We tell the shop that it has arrived."))
        except DomainError as error:
            messages.error(request, error.message)
        return redirect(order)
