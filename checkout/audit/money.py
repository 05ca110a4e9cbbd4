"""The audit's checks of orders, payments and refunds, and of what the ledger has booked of them.

Their statements read the ledger's tables directly, so that they do not depend on the ledger's services.
"""

from django.utils.translation import gettext_lazy

from kit.db.statements import load_statement
from payouts.audit import AuditCheck, find_by_statement

MONEY_CHECKS = (
    AuditCheck(
        "payments_booked",
        gettext_lazy("Every captured payment is booked, with its amount and fee"),
        find_by_statement(load_statement(__package__, "payments_booked")),
    ),
    AuditCheck(
        "payments_unbooked",
        gettext_lazy("No payment waits for a person without being booked"),
        find_by_statement(load_statement(__package__, "payments_unbooked")),
        is_quick=True,
    ),
    AuditCheck(
        "sales_paid",
        gettext_lazy("Every sale journal comes from a captured payment, or from an order with nothing to pay"),
        find_by_statement(load_statement(__package__, "sales_paid")),
    ),
    AuditCheck(
        "refunds_booked",
        gettext_lazy("Processed refunds and refund journals are the same, with the same amounts"),
        find_by_statement(load_statement(__package__, "refunds_booked")),
    ),
    AuditCheck(
        "refunds_owed",
        gettext_lazy("What is owed back to buyers equals the refunds that are not out yet"),
        find_by_statement(load_statement(__package__, "refunds_owed")),
    ),
    AuditCheck(
        "refunds_set_off",
        gettext_lazy("Amounts set off against refunds equal what lost disputes of the same payment have paid of them"),
        find_by_statement(load_statement(__package__, "refunds_set_off")),
    ),
    AuditCheck(
        "shares",
        gettext_lazy(
            "Each paid sub-order owes its shop what remains of its total and of the platform's discounts, less "
            "commission"
        ),
        find_by_statement(load_statement(__package__, "shares")),
    ),
    AuditCheck(
        "commission_lines",
        gettext_lazy("The commission on each sub-order is the sum of what is frozen with its lines"),
        find_by_statement(load_statement(__package__, "commission_lines")),
    ),
    AuditCheck(
        "reversals",
        gettext_lazy(
            "The reversed amounts of a sub-order equal the sum of its reversals, and each is refunded and booked"
        ),
        find_by_statement(load_statement(__package__, "reversals")),
    ),
    AuditCheck(
        "returns",
        gettext_lazy("What was sent back was paid back, and every reversal of a return belongs to one"),
        find_by_statement(load_statement(__package__, "returns")),
    ),
    AuditCheck(
        "exchanges",
        gettext_lazy(
            "Every exchange is paid for with money of its return, booked once, and never with more of a payment "
            "than was captured"
        ),
        find_by_statement(load_statement(__package__, "exchanges")),
    ),
    AuditCheck(
        "releases_scheduled",
        gettext_lazy("Every delivered sub-order has a schedule of its release"),
        find_by_statement(load_statement(__package__, "releases_scheduled")),
    ),
    AuditCheck(
        "releases_held",
        gettext_lazy("Open returns and refunds under way hold the money of their sub-order, and no others do"),
        find_by_statement(load_statement(__package__, "releases_held")),
    ),
    AuditCheck(
        "orders_add_up",
        gettext_lazy("The sub-orders of an order sum to its total"),
        find_by_statement(load_statement(__package__, "orders_add_up")),
    ),
    AuditCheck(
        "coupons_counted",
        gettext_lazy("Every coupon counts the uses of orders that have not ended unpaid"),
        find_by_statement(load_statement(__package__, "coupons_counted")),
    ),
    AuditCheck(
        "orders_paid",
        gettext_lazy("Every paid order has a captured payment of its total"),
        find_by_statement(load_statement(__package__, "orders_paid")),
    ),
)
