"""Print the documents of selected orders in one file."""

from collections.abc import Sequence
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy

from checkout.documents.printing import invoices_of_shop, print_documents, print_slips
from checkout.documents.slips import SlipKind
from checkout.orders.shop_orders import orders_by_number
from tenants.models import Shop


class PrintKind(models.TextChoices):
    """Kind of document that is printed for a selection."""

    INVOICE = "invoice", gettext_lazy("Invoices")
    PACKING_SLIP = SlipKind.PACKING.value, gettext_lazy("Packing slips")
    PICKUP_SLIP = SlipKind.PICKUP.value, gettext_lazy("Pick-up slips")


def print_selection(*, kind: PrintKind, shop: Shop, numbers: Sequence[str], now: datetime) -> bytes:
    """Return the PDF of the documents of some orders, each once; orders without one, or of others, are left out.

    Raises:
        DocumentNotFoundError: none of them was sold.
        NotPickedUpError: none of them is picked up.
    """
    wanted = list(dict.fromkeys(numbers))
    if kind is PrintKind.INVOICE:
        return print_documents(invoices_of_shop(shop_id=shop.pk, numbers=wanted, now=now))
    found = orders_by_number(shop=shop, numbers=wanted)
    orders = [found[number] for number in wanted if number in found]
    return print_slips(SlipKind(kind.value), orders, shop=shop)
