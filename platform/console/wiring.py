"""Contributions of the console to the other apps."""

from accounts.services.workplaces import Workplace
from console.access import operator_workplace
from console.selectors.audit_log import PAYMENT_DISMISSED
from console.services.applications import (
    APPLICATION_APPROVED,
    APPLICATION_REFUSED,
    APPLICATION_RETURNED,
    record_self_service,
)
from console.services.categories import CATEGORY_ADDED, CATEGORY_CHANGED, CATEGORY_DELETED, CATEGORY_MERGED
from console.services.checks import CHECK_ACTIONS
from console.services.commission import COMMISSION_CHANGED
from console.services.commission_rules import COMMISSION_ACTIONS
from console.services.coupons import COUPON_CHANGED, COUPON_DELETED, COUPON_MADE
from console.services.disputes import DISPUTE_ACTIONS
from console.services.domains import DOMAIN_REMOVED
from console.services.fairness import BULK_JOB_CANCELLED, BULK_JOB_RETRIED, RATE_LIMIT_CHANGED
from console.services.hand_payments import HAND_PAYMENT_ACTIONS
from console.services.messages import MESSAGE_SENT
from console.services.order_addresses import ADDRESS_CHANGED
from console.services.orders import ORDER_RELEASED, PART_DELIVERED, PART_REFUNDED, UNITS_CANCELLED
from console.services.part_moves import PART_MOVED
from console.services.payments import EVENT_REPLAYED, PAYMENT_ASKED_AGAIN, REFUND_RETRIED
from console.services.payout_schedules import SCHEDULE_CHANGED
from console.services.payouts import PAYOUT_ACTIONS
from console.services.people import PERSON_ERASED
from console.services.reconciliation import RECONCILIATION_ACTIONS
from console.services.releases import RELEASE_ACTIONS
from console.services.returns import RETURN_ACCEPTED, RETURN_PAID, RETURN_REFUSED
from console.services.shop_deletion import SHOP_DELETED
from console.services.shop_views import SHOP_VIEWED
from console.services.shops import (
    SHOP_CLOSING,
    SHOP_CLOSURE_CANCELLED,
    SHOP_CLOSURE_PLANNED,
    SHOP_REOPENED,
    SHOP_RESTORED,
    SHOP_SUSPENDED,
)
from console.services.staff import OWNER_INVITED
from console.services.stations import STATION_ADDED, STATION_CHANGED, STATION_CLOSED, STATION_OPENED
from kit.stored.columns import KeptAsWritten
from kit.wiring import Follows
from tenants.applications.services.decisions import ApplicationApproved

FOLLOWS = (Follows(ApplicationApproved, record_self_service),)

CONTRIBUTES = (
    Workplace(10, operator_workplace),
    KeptAsWritten("console.AuditEntry", "the audit log, which the database lets nobody change"),
    SHOP_SUSPENDED,
    SHOP_RESTORED,
    SHOP_CLOSURE_PLANNED,
    SHOP_CLOSURE_CANCELLED,
    SHOP_CLOSING,
    SHOP_REOPENED,
    SHOP_DELETED,
    SHOP_VIEWED,
    APPLICATION_APPROVED,
    APPLICATION_RETURNED,
    APPLICATION_REFUSED,
    COMMISSION_CHANGED,
    *COMMISSION_ACTIONS,
    *RELEASE_ACTIONS,
    OWNER_INVITED,
    DOMAIN_REMOVED,
    PERSON_ERASED,
    EVENT_REPLAYED,
    ORDER_RELEASED,
    UNITS_CANCELLED,
    PART_REFUNDED,
    ADDRESS_CHANGED,
    MESSAGE_SENT,
    RETURN_ACCEPTED,
    RETURN_REFUSED,
    RETURN_PAID,
    PART_DELIVERED,
    PART_MOVED,
    PAYMENT_DISMISSED,
    PAYMENT_ASKED_AGAIN,
    REFUND_RETRIED,
    *PAYOUT_ACTIONS,
    *HAND_PAYMENT_ACTIONS,
    *RECONCILIATION_ACTIONS,
    *DISPUTE_ACTIONS,
    *CHECK_ACTIONS,
    SCHEDULE_CHANGED,
    RATE_LIMIT_CHANGED,
    BULK_JOB_CANCELLED,
    BULK_JOB_RETRIED,
    CATEGORY_ADDED,
    CATEGORY_CHANGED,
    CATEGORY_MERGED,
    CATEGORY_DELETED,
    COUPON_MADE,
    COUPON_CHANGED,
    COUPON_DELETED,
    STATION_ADDED,
    STATION_CHANGED,
    STATION_CLOSED,
    STATION_OPENED,
)
