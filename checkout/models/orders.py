"""An order, and the part of it that each shop fulfils."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Length
from django.urls import reverse
from django.utils.translation import gettext_lazy

from checkout.fulfilment.parcels import SentParcel, sent_units, units_to_send, whole_parcels
from checkout.fulfilment.status import EARNING, TO_SEND, PartStatus, shop_label
from checkout.models.commission_columns import COMMISSION_CONSTRAINTS, CommissionColumns
from checkout.models.delivered_by import DeliveredBy
from kit.db.leased_work import LeasedWork
from kit.ids import uuid7
from kit.money.columns import AmountColumns, amount_constraints
from kit.text.columns import EmailColumn, LineColumn
from kit.text.parts import parts_index


class OrderStatus(models.TextChoices):
    """Status of an order as a whole."""

    PENDING = "pending", gettext_lazy("Awaiting payment")
    PAID = "paid", gettext_lazy("Paid")
    EXPIRED = "expired", gettext_lazy("Expired")
    CANCELLED = "cancelled", gettext_lazy("Cancelled")
    COMPLETED = "completed", gettext_lazy("Completed")


# The others are few, and placing an order is no time to take it apart.
ORDERS_WITH_PARTS = ~Q(status="pending")
ORDER_PARTS = ("number", "email", KeyTextTransform("name", "shipping_address"))


class Order(AmountColumns, LeasedWork):
    """A buyer's purchase across shops, with one payment; it ends if it is not paid in time."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.CharField(max_length=20, unique=True)
    buyer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,  # `order_of_buyer` begins with it
        related_name="orders",
    )
    email = EmailColumn(max_length=254)
    access_key = models.CharField(max_length=32, help_text="Lets a guest see the order.")
    language = models.CharField(max_length=10, blank=True, db_default="", help_text="Of the page where it was placed.")
    return_url = models.CharField(
        max_length=500, blank=True, db_default="", help_text="Where a front end has its buyer return to after paying."
    )
    status = models.CharField(max_length=12, choices=OrderStatus, default=OrderStatus.PENDING)
    shipping_address = models.JSONField()
    billing_address = models.JSONField()
    vat_number = LineColumn(
        max_length=30, blank=True, db_default="", help_text="Of a business that buys, for the shops' invoices."
    )
    sms_agreed_at = models.DateTimeField(
        null=True, blank=True, help_text="When its buyer asked for messages by SMS, with the order."
    )
    whatsapp_agreed_at = models.DateTimeField(null=True, blank=True, help_text="Likewise by WhatsApp.")
    address_changes = models.JSONField(
        default=list,
        db_default=Value([], models.JSONField()),
        help_text="Delivery addresses before each change: part, address, side, person, reason and time.",
    )
    exchange_of = models.OneToOneField(
        "checkout.Return", models.PROTECT, null=True, blank=True, related_name="exchange_order"
    )
    credit_minor = models.BigIntegerField(default=0, db_default=0, help_text="Of the total, what its return pays.")
    placed_at = models.DateTimeField()
    expires_at = models.DateTimeField(help_text="When the reservation ends if nothing is paid.")
    paid_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True, help_text="When it expired or was cancelled.")
    reminded_at = models.DateTimeField(
        null=True, blank=True, help_text="When its buyer was told that it is placed and waits for the payment."
    )

    class Meta:
        constraints = [
            *amount_constraints("order"),
            models.CheckConstraint(condition=Q(items_minor__gt=0), name="order_items_positive"),
            models.CheckConstraint(
                condition=Q(paid_at__isnull=False) | ~Q(status__in=["paid", "completed"]), name="order_paid_has_time"
            ),
            models.CheckConstraint(
                condition=Q(credit_minor=0)
                | Q(credit_minor__gt=0, credit_minor__lte=F("total_minor"), exchange_of__isnull=False),
                name="order_credit_of_exchange",
            ),
        ]
        indexes = [
            models.Index(fields=["buyer", "-id"], name="order_of_buyer"),
            models.Index(fields=["email", "id"], condition=Q(buyer__isnull=True), name="order_of_guest"),
            models.Index(fields=["expires_at", "id"], condition=Q(status="pending"), name="order_pending_expiry"),
            models.Index(fields=["-placed_at", "id"], name="order_newest"),
            models.Index(fields=["paid_at"], condition=Q(paid_at__isnull=False), name="order_paid_at"),
            parts_index("order_parts", *ORDER_PARTS, of=ORDERS_WITH_PARTS),
        ]

    def __str__(self) -> str:
        return self.number

    def get_status_display(self) -> str:  # type: ignore[no-redef]
        """Return the label of the status; Django's own looks up the labels of all to return one."""
        return str(OrderStatus(self.status).label)

    @property
    def due_minor(self) -> int:
        """Return the amount that its buyer pays: the total without the money of what they have sent back."""
        return self.total_minor - self.credit_minor

    @property
    def waits_for_return(self) -> bool:
        """Return whether it is kept for an exchange of which the returned items have not arrived."""
        return self.exchange_of_id is not None and self.status == OrderStatus.PENDING and not self.credit_minor

    @property
    def texts_agreed(self) -> dict[str, datetime]:
        """Return the channels to phones that the buyer ticked with the order, each with the time."""
        ticked = {"sms": self.sms_agreed_at, "whatsapp": self.whatsapp_agreed_at}
        return {channel: at for channel, at in ticked.items() if at is not None}

    @property
    def adjustments(self) -> list[dict[str, Any]]:
        """Return the adjustments of all parts."""
        return [each for part in self.sub_orders.all() for each in part.adjustments]

    @property
    def given_back_minor(self) -> int:
        """Return the amount that is refunded to the buyer, of all parts."""
        return sum(part.given_back_minor for part in self.sub_orders.all())

    def get_absolute_url(self) -> str:
        """Return the order's page on the platform's host."""
        return reverse("checkout:order", urlconf=settings.PUBLIC_SCHEMA_URLCONF, args=[self.number])


