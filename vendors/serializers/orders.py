"""Orders as the shop that fulfils them sees them."""

from collections.abc import Sequence
from typing import Any, cast

from django.utils import timezone
from django.utils.translation import gettext
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from checkout.fulfilment.models import VendorOrder, VendorOrderLine
from checkout.fulfilment.status import SENT, PartStatus
from checkout.models import DeliveredBy, ReversedBy
from checkout.moves.move import Side
from checkout.moves.table import PART_MOVES, UNDOABLE
from checkout.orders.shop_orders import ShopPart
from checkout.placing.request import ADDRESS_FIELDS
from checkout.serializers.amounts import AdjustmentOutput, AmountSetOutput
from checkout.serializers.deadlines import DeadlineOutput
from checkout.serializers.delivery import ChosenDeliveryOutput
from checkout.serializers.moves import names_of
from checkout.serializers.orders import PartTaxOutput
from checkout.serializers.refunds import RefundOutput, SoldAmountsOutput
from checkout.serializers.returns import ReturnOutput
from checkout.serializers.shipments import ParcelInput, ShipmentLineInput, ShipmentOutput
from kit.api.input import InputSerializer
from kit.api.lists import FeedOutput
from kit.api.schema import object_of
from kit.text.serializers import LineField
from vendors.selectors.moves import Staff, staff_moves
from vendors.selectors.orders import CORRECTIONS
from vendors.services.bulk_result import MOST_AT_ONCE

STAFF_MOVES = names_of(PART_MOVES, Side.SHOP)


class VendorOrderOutput(DeadlineOutput):
    """An order in a list."""

    number = serializers.CharField()
    status = serializers.ChoiceField(choices=PartStatus.choices)
    buyer_name = serializers.CharField()
    amounts = AmountSetOutput(source="*")
    currency = serializers.CharField()
    items_minor = serializers.IntegerField()
    discount_minor = serializers.IntegerField()
    shipping_minor = serializers.IntegerField()
    delivery_discount_minor = serializers.IntegerField()
    tax_minor = serializers.IntegerField()
    prices_include_tax = serializers.BooleanField()
    total_minor = serializers.IntegerField()
    placed_at = serializers.DateTimeField()
    paid_at = serializers.DateTimeField(allow_null=True)
    status_at = serializers.DateTimeField()
    allowed_moves = serializers.SerializerMethodField(help_text="What you can do with it now, of " + STAFF_MOVES + ".")

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_allowed_moves(self, order: VendorOrder) -> list[str]:
        """Return the names of the moves that the caller may make now."""
        staff: Staff = self.context["staff"]
        return staff_moves(order, shop=staff.shop, role=staff.role, now=timezone.now())


class VendorOrderLineOutput(serializers.Serializer[Any]):
    """A line as it was when the order was placed."""

    id = serializers.UUIDField(source="variant_id", help_text="Of the line in its order.")
    variant_id = serializers.UUIDField()
    product_id = serializers.UUIDField()
    sku = serializers.CharField()
    title = serializers.CharField()
    options = serializers.DictField(child=serializers.CharField())
    quantity = serializers.IntegerField()
    cancelled_quantity = serializers.IntegerField(help_text="Units of it that were cancelled after they were paid.")
    sent_quantity = serializers.SerializerMethodField(help_text="Units of it that are in parcels.")
    unit_price_minor = serializers.IntegerField()
    total_minor = serializers.IntegerField()

    def get_sent_quantity(self, line: VendorOrderLine) -> int:
        """Return the units that have left; of a part that is sent all that are not cancelled."""
        return line.left if self.context.get("is_sent") else line.sent_quantity


def _lines_of(order: VendorOrder) -> Any:
    lines = cast("Sequence[VendorOrderLine]", order.lines.all())
    return VendorOrderLineOutput(lines, many=True, context={"is_sent": order.status in SENT}).data


class VendorOrderRowOutput(VendorOrderOutput):
    """An order in a list, with what is in it."""

    line_count = serializers.IntegerField()
    units = serializers.IntegerField()
    lines = serializers.SerializerMethodField()

    @extend_schema_field(VendorOrderLineOutput(many=True))
    def get_lines(self, order: VendorOrder) -> Any:
        """Return the lines, as they were prefetched."""
        return _lines_of(order)


class VendorOrderFeedOutput(FeedOutput):
    """Some of a shop's orders."""

    results = VendorOrderRowOutput(many=True)


