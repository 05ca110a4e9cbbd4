"""The audit's checks of orders, payments and refunds, and of what the ledger has booked of them.

Their statements read the ledger's tables directly, so that they do not depend on the ledger's services.
"""

from kit.db.statements import load_statement
from payouts.audit import AuditCheck, find_by_statement

MONEY_CHECKS = (
    AuditCheck(
        "payments_booked",
        "Every captured payment is booked, with its amount and fee",
        find_by_statement(load_statement(__package__, "payments_booked")),
    ),
    AuditCheck(
        "payments_unbooked",
        "No payment waits for a person without being booked",
        find_by_statement(load_statement(__package__, "payments_unbooked")),
        is_quick=True,
    ),
    AuditCheck(
        "sales_paid",
        "Every sale journal comes from a captured payment, or from an order with nothing to pay",
        find_by_statement(load_statement(__package__, "sales_paid")),
    ),
    AuditCheck(
        "refunds_booked",
        "Processed refunds and refund journals are the same, with the same amounts",
        find_by_statement(load_statement(__package__, "refunds_booked")),
    ),
    AuditCheck(
        "refunds_owed",
        "What is owed back to buyers equals the refunds that are not out yet",
        find_by_statement(load_statement(__package__, "refunds_owed")),
    ),
    AuditCheck(
        "shares",
        "Each paid sub-order owes its shop what is kept of its total and of the platform's discounts, less commission",
        find_by_statement(load_statement(__package__, "shares")),
    ),
    AuditCheck(
        "commission_lines",
        "The commission on each sub-order is the sum of what is frozen with its lines",
        find_by_statement(load_statement(__package__, "commission_lines")),
    ),
    AuditCheck(
        "reversals",
        "What was taken back of a sub-order is what its reversals say, and each is refunded and booked",
        find_by_statement(load_statement(__package__, "reversals")),
    ),
    AuditCheck(
        "returns",
        "What was sent back was paid back, and every reversal of a return belongs to one",
        find_by_statement(load_statement(__package__, "returns")),
    ),
    AuditCheck(
        "exchanges",
        "What paid for an exchange is money of its return, booked once, and of no payment more than was captured",
        find_by_statement(load_statement(__package__, "exchanges")),
    ),
    AuditCheck(
        "releases_scheduled",
        "Every delivered sub-order has a schedule of its release",
        find_by_statement(load_statement(__package__, "releases_scheduled")),
    ),
    AuditCheck(
        "releases_held",
        "Open returns and refunds under way hold the money of their sub-order, and no others do",
        find_by_statement(load_statement(__package__, "releases_held")),
    ),
    AuditCheck(
        "orders_add_up",
        "The sub-orders of an order sum to it",
        find_by_statement(load_statement(__package__, "orders_add_up")),
    ),
    AuditCheck(
        "coupons_counted",
        "Every coupon counts the uses of orders that have not ended unpaid",
        find_by_statement(load_statement(__package__, "coupons_counted")),
    ),
    AuditCheck(
        "orders_paid",
        "Every paid order has a captured payment of its total",
        find_by_statement(load_statement(__package__, "orders_paid")),
    ),
)
