"""Giving money of any order back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from accounts.access import signed_in_user
from checkout.models import ReversedBy
from checkout.orders.operations import get_any_order, get_part
from checkout.refund_forms import OperatorRefundPartForm
from checkout.reversals.refund_part import may_refund
from checkout.reversals.reverse import Actor
from console.access import operators_only
from console.services.orders import refund_part_of_order
from kit.errors import DomainError
from kit.web.not_found import or_404

REFUSED = 422


@operators_only
@require_http_methods(["GET", "HEAD", "POST"])
def order_refund(request: HttpRequest, number: str, part: str) -> HttpResponse:
    """Refund money of a shop's part of a paid order: entered, shown with the refund, then confirmed."""
    order = or_404(get_any_order, number=number)
    found = or_404(get_part, order, number=part)
    actor_id = signed_in_user(request).pk
    form = OperatorRefundPartForm(request.POST or None, part=found, by=Actor(ReversedBy.OPERATOR, actor_id))
    is_valid = form.is_valid()
    if is_valid and form.is_confirmed:
        try:
            refund_part_of_order(refund=form.part_refund, number=number, actor_id=actor_id, now=timezone.now())
            messages.success(request, gettext("The refund is on its way. The buyer and the shop are told."))
        except DomainError as error:
            messages.error(request, error.message)
        return redirect("console:order", number=number)
    if not may_refund(found):
        return redirect("console:order", number=number)
    context = {
        "order": order,
        "part": found,
        "form": form,
        "refund_minor": form.refund_minor if is_valid else None,
        "crumbs": [
            {"label": gettext("Orders"), "url": reverse("console:orders")},
            {"label": number, "url": reverse("console:order", args=[number])},
            {"label": gettext("Refund")},
        ],
    }
    status = REFUSED if form.is_bound and not is_valid else 200
    return render(request, "console/order_refund.html", context, status=status)