class SubOrder(CommissionColumns, AmountColumns):
    """The part of an order that one shop fulfils: amounts, status and what was bought."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, db_index=False, related_name="sub_orders")
    shop = models.ForeignKey("tenants.Shop", on_delete=models.PROTECT, db_index=False, related_name="+")
    number = models.CharField(max_length=24, unique=True)
    status = models.CharField(max_length=14, choices=PartStatus, default=PartStatus.PENDING)
    platform_discount_minor = models.BigIntegerField(
        default=0, db_default=0, help_text="What the platform gives the buyer off, and owes the shop once it is paid."
    )
    adjustments = models.JSONField(
        default=list,
        db_default=Value([], models.JSONField()),
        help_text="Snapshot: what changed the price, with its source; empty on orders from before it was kept.",
    )
    tax = models.JSONField(
        default=dict,
        db_default=Value({}, models.JSONField()),
        help_text="Snapshot: the shop's registration, and base and tax of each rate; empty where no tax is charged.",
    )
    delivery = models.JSONField(
        default=dict,
        db_default=Value({}, models.JSONField()),
        help_text="Snapshot: the method with its name, kind, details and dates; empty before it was kept.",
    )
    lines = models.JSONField(help_text="Snapshot: variant, product, sku, title, options, image, quantity, prices.")
    shipping_address = models.JSONField(
        default=dict,
        db_default=Value({}, models.JSONField()),
        help_text="Where this part goes, once that is another address than the order's; else empty.",
    )
    cancelled_units = models.JSONField(
        default=dict,
        db_default=Value({}, models.JSONField()),
        help_text="Units of each line that were cancelled after they were paid, by variant.",
    )
    refunded_units = models.JSONField(
        default=dict,
        db_default=Value({}, models.JSONField()),
        help_text="Units of each line that were paid back without being cancelled, by variant.",
    )
    refunded_delivery_minor = models.BigIntegerField(
        default=0, db_default=0, help_text="Of what was paid for the delivery, what goes back without a cancellation."
    )
    goodwill_minor = models.BigIntegerField(
        default=0,
        db_default=0,
        help_text="What goes back without units, as far as it is not counted in what went back for units since.",
    )
    refunded_minor = models.BigIntegerField(
        default=0, db_default=0, help_text="Of the total, what was taken back and goes back to the buyer."
    )
    reversed_platform_discount_minor = models.BigIntegerField(
        default=0, db_default=0, help_text="Of the platform's discount, what it owes the shop no longer."
    )
    tracking = models.JSONField(default=dict, help_text="Carrier and number of its last parcel.")
    parcels = models.JSONField(
        default=list,
        db_default=Value([], models.JSONField()),
        help_text="Its parcels with the units in them; empty where an earlier release has sent it in one.",
    )
    parcels_sent = models.SmallIntegerField(
        default=0, db_default=0, help_text="The highest number that a parcel of it has had; none has it again."
    )
    status_at = models.DateTimeField()
    delivered_by = models.CharField(
        max_length=8,
        choices=DeliveredBy,
        blank=True,
        default="",
        db_default="",
        help_text="By whose word it has arrived; empty before, and on parts from before it was kept.",
    )
    delivery_due_at = models.DateTimeField(
        null=True, help_text="On its way: when it is taken to have arrived; empty where it is not known yet, or never."
    )
    send_by_on = models.DateField(null=True, help_text="Last day to send it, as the search for late parts keeps it.")
    arrive_by_on = models.DateField(
        null=True, help_text="Last day for it to arrive, likewise; empty before it is sent."
    )
    late_to_send_at = models.DateTimeField(null=True, help_text="When it was found late to send, which is told once.")
    late_to_arrive_at = models.DateTimeField(null=True, help_text="When it was found late to arrive, likewise.")
    step_times = models.JSONField(
        default=dict,
        db_default=Value({}, models.JSONField()),
        help_text="When it came to each status that it has left, or is in, by status.",
    )

    class Meta:
        ordering = [Length("number"), "number"]  # -1, -2 … -10, as buyers, shops and operators read them
        constraints = [
            models.UniqueConstraint(fields=["order", "shop"], name="sub_order_one_per_shop"),
            *amount_constraints("sub_order"),
            *COMMISSION_CONSTRAINTS,
            models.CheckConstraint(
                condition=Q(platform_discount_minor__gte=0)
                & Q(platform_discount_minor__lte=F("discount_minor") + F("delivery_discount_minor")),
                name="sub_order_platform_discount_within",
            ),
            models.CheckConstraint(
                condition=Q(refunded_minor__gte=0, refunded_minor__lte=F("total_minor")),
                name="sub_order_refunded_within_total",
            ),
            models.CheckConstraint(
                condition=Q(goodwill_minor__gte=0, goodwill_minor__lte=F("refunded_minor")),
                name="sub_order_goodwill_within_refunded",
            ),
            models.CheckConstraint(
                condition=Q(refunded_delivery_minor__gte=0, refunded_delivery_minor__lte=F("refunded_minor")),
                name="sub_order_delivery_within_refunded",
            ),
            models.CheckConstraint(
                condition=Q(
                    reversed_platform_discount_minor__gte=0,
                    reversed_platform_discount_minor__lte=F("platform_discount_minor"),
                ),
                name="sub_order_reversed_discount_within",
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "-id"], name="sub_order_of_shop"),
            models.Index(
                fields=["delivery_due_at", "id"], condition=Q(status="shipped"), name="sub_order_delivery_due"
            ),
            models.Index(
                fields=["send_by_on", "id"], condition=Q(status__in=["new", "packed"]), name="sub_order_send_by"
            ),
            models.Index(fields=["arrive_by_on", "id"], condition=Q(status="shipped"), name="sub_order_arrive_by"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def status_label(self) -> str:
        """Return the label of the status for the shop and for operators."""
        return shop_label(self.status)

    @property
    def is_partly_sent(self) -> bool:
        """Return whether some of it has left, and some has not."""
        return self.status in TO_SEND and bool(self.parcels)

    @property
    def sent_parcels(self) -> list[SentParcel]:
        """Return its parcels with what is in them."""
        alone = SentParcel(
            number=1,
            carrier=self.tracking.get("carrier", ""),
            tracking_number=self.tracking.get("number", ""),
            tracking_url="",
            lines={},
            shipped_at=self.times.get(PartStatus.SHIPPED, self.status_at),
        )
        return whole_parcels(
            self.kept_parcels, left=self._left, status=self.status, since=self.status_at, otherwise=alone
        )

    @property
    def to_send(self) -> dict[UUID, int]:
        """Return the units that are still to be sent, by variant."""
        return units_to_send(self.kept_parcels, left=self._left, status=self.status)

    @property
    def kept_parcels(self) -> list[SentParcel]:
        """Return its parcels as they are stored."""
        return [SentParcel.of_json(each) for each in self.parcels]

    @property
    def _left(self) -> dict[UUID, int]:
        cancelled = self.cancelled_units
        return {
            UUID(line["variant_id"]): line["quantity"] - cancelled.get(line["variant_id"], 0) for line in self.lines
        }

    @property
    def is_earning(self) -> bool:
        """Return whether shop and market get their shares of it, or will once it is paid for."""
        return self.status in EARNING

    @property
    def payable_minor(self) -> int:
        """Return the shop's share of what is kept of it: with the platform's gift, less the commission and its tax."""
        gift_minor = self.platform_discount_minor - self.reversed_platform_discount_minor
        return self.kept_minor + gift_minor - self.kept_commission_minor - self.kept_commission_tax_minor

    @property
    def kept_minor(self) -> int:
        """Return the total without the buyer's refunds."""
        return self.total_minor - self.refunded_minor

    @property
    def given_back_minor(self) -> int:
        """Return the amount that is refunded to the buyer: all of a part that could not be fulfilled."""
        return self.total_minor if self.status == PartStatus.UNFULFILLABLE else self.refunded_minor

    @property
    def counted_lines(self) -> list[dict[str, Any]]:
        """Return the lines with their units: `cancelled`, `left`, `sent` of these, `refunded`, and still `paid` for."""
        sent = sent_units(self.sent_parcels)
        return [{**self._counted(line), "sent": sent[UUID(line["variant_id"])]} for line in self.lines]

    def _counted(self, line: dict[str, Any]) -> dict[str, Any]:
        cancelled = int(self.cancelled_units.get(line["variant_id"], 0))
        refunded = int(self.refunded_units.get(line["variant_id"], 0))
        left = line["quantity"] - cancelled
        return {**line, "cancelled": cancelled, "left": left, "refunded": refunded, "paid": left - refunded}

    def goes_to(self, order: Order) -> dict[str, Any]:
        """Return the address that it is delivered to; its order is given, so that it need not be read again."""
        own: dict[str, Any] = self.shipping_address or order.shipping_address
        return own

    @property
    def own_address(self) -> dict[str, Any] | None:
        """Return the address that it goes to, where that is not its order's."""
        return self.shipping_address or None

    @property
    def parcel(self) -> dict[str, str] | None:
        """Return carrier and tracking number as programs read them; None before it is shipped."""
        told = self.tracking
        return {"carrier": told.get("carrier", ""), "tracking_number": told.get("number", "")} if told else None

    @property
    def chosen_delivery(self) -> dict[str, Any] | None:
        """Return the method by which it is delivered; None on orders from before it was kept."""
        return {"station": None, "leaves_on": None, **self.delivery} if self.delivery else None

    @property
    def times(self) -> dict[str, datetime]:
        """Return the time of each status that was stored; always that of the current one."""
        kept = {status: datetime.fromisoformat(at) for status, at in self.step_times.items()}
        return kept | {self.status: self.status_at}
