"""Contributions of checkout to the other apps."""

from accounts.services.personal_data import PersonalData
from accounts.services.proof import EmailProved
from accounts.services.signed_in import SignedIn
from accounts.towns import KnownTowns
from catalogue.discovery.delivery import DeliveryOnPages
from catalogue.discovery.gates import BuyGate
from catalogue.discovery.price_notes import ListingNotes, ListPrices
from checkout import personal_data
from checkout.announcing.cancelled_units import announce_cancelled_units
from checkout.announcing.changed_addresses import announce_changed_address
from checkout.announcing.disputes import announce_dispute
from checkout.announcing.late_parts import announce_late_arrival, announce_late_dispatch
from checkout.announcing.messages import announce_message
from checkout.announcing.order_links import send_order_link
from checkout.announcing.paid_orders import announce_paid_order
from checkout.announcing.parcels import (
    announce_changed_tracking,
    announce_delivered,
    announce_delivered_parcel,
    announce_packed,
    announce_shipped,
    announce_undone_step,
)
from checkout.announcing.refunded_parts import announce_refunded_part
from checkout.announcing.released_parts import announce_released_part
from checkout.announcing.returning_payments import announce_returning_payment
from checkout.announcing.returns import announce_return
from checkout.announcing.set_off_refunds import announce_set_off_refund
from checkout.announcing.unpaid_orders import (
    announce_cancelled_order,
    announce_expired_order,
    announce_failed_payment,
    announce_unpaid_order,
)
from checkout.archives import (
    COUPONS,
    MESSAGES,
    OFFERS,
    REFUNDS,
    RETURNS,
    SUB_ORDERS,
    compare_sub_orders,
    reconcile_restored,
    refuse_while_unpaid,
)
from checkout.audit.in_transit import UNDER_WAY
from checkout.audit.money import MONEY_CHECKS
from checkout.audit.parcels import PARCELS
from checkout.audit.terms import SHOP_TERMS, SHOP_ZONES
from checkout.audit.vendor_orders import VENDOR_ORDERS
from checkout.audit.watch import CHECKOUT_WATCH
from checkout.capabilities import CAPABILITIES
from checkout.cart.destination import describe_delivery
from checkout.cart.identity import take_over_cart
from checkout.cart.waiting_places import keep_place
from checkout.coupons.inputs import FIELDS
from checkout.disputes.reconciling import ask_about_refund, is_refund_of_ours
from checkout.documents.following import issue_credit_note, issue_credit_note_of_return, issue_invoices
from checkout.events import (
    AddressChanged,
    DisputeMoved,
    MessageSent,
    OrderCancelled,
    OrderExpired,
    OrderLinkRequested,
    OrderPaid,
    OrderUnpaid,
    PartRefunded,
    PartReleased,
    PaymentFailed,
    PaymentReturning,
    RefundSetOff,
    ReturnMoved,
    UnitsCancelled,
)
from checkout.fulfilment.events import (
    ArrivalDelayed,
    DispatchDelayed,
    ParcelDelivered,
    ParcelSent,
    VendorOrderDelivered,
    VendorOrderPacked,
    VendorOrderShipped,
    VendorOrderStepUndone,
    VendorOrderTrackingChanged,
)
from checkout.offers.list_prices import list_prices
from checkout.offers.notes import price_notes
from checkout.orders.joining import join_when_proved, join_when_signed_in
from checkout.orders.payments import find_payment
from checkout.orders.shop_lifecycle import orders_left
from checkout.orders.snapshot_options import pair_snapshots
from checkout.particulars import PARTICULARS
from checkout.payments.confirm_payment import confirm_payment
from checkout.releasing.repair import repair_releases
from checkout.stored_sentences import SENTENCES
from checkout.taxing.registering import follow_restored as follow_restored_registration
from checkout.terms_sources import TERMS_SOURCES
from checkout.views.waiting_room import waiting_gate
from checkout.waiting_room.open_rooms import follow_status
from checkout.zones.following import copy_zones, follow_restored
from checkout.zones.towns import zones_towns
from kit.stored.parts import FormedPart
from kit.web.status_tones import StatusTones
from kit.wiring import Follows, Hears
from payouts.models import DifferenceKind
from payouts.reconciliation.steps import AskAgain
from payouts.release.repairs import ReleaseRepair
from tenants.archives.parts import Copier, PublicPart, RestoreCheck, RestoredSchema
from tenants.database.grants import MINE, READ_AND_WRITE, Grant
from tenants.life.hooks import Obstacle, Stage, StatusChange