class CorrectionOutput(serializers.Serializer[Any]):
    """A step that was undone, or tracking that was changed."""

    kind = serializers.ChoiceField(choices=sorted(kind.value for kind in CORRECTIONS))
    actor_name = serializers.CharField(source="by", help_text="Name of the member who did it.", allow_blank=True)
    details = serializers.CharField(help_text="The values before and after, in words.")
    corrected_at = serializers.DateTimeField(source="at")


class VendorOrderDetailOutput(VendorOrderOutput):
    """An order with everything needed to fulfil it, and what the shop gets for it."""

    amounts = serializers.SerializerMethodField()  # type: ignore[assignment]
    adjustments = serializers.SerializerMethodField(help_text="What changed the price, with its source.")
    tax = serializers.SerializerMethodField(help_text="As an invoice tells it; null where you charge none.")
    vat_number = serializers.SerializerMethodField(help_text="Of a business that buys.")
    delivery = ChosenDeliveryOutput(
        source="chosen_delivery", allow_null=True, help_text="The method; null on orders from before it was kept."
    )
    buyer_email = serializers.SerializerMethodField(help_text="Empty until it is paid.")
    shipping_address = serializers.SerializerMethodField()
    lines = serializers.SerializerMethodField()
    shipments = serializers.SerializerMethodField()
    corrections = serializers.SerializerMethodField(help_text="The latest first.")
    delivered_by = serializers.SerializerMethodField(
        help_text="By whose word it has arrived (`timer`: its time was over); null before, and where it was not kept."
    )
    commission_bps = serializers.SerializerMethodField(
        help_text="In hundredths of a percent; null to roles that may not see the balance."
    )
    commission_minor = serializers.SerializerMethodField(
        help_text="What the market keeps; 0 where nothing was sold, null to roles that may not see the balance."
    )
    commission_tax_minor = serializers.SerializerMethodField(help_text="The market's tax on it, likewise.")
    refunded_minor = serializers.SerializerMethodField(help_text="Of the total, what goes back to the buyer.")
    refunds = serializers.SerializerMethodField(help_text="What is given back of it, the oldest first.")
    returns = serializers.SerializerMethodField(help_text="What its buyer wants to send back, the oldest first.")
    payable_minor = serializers.SerializerMethodField(
        help_text="What the shop gets; 0 where nothing was sold, null to roles that may not see the balance."
    )

    @extend_schema_field(SoldAmountsOutput())
    def get_amounts(self, order: VendorOrder) -> dict[str, Any]:
        """Return the amounts, with what goes back of them."""
        return {**AmountSetOutput(order).data, "refunded_minor": self._part.refunded_minor}

    def get_buyer_email(self, order: VendorOrder) -> str:
        """Return the buyer's e-mail address."""
        return order.buyer_email if order.paid_at else ""

    @extend_schema_field(
        object_of(*ADDRESS_FIELDS, help_text="Empty once the buyer is forgotten; its phone number until it is paid.")
    )
    def get_shipping_address(self, order: VendorOrder) -> dict[str, Any]:
        """Return the address of the delivery."""
        shown = order.paid_at is not None or not order.shipping_address
        return order.shipping_address if shown else {**order.shipping_address, "phone": ""}

    @extend_schema_field(RefundOutput(many=True))
    def get_refunds(self, order: VendorOrder) -> Any:
        """Return the refunds of the order, the oldest first."""
        return RefundOutput(self.context["refunds"], many=True).data

    @extend_schema_field(serializers.ChoiceField(choices=DeliveredBy.choices, allow_null=True))
    def get_delivered_by(self, order: VendorOrder) -> str | None:
        """Return the side; None before it has arrived."""
        return self._part.delivered_by or None

    @extend_schema_field(ReturnOutput(many=True))
    def get_returns(self, order: VendorOrder) -> Any:
        """Return the returns of the order, the oldest first."""
        return ReturnOutput(self.context["returns"], many=True, context={"side": ReversedBy.SHOP}).data

    @extend_schema_field(PartTaxOutput(allow_null=True))
    def get_tax(self, order: VendorOrder) -> dict[str, Any] | None:
        """Return the tax of the part."""
        return self._part.tax or None

    def get_vat_number(self, order: VendorOrder) -> str:
        """Return the number of the business that buys."""
        return self._part.vat_number

    @extend_schema_field(AdjustmentOutput(many=True))
    def get_adjustments(self, order: VendorOrder) -> Any:
        """Return the adjustments that were frozen with the order."""
        return AdjustmentOutput(self._part.adjustments, many=True).data

    @extend_schema_field(VendorOrderLineOutput(many=True))
    def get_lines(self, order: VendorOrder) -> Any:
        """Return the lines, as they were prefetched."""
        return _lines_of(order)

    @extend_schema_field(ShipmentOutput(many=True))
    def get_shipments(self, order: VendorOrder) -> Any:
        """Return the parcels, as they were prefetched."""
        return ShipmentOutput(order.sent_parcels, many=True).data

    @extend_schema_field(CorrectionOutput(many=True))
    def get_corrections(self, order: VendorOrder) -> Any:
        """Return steps that were undone, and earlier tracking."""
        return CorrectionOutput(self.context["corrections"], many=True).data

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_commission_bps(self, order: VendorOrder) -> int | None:
        """Return the rate that was agreed when the order was placed."""
        return self._of_balance(self._part.commission_bps)

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_commission_minor(self, order: VendorOrder) -> int | None:
        """Return the market's share of the items."""
        return self._of_balance(self._part.commission_due_minor)

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_commission_tax_minor(self, order: VendorOrder) -> int | None:
        """Return the tax on the market's share."""
        return self._of_balance(self._part.commission_tax_due_minor)

    def get_refunded_minor(self, order: VendorOrder) -> int:
        """Return the amount that is refunded to the buyer."""
        return self._part.refunded_minor

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_payable_minor(self, order: VendorOrder) -> int | None:
        """Return items and delivery, less the commission."""
        return self._of_balance(self._part.payable_minor)

    def _of_balance(self, figure: int) -> int | None:
        return figure if self.context["may_see_balance"] else None

    @property
    def _part(self) -> ShopPart:
        part: ShopPart = self.context["part"]
        return part


