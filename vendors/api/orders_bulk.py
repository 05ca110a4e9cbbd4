"""Steps of many orders in one call."""

from typing import ClassVar

from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from checkout.capabilities import FULFIL_ORDERS
from checkout.fulfilment.services import Parcel
from kit.api.idempotent import takes_key
from kit.api.openapi import INVALID
from kit.api.refusals import answer
from kit.api.validation import checked
from vendors.access import StaffApi, shop_of
from vendors.api import examples
from vendors.serializers.orders import BulkStepOutput, DeliveredData, NumbersData, ParcelsData
from vendors.services.orders import deliver_orders, pack_orders, ship_orders

TAGS = ["Orders"]
STEPS = {200: BulkStepOutput, 400: INVALID}
NUMBERS = OpenApiExample("Two orders", request_only=True, value={"numbers": ["KS-7F3K9QXD2M-1", "KS-41PMC7W8ZA-2"]})
CODES = OpenApiExample(
    "One at a station",
    request_only=True,
    value={"numbers": ["KS-7F3K9QXD2M-1"], "codes": [{"number": "KS-7F3K9QXD2M-1", "code": "7KQF3XMA"}]},
)
RESULT = answer("One was packed, one was refused", examples.BULK_STEP)


class BulkPackApi(StaffApi):
    """Packing many orders."""

    capabilities: ClassVar = {"POST": FULFIL_ORDERS}

    @takes_key(in_transaction=False)
    @extend_schema(
        operation_id="vendor_orders_pack",
        summary="Mark many orders packed",
        tags=TAGS,
        request=NumbersData,
        responses=STEPS,
        examples=[NUMBERS, RESULT],
    )
    def post(self, request: Request) -> Response:
        """Record that each of some paid orders is packed; one that is refused holds up no other."""
        result = pack_orders(shop=shop_of(request), numbers=_numbers(request), now=timezone.now())
        return Response(BulkStepOutput(result).data)


class BulkShipApi(StaffApi):
    """Shipping many orders."""

    capabilities: ClassVar = {"POST": FULFIL_ORDERS}

    @takes_key(in_transaction=False)
    @extend_schema(
        operation_id="vendor_orders_ship",
        summary="Mark many orders shipped",
        tags=TAGS,
        request=ParcelsData,
        responses=STEPS,
        examples=[examples.PARCELS, RESULT],
    )
    def post(self, request: Request) -> Response:
        """Record that each of some orders was shipped, with its tracking; one that is refused holds up no other.

        Their buyers are notified.
        """
        data = ParcelsData(data=request.data)
        data.is_valid(raise_exception=True)
        parcels = {
            each["number"]: Parcel(each.get("carrier", ""), each.get("tracking_number", ""))
            for each in data.validated_data["parcels"]
        }
        result = ship_orders(shop=shop_of(request), parcels=parcels, now=timezone.now())
        return Response(BulkStepOutput(result).data)


class BulkDeliverApi(StaffApi):
    """Delivery of many orders."""

    capabilities: ClassVar = {"POST": FULFIL_ORDERS}

    @takes_key(in_transaction=False)
    @extend_schema(
        operation_id="vendor_orders_deliver",
        summary="Mark many orders delivered",
        tags=TAGS,
        request=DeliveredData,
        responses=STEPS,
        examples=[NUMBERS, CODES, RESULT],
    )
    def post(self, request: Request) -> Response:
        """Record that each of some orders has arrived; one that is refused holds up no other.

        Parcels that are handed out at a station need the buyers' codes.
        """
        asked = checked(DeliveredData, request.data)
        codes = {each["number"]: each["code"] for each in asked.get("codes", ())}
        result = deliver_orders(shop=shop_of(request), numbers=asked["numbers"], codes=codes, now=timezone.now())
        return Response(BulkStepOutput(result).data)


def _numbers(request: Request) -> list[str]:
    """Return the numbers of a call's body.

    Raises:
        ValidationError: it names none, or too many.
    """
    data = NumbersData(data=request.data)
    data.is_valid(raise_exception=True)
    numbers: list[str] = data.validated_data["numbers"]
    return numbers
