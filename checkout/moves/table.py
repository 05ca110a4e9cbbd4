"""The table of moves: every state of an order and of its parts, and every way between them.

Each use case that moves one asks `checkout.moves.judging`, which reads this table; `allowed_moves` of the API and the
buttons of pages are read from it too, and the diagrams of docs/orders.md are drawn from it. A new move is a line here.
"""

from django.utils.translation import gettext_lazy as _

from checkout.capabilities import CANCEL_ORDERS, REFUND_ORDERS
from checkout.errors import (
    AlreadyPackedError,
    NothingReservedError,
    NotRefundableError,
    NotReturnableError,
    OrderNotCancellableError,
    OrderNotPayableError,
    UnitsNotLeftError,
)
from checkout.fulfilment.parcels import SentParcel
from checkout.fulfilment.status import SOLD, TO_SEND, UNPAID, ParcelStatus, PartStatus
from checkout.models import OrderStatus
from checkout.moves import conditions
from checkout.moves.facts import OrderFacts, PartFacts
from checkout.moves.move import REMOVED, UNMADE, Move, Side

BUYER = frozenset({Side.BUYER})
OPERATOR = frozenset({Side.OPERATOR})
MARKET = frozenset({Side.MARKET})
SELLERS = frozenset({Side.SHOP, Side.OPERATOR})
ANYBODY = frozenset({Side.BUYER, Side.SHOP, Side.OPERATOR})
STARTED = frozenset({UNMADE})
PENDING = frozenset({OrderStatus.PENDING})
PAID = frozenset({OrderStatus.PAID})
EXPIRED = frozenset({OrderStatus.EXPIRED})

ORDER_MOVES: tuple[Move[OrderFacts], ...] = (
    Move(name="place", by=BUYER, start=STARTED, to=OrderStatus.PENDING),
    Move(
        name="pay",
        label=_("pay"),
        arrow="paid",
        by=BUYER,
        start=PENDING,
        to=OrderStatus.PAID,
        refuses=conditions.in_time_to_pay,
        error=OrderNotPayableError,
    ),
    Move(name="pay_late", arrow="paid late, still in stock", by=MARKET, start=EXPIRED, to=OrderStatus.PAID),
    Move(name="give_up", arrow="paid, nothing left", by=MARKET, start=PENDING, to=OrderStatus.CANCELLED),
    Move(
        name="cancel",
        label=_("cancel"),
        arrow="cancelled unpaid",
        by=BUYER,
        start=PENDING,
        to=OrderStatus.CANCELLED,
        error=OrderNotCancellableError,
    ),
    Move(
        name="cancel",
        label=_("cancel items"),
        by=frozenset({Side.BUYER, Side.OPERATOR}),
        start=PAID,
        refuses=conditions.has_units_to_cancel,
        error=OrderNotCancellableError,
    ),
    Move(
        name="release",
        label=_("release the stock"),
        arrow="released",
        by=OPERATOR,
        start=PENDING,
        to=OrderStatus.EXPIRED,
        error=NothingReservedError,
    ),
    Move(
        name="return",
        label=_("send items back"),
        by=BUYER,
        start=frozenset({OrderStatus.PAID, OrderStatus.COMPLETED}),
        refuses=conditions.has_part_to_return,
        error=NotReturnableError,
    ),
    Move(name="expire", arrow="not paid in time", by=MARKET, start=PENDING, to=OrderStatus.EXPIRED),
    Move(name="complete", arrow="nothing is to come", by=MARKET, start=PAID, to=OrderStatus.COMPLETED),
    Move(name="complete", arrow="nothing was kept", by=MARKET, start=PAID, to=OrderStatus.CANCELLED),
)

NEW = frozenset({PartStatus.NEW})
PACKED = frozenset({PartStatus.PACKED})
SHIPPED = frozenset({PartStatus.SHIPPED})
RESERVED = frozenset({PartStatus.PENDING})

