"""The audit's checks of orders, payments and refunds, and of what the ledger has booked of them.

Their statements read the ledger's tables on purpose: an audit that asked the ledger's services would believe them.
"""

from django.db.models import Sum

from checkout.models import Payment, PaymentStatus, Refund, RefundStatus
from kit.db.statements import load_statement
from payouts.audit import AuditCheck, MoneyUnderWay, Purse, find_by_statement

MONEY_CHECKS = (
    AuditCheck(
        "payments_booked",
        "Every captured payment is booked, with its amount and fee",
        find_by_statement(load_statement(__package__, "payments_booked")),
    ),
    AuditCheck(
        "sales_paid",
        "Every sale journal comes from a captured payment",
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
        "Each paid sub-order owes its shop its total less the commission",
        find_by_statement(load_statement(__package__, "shares")),
    ),
    AuditCheck(
        "orders_add_up",
        "The sub-orders of an order sum to it",
        find_by_statement(load_statement(__package__, "orders_add_up")),
    ),
    AuditCheck(
        "orders_paid",
        "Every paid order has a captured payment of its total",
        find_by_statement(load_statement(__package__, "orders_paid")),
    ),
)


def refunds_under_way() -> dict[Purse, int]:
    """Return the sum of the refunds that are with each provider, which may have paid some already."""
    under_way = (RefundStatus.SENT, RefundStatus.NEEDS_ATTENTION)
    sums = Refund.objects.filter(status__in=under_way).order_by().values_list("payment__provider", "currency")
    return {Purse(name, currency): total for name, currency, total in sums.annotate(total=Sum("amount_minor"))}


def payments_under_way() -> dict[Purse, int]:
    """Return the sum of the payments that buyers may have made a moment ago at each provider."""
    open_ones = (PaymentStatus.CREATED, PaymentStatus.OPEN, PaymentStatus.FAILED)
    payments = Payment.objects.filter(status__in=open_ones, captured_at=None).order_by()
    sums = payments.values_list("provider", "currency")
    return {Purse(name, currency): total for name, currency, total in sums.annotate(total=Sum("amount_minor"))}


UNDER_WAY = (
    MoneyUnderWay("refunds of {amount} are with it", is_leaving=True, amounts=refunds_under_way),
    MoneyUnderWay("payments of {amount} are open", is_leaving=False, amounts=payments_under_way),
)
