"""The audit's check of the parcels on the market's record of an order against those in the shop's own.

As with the orders themselves, rows are read of those shops alone whose digests differ. They differ too where a parcel
of an earlier release has arrived since, which the market's record then holds with its units: no finding comes of it.
"""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy

from checkout.audit.vendor_orders import differing_shops
from checkout.fulfilment.audit import PARCELS_DIGEST, ParcelRecord, parcel_records
from checkout.fulfilment.status import SENT
from checkout.models import SubOrder
from kit.db.statements import load_statement
from payouts.audit import Answers, AuditCheck, Finding, Found, found_in
from tenants.schemas.look_up import ShopSchema

OF_MARKET = load_statement(__package__, "parcels_digest")


def find_parcels(shops: Sequence[ShopSchema], answers: Answers) -> Found:
    """Find the parts of orders whose parcels in the shop differ from the market's."""
    return found_in([finding for shop in differing_shops(OF_MARKET, shops, answers) for finding in _differences(shop)])


def _differences(shop: ShopSchema) -> list[Finding]:
    """Compare the parcels of a shop's orders one by one."""
    market, own = _of_market(shop.shop_id), parcel_records(shop)
    return [
        Finding(
            f"parcels of vendor order {(market.get(key) or own[key]).number} at {shop.slug}",
            str(market.get(key, "no parcel in the sub-order")),
            str(own.get(key, "no parcel in the vendor order")),
        )
        for key in sorted(market.keys() | own.keys())
        if key not in market or key not in own or market[key].differs_from(own[key])
    ]


def _of_market(shop_id: int) -> dict[UUID, ParcelRecord]:
    parts = SubOrder.objects.filter(~Q(parcels=[]) | Q(status__in=SENT), shop_id=shop_id).order_by("id")
    found = {part.pk: ParcelRecord(part.number, part.sent_parcels, part.kept_parcels) for part in parts}
    return {key: record for key, record in found.items() if record.parcels}


PARCELS = AuditCheck(
    "parcels", gettext_lazy("Each shop's parcels match those of the sub-orders"), find_parcels, in_shops=PARCELS_DIGEST
)
