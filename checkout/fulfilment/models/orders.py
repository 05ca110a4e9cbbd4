"""A shop's own record of the orders it fulfils."""

from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import F, Q, Value
from django.utils.translation import gettext_lazy

from checkout.fulfilment.parcels import SentParcel, lines_of_json, units_to_send, whole_parcels
from checkout.fulfilment.status import TO_SEND, PartStatus, shop_label
from kit.money.columns import AmountColumns, amount_constraints
from kit.text.columns import EmailColumn, LineColumn, NameColumn
from kit.text.pairs import PairsColumn


class StockState(models.TextChoices):
    """State of the stock of the lines."""

    RESERVED = "reserved", gettext_lazy("Reserved")
    CONSUMED = "consumed", gettext_lazy("Consumed")
    RELEASED = "released", gettext_lazy("Released")


class VendorOrder(AmountColumns):
    """The part of an order that this shop fulfils; its id is the sub-order's."""

    id = models.UUIDField(primary_key=True)
    number = models.CharField(max_length=24, unique=True)
    status = models.CharField(max_length=14, choices=PartStatus, default=PartStatus.PENDING)
    stock_state = models.CharField(max_length=10, choices=StockState, default=StockState.RESERVED)
    buyer_name = NameColumn(max_length=120)
    buyer_email = EmailColumn(max_length=254)
    shipping_address = models.JSONField()
    delivery = models.JSONField(
        default=dict,
        db_default=Value({}, models.JSONField()),
        help_text="Snapshot of the method; empty on orders from before it was kept.",
    )
    placed_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    status_at = models.DateTimeField()

    class Meta:
        constraints = amount_constraints("vendor_order")
        indexes = [models.Index(fields=["status", "placed_at", "id"], name="vendor_order_queue")]

    def __str__(self) -> str:
        return self.number

    @property
    def status_label(self) -> str:
        """Return the label of the status for the shop."""
        return shop_label(self.status)

    @property
    def chosen_delivery(self) -> dict[str, Any] | None:
        """Return the method by which it is delivered; None on orders from before it was kept."""
        return {"station": None, "leaves_on": None, **self.delivery} if self.delivery else None

    @property
    def is_at_station(self) -> bool:
        """Return whether the parcel is handed out at a station, for the buyer's code."""
        return bool(self.delivery.get("station"))

    @property
    def is_to_send(self) -> bool:
        """Return whether it is paid for and still with the shop, at least in part."""
        return self.status in TO_SEND

    @property
    def is_partly_sent(self) -> bool:
        """Return whether some of it has left, and some has not; by its lines."""
        return self.is_to_send and any(line.sent_quantity for line in self.lines.all())

    @property
    def sent_parcels(self) -> list[SentParcel]:
        """Return its parcels with what is in them; by its lines and shipments."""
        return whole_parcels(
            [shipment.parcel for shipment in self.shipments.all()],
            left=self._left,
            status=self.status,
            since=self.status_at,
            otherwise=Shipment(shipped_at=self.status_at).parcel,
        )

    @property
    def to_send(self) -> dict[UUID, int]:
        """Return the units that are still to be sent, by variant; by its lines and shipments."""
        kept = [shipment.parcel for shipment in self.shipments.all()]
        return units_to_send(kept, left=self._left, status=self.status)

    @property
    def _left(self) -> dict[UUID, int]:
        return {line.variant_id: line.left for line in self.lines.all()}


class VendorOrderLine(models.Model):
    """A line as it was when the order was placed."""

    vendor_order = models.ForeignKey(VendorOrder, on_delete=models.CASCADE, db_index=False, related_name="lines")
    variant_id = models.UUIDField()
    product_id = models.UUIDField()
    sku = LineColumn(max_length=64)
    title = NameColumn(max_length=160)
    options = PairsColumn(default=dict)
    image = models.CharField(max_length=200, blank=True)
    quantity = models.PositiveIntegerField()
    cancelled_quantity = models.IntegerField(
        default=0, db_default=0, help_text="Units that were cancelled after they were paid."
    )
    sent_quantity = models.IntegerField(
        default=0,
        db_default=0,
        help_text="Units that are in parcels; zero where an earlier release has sent it.",
    )
    unit_price_minor = models.BigIntegerField()
    total_minor = models.BigIntegerField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["vendor_order", "variant_id"], name="line_variant_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="line_quantity_positive"),
            models.CheckConstraint(
                condition=Q(cancelled_quantity__gte=0, cancelled_quantity__lte=F("quantity")),
                name="line_cancelled_within_quantity",
            ),
            models.CheckConstraint(
                condition=Q(sent_quantity__gte=0, sent_quantity__lte=F("quantity") - F("cancelled_quantity")),
                name="line_sent_within_left",
            ),
            models.CheckConstraint(
                condition=Q(total_minor=F("quantity") * F("unit_price_minor")), name="line_total_multiplies"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.sku}"

    @property
    def left(self) -> int:
        """Return the units that are to be sent, or were."""
        return self.quantity - self.cancelled_quantity

    @property
    def to_send(self) -> int:
        """Return the units that are in no parcel yet, of a part that is to be sent."""
        return self.left - self.sent_quantity

    @property
    def on_slip(self) -> int:
        """Return the units that slips name: those in no parcel yet, or all where no parcel or every one has left."""
        return self.to_send if self.vendor_order.is_partly_sent else self.left


class Shipment(models.Model):
    """A parcel of an order that has left."""

    vendor_order = models.ForeignKey(VendorOrder, on_delete=models.CASCADE, db_index=False, related_name="shipments")
    number = models.PositiveSmallIntegerField(default=1, db_default=1, help_text="Of the order's parcels, counted.")
    carrier = LineColumn(max_length=80, blank=True)
    tracking_number = LineColumn(max_length=80, blank=True)
    tracking_url = LineColumn(max_length=500, blank=True, default="", db_default="")
    lines = models.JSONField(
        default=dict,
        db_default=Value({}, models.JSONField()),
        help_text="Units of each line in it, by variant; empty: all that is in no other parcel.",
    )
    shipped_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["vendor_order", "number"], name="parcel_of_order")]

    def __str__(self) -> str:
        return self.tracking_number or f"parcel {self.pk}"

    @property
    def parcel(self) -> SentParcel:
        """Return the parcel as it is stored."""
        return SentParcel(
            number=self.number,
            carrier=self.carrier,
            tracking_number=self.tracking_number,
            tracking_url=self.tracking_url,
            lines=lines_of_json(self.lines),
            shipped_at=self.shipped_at,
            delivered_at=self.delivered_at,
        )


class TaxRegistration(models.Model):
    """Registration of the shop for a country's tax, one row; a shop without it charges no tax."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    country = models.CharField(max_length=2, help_text="ISO 3166-1 alpha-2.")
    number = LineColumn(max_length=30, help_text="Under which the country knows the shop.")
    prices_include_tax = models.BooleanField(help_text="Else the tax comes on top of the prices.")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="tax_registration_once"),
            models.CheckConstraint(condition=~Q(number=""), name="tax_registration_numbered"),
        ]

    def __str__(self) -> str:
        return f"{self.country} {self.number}"