PART_MOVES: tuple[Move[PartFacts], ...] = (
    Move(name="place", by=MARKET, start=STARTED, to=PartStatus.PENDING),
    Move(name="pay", arrow="paid", by=MARKET, start=UNPAID, to=PartStatus.NEW),
    Move(name="give_up", arrow="paid late, sold out", by=MARKET, start=UNPAID, to=PartStatus.UNFULFILLABLE),
    Move(name="expire", arrow="not paid in time", by=MARKET, start=RESERVED, to=PartStatus.EXPIRED),
    Move(
        name="release",
        label=_("put on sale again"),
        arrow="released",
        by=frozenset({Side.SHOP}),
        start=RESERVED,
        to=PartStatus.EXPIRED,
        error=NothingReservedError,
        capability=CANCEL_ORDERS,
    ),
    Move(name="cancel_unpaid", arrow="cancelled unpaid", by=MARKET, start=RESERVED, to=PartStatus.CANCELLED),
    Move(name="pack", label=_("mark packed"), arrow="packed", by=SELLERS, start=NEW, to=PartStatus.PACKED),
    Move(
        name="ship",
        label=_("mark shipped"),
        arrow="its last unit is sent",
        by=SELLERS,
        start=TO_SEND,
        to=PartStatus.SHIPPED,
    ),
    Move(
        name="deliver",
        label=_("mark delivered"),
        arrow="its last parcel arrives",
        by=SELLERS,
        start=SHIPPED,
        to=PartStatus.DELIVERED,
    ),
    Move(
        name="receive",
        label=_("confirm that it has arrived"),
        arrow="received",
        by=BUYER,
        start=SHIPPED,
        to=PartStatus.DELIVERED,
    ),
    Move(name="deliver_by_timer", arrow="its time is over", by=MARKET, start=SHIPPED, to=PartStatus.DELIVERED),
    Move(
        name="change_address",
        label=_("change the delivery address"),
        by=ANYBODY,
        start=NEW,
        refuses=conditions.has_no_parcels,
        error=AlreadyPackedError,
    ),
    Move(name="undo", label=_("undo the last step"), arrow="undone", by=SELLERS, start=PACKED, to=PartStatus.NEW),
    Move(
        name="undo",
        label=_("undo the last step"),
        arrow="undone within 24 hours",
        by=SELLERS,
        start=SHIPPED,
        to=PartStatus.PACKED,
        refuses=conditions.in_time_to_undo,
    ),
    Move(name="change_tracking", label=_("change the tracking"), by=SELLERS, start=SHIPPED),
    Move(
        name="cancel",
        label=_("cancel items"),
        arrow="its last unit is cancelled",
        by=ANYBODY,
        start=TO_SEND,
        to=PartStatus.CANCELLED,
        error=UnitsNotLeftError,
        capability=CANCEL_ORDERS,
    ),
    Move(
        name="cancel",
        label=_("cancel items"),
        arrow="its last unsent unit is cancelled",
        by=ANYBODY,
        start=TO_SEND,
        to=PartStatus.SHIPPED,
        error=UnitsNotLeftError,
        capability=CANCEL_ORDERS,
    ),
    Move(
        name="cancel",
        label=_("cancel items"),
        arrow="its last unsent unit is cancelled, all parcels are there",
        by=ANYBODY,
        start=TO_SEND,
        to=PartStatus.DELIVERED,
        error=UnitsNotLeftError,
        capability=CANCEL_ORDERS,
    ),
    Move(
        name="return",
        label=_("send items back"),
        by=BUYER,
        start=SOLD,
        refuses=conditions.has_units_to_return,
        error=NotReturnableError,
    ),
    Move(
        name="refund",
        label=_("refund"),
        by=SELLERS,
        start=SOLD,
        error=NotRefundableError,
        capability=REFUND_ORDERS,
    ),
)

ON_THE_WAY = frozenset({ParcelStatus.SHIPPED})

PARCEL_MOVES: tuple[Move[SentParcel], ...] = (
    Move(name="ship", arrow="sent", by=MARKET, start=STARTED, to=ParcelStatus.SHIPPED),
    Move(
        name="deliver",
        label=_("mark delivered"),
        arrow="arrived",
        by=SELLERS,
        start=ON_THE_WAY,
        to=ParcelStatus.DELIVERED,
    ),
    Move(
        name="undo",
        label=_("take it back"),
        arrow="undone within 24 hours",
        by=SELLERS,
        start=ON_THE_WAY,
        to=REMOVED,
        refuses=conditions.in_time_to_undo_parcel,
    ),
    Move(name="change_tracking", label=_("change the tracking"), by=SELLERS, start=ON_THE_WAY),
)

# Statuses that can be undone; what has arrived stays so.
UNDOABLE = frozenset(PartStatus(start) for move in PART_MOVES if move.name == "undo" for start in move.start)