HEARS = (
    Hears(OrderPaid, issue_invoices),
    Hears(UnitsCancelled, issue_credit_note),
    Hears(PartRefunded, issue_credit_note),
    Hears(ReturnMoved, issue_credit_note_of_return),
    Hears(OrderPaid, announce_paid_order),
    Hears(PaymentReturning, announce_returning_payment),
    Hears(OrderUnpaid, announce_unpaid_order),
    Hears(PaymentFailed, announce_failed_payment),
    Hears(OrderCancelled, announce_cancelled_order),
    Hears(OrderExpired, announce_expired_order),
    Hears(PartReleased, announce_released_part),
    Hears(UnitsCancelled, announce_cancelled_units),
    Hears(OrderLinkRequested, send_order_link),
    Hears(PartRefunded, announce_refunded_part),
    Hears(RefundSetOff, announce_set_off_refund),
    Hears(AddressChanged, announce_changed_address),
    Hears(ReturnMoved, announce_return),
    Hears(MessageSent, announce_message),
    Hears(DisputeMoved, announce_dispute),
    Hears(VendorOrderPacked, announce_packed),
    Hears(VendorOrderShipped, announce_shipped),
    Hears(ParcelSent, announce_shipped),
    Hears(VendorOrderDelivered, announce_delivered),
    Hears(ParcelDelivered, announce_delivered_parcel),
    Hears(VendorOrderStepUndone, announce_undone_step),
    Hears(VendorOrderTrackingChanged, announce_changed_tracking),
    Hears(DispatchDelayed, announce_late_dispatch),
    Hears(ArrivalDelayed, announce_late_arrival),
)

FOLLOWS = (
    Follows(SignedIn, take_over_cart),
    Follows(SignedIn, join_when_signed_in),
    Follows(SignedIn, keep_place),
    Follows(EmailProved, join_when_proved),
    Follows(RestoredSchema, reconcile_restored),
    Follows(StatusChange, follow_status),
    Follows(RestoredSchema, follow_restored_registration),
    Follows(RestoredSchema, follow_restored),
)

CONTRIBUTES = (
    StatusTones(
        "checkout",
        success=("captured", "paid", "refunded", "exchanged", "set_off"),
        warning=("mismatched", "needs_attention", "requested", "asked", "escalated"),
        info=("sent", "accepted"),
    ),
    *CAPABILITIES,
    *SENTENCES,
    *PARTICULARS,
    *MONEY_CHECKS,
    *CHECKOUT_WATCH,
    VENDOR_ORDERS,
    PARCELS,
    SHOP_TERMS,
    SHOP_ZONES,
    TERMS_SOURCES,
    *UNDER_WAY,
    AskAgain(
        DifferenceKind.CHARGE,
        lambda provider, reference, now: confirm_payment(reference=reference, provider=provider, now=now),
        is_ours=lambda reference: find_payment(reference=reference) is not None,
    ),
    AskAgain(
        DifferenceKind.REFUND,
        lambda provider, key, now: ask_about_refund(provider=provider, key=key, now=now),
        is_ours=is_refund_of_ours,
    ),
    ReleaseRepair("checkout", lambda now: repair_releases(now=now)),
    Obstacle(Stage.CLOSED, orders_left),
    BuyGate(waiting_gate),
    KnownTowns("checkout", zones_towns),
    ListingNotes(price_notes),
    ListPrices(list_prices),
    PersonalData(
        "orders", 20, personal_data.COLUMNS, personal_data.collect, personal_data.erase, personal_data.obstacles
    ),
    PublicPart("sub_orders", SUB_ORDERS, compare_sub_orders, ("id", "status")),
    PublicPart("refunds", REFUNDS),
    PublicPart("returns", RETURNS),
    PublicPart("messages", MESSAGES),
    PublicPart("coupons", COUPONS),
    PublicPart("offers", OFFERS),
    RestoreCheck(refuse_while_unpaid),
    Copier(copy_zones),
    DeliveryOnPages(describe_delivery),
    FormedPart("options in the snapshots of orders", pair_snapshots),
    # The shop's parts of orders; of the orders themselves neither the buyer nor the sum.
    Grant("checkout_shopterms", ("SELECT", "INSERT", "UPDATE"), MINE),
    Grant("checkout_returnterms", ("SELECT", "INSERT", "UPDATE"), MINE),
    Grant("checkout_automaticoffer", ("SELECT", "INSERT", "UPDATE"), MINE),
    Grant("checkout_suborder", ("SELECT", "UPDATE (status, status_at, tracking, delivered_by)"), MINE),
    # The number beside the menu; texts are read in the market's name, as their orders are the buyers'.
    Grant("checkout_ordermessage", ("SELECT (id, shop_id, sub_order_id, read_by_shop_at)",), MINE),
    Grant("checkout_waitingroom", READ_AND_WRITE, MINE),
    Grant(
        "checkout_order",
        ("SELECT (id, number, status, placed_at, paid_at)",),
        "EXISTS (SELECT FROM checkout_suborder s WHERE s.order_id = checkout_order.id)",
    ),
    # The shop's own coupons; their uses are counted on the market's host, by orders.
    Grant("checkout_coupon", ("SELECT", "INSERT", f"UPDATE ({', '.join(FIELDS)}, deleted_at)"), MINE),
    Grant(
        "checkout_couponuse",
        ("SELECT (id, coupon_id, order_id, saved_minor, currency, released_at)",),
        "EXISTS (SELECT FROM checkout_coupon c WHERE c.id = checkout_couponuse.coupon_id)",
    ),
)
