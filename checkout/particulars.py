"""Particulars of entries about orders in a shop's audit trail."""

from django.utils.translation import gettext_lazy

from checkout.fulfilment.status import PartStatus
from tenants.models import ShopEventKind
from tenants.shops.particulars import Particular, Replaced, label_in

PARTICULARS = (
    Particular("units", gettext_lazy("pieces")),
    Particular("amount", gettext_lazy("amount")),
    Particular("tracking", gettext_lazy("tracking")),
    Particular("days", gettext_lazy("days")),
    Particular("categories", gettext_lazy("categories")),
    Replaced(ShopEventKind.STEP_UNDONE, label_in(PartStatus)),
)