class ParcelData(ParcelInput):
    """Carrier of a parcel, and the number and the link under which it can be followed."""


class NewShipmentData(ParcelData):
    """A parcel that leaves, and what is in it."""

    lines = serializers.ListField(
        child=ShipmentLineInput(),
        required=False,
        allow_null=True,
        allow_empty=False,
        max_length=100,
        help_text="Left out: all that is left to send.",
    )


class ShipmentChange(ParcelData):
    """Changes of the tracking of a parcel; fields that are left out stay."""


class UndoData(InputSerializer):
    """Step to undo: the order's status as you saw it."""

    step = serializers.ChoiceField(choices=sorted(step.value for step in UNDOABLE))


class NumbersData(InputSerializer):
    """Numbers of orders."""

    numbers = serializers.ListField(
        child=LineField(max_length=24), allow_empty=False, max_length=MOST_AT_ONCE, help_text="At most 100."
    )


class DeliveryData(InputSerializer):
    """The buyer's code, of a parcel that is handed out at a station."""

    code = LineField(max_length=20, required=False, allow_blank=True, help_text="The buyer has it, and tells it.")


class NumberedCodeData(InputSerializer):
    """The buyer's code of an order."""

    number = LineField(max_length=24)
    code = LineField(max_length=20)


class DeliveredData(NumbersData):
    """Numbers of orders, and the codes of those that are handed out at a station."""

    codes = NumberedCodeData(many=True, required=False)


class NumberedParcelData(ParcelData):
    """Carrier and tracking number of an order."""

    number = LineField(max_length=24)


class ParcelsData(InputSerializer):
    """Parcels of orders."""

    parcels = serializers.ListField(
        child=NumberedParcelData(),
        allow_empty=False,
        max_length=MOST_AT_ONCE,
        help_text="At most 100, each of another order.",
    )

    def validate_parcels(self, parcels: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Refuse an order that comes twice: one of its parcels would be forgotten."""
        if len({parcel["number"] for parcel in parcels}) < len(parcels):
            raise serializers.ValidationError(gettext("Name each order once."), code="repeated_value")
        return parcels


class RefusedStepOutput(serializers.Serializer[Any]):
    """An order that was not changed, and the reason."""

    number = serializers.CharField(source="key")
    code = serializers.CharField(help_text="As the call for this order by itself would give it.")
    message = serializers.CharField()


class BulkStepOutput(serializers.Serializer[Any]):
    """Orders that were changed, and those that were refused."""

    done = serializers.ListField(child=serializers.CharField(), help_text="Numbers of the orders.")
    refused = RefusedStepOutput(many=True)
