"""The commission on a part of an order, explained."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from checkout.commission.explaining import explain_commission
from checkout.orders.operations import get_any_order
from checkout.orders.selectors import part_of
from console.access import operators_only
from kit.web.not_found import or_404


@operators_only
@require_safe
def part_commission(request: HttpRequest, number: str, part: str) -> HttpResponse:
    """Show which rule holds for each line, and how its commission is computed."""
    context = {
        "found": explain_commission(or_404(part_of, or_404(get_any_order, number=number), part)),
        "crumbs": [
            {"label": gettext("Orders"), "url": reverse("console:orders")},
            {"label": number, "url": reverse("console:order", args=[number])},
            {"label": gettext("Commission")},
        ],
    }
    return render(request, "console/order_commission.html", context)
