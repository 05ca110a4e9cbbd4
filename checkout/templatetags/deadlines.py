"""`{% deadline part as due %}`: the last days of a part, and whether it is late now."""

from django import template
from django.utils import timezone

from checkout.fulfilment.deadlines import Deadline, deadline_of
from checkout.fulfilment.models import VendorOrder
from checkout.models import SubOrder

register = template.Library()


@register.simple_tag
def deadline(part: SubOrder | VendorOrder) -> Deadline:
    """Return the last days of a part; a sub-order is given with its order."""
    paid_at = part.paid_at if isinstance(part, VendorOrder) else part.order.paid_at
    return deadline_of(part, paid_at=paid_at, now=timezone.now())
