"""The watch's checks of payments, refunds and orders that wait too long, or that lead nowhere."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy

from kit.db.statements import load_statement
from payouts.audit import Found
from payouts.audit.checks import found_by
from payouts.watch.checks import WatchCheck, find_at_once, find_waiting

PAYMENT_OPEN = timedelta(days=2)  # the provider is asked for a day
REFUND_ASKED, REFUND_SENT = timedelta(days=2), timedelta(days=14)  # ten working days are usual
ORDER_OVERDUE = timedelta(hours=6)
UNMATCHED_PAYMENT_AGE = timedelta(hours=1)


def find_stuck_refunds(now: datetime) -> Found:
    """Find the refunds that are not out for long, by how far they have come."""
    bounds = {"asked_before": now - REFUND_ASKED, "sent_before": now - REFUND_SENT}
    return found_by(load_statement(__package__, "refunds_stuck"), bounds)


CHECKOUT_WATCH = (
    WatchCheck(
        "payments_open_long",
        gettext_lazy("Every payment is paid, failed or abandoned within two days"),
        gettext_lazy(
            "No task asks the provider about this payment any more. Ask again on the page of its order; if that changes"
            " nothing, look at the workers’ log."
        ),
        find_waiting(load_statement(__package__, "payments_open_long"), longer_than=PAYMENT_OPEN),
    ),
    WatchCheck(
        "refunds_stuck",
        gettext_lazy("Every refund is paid within two weeks, and a refused one is retried within two days"),
        gettext_lazy(
            "A buyer is waiting for a refund. Open it on the page of its order: if the provider has refused it, "
            "send it again there; if the provider has had it for two weeks, ask its support."
        ),
        find_stuck_refunds,
    ),
    WatchCheck(
        "orders_overdue",
        gettext_lazy("Every unpaid order ends when its time to pay is over"),
        gettext_lazy(
            "The order reserves goods that other buyers could buy. Its payment may be unclear: ask the provider "
            "again on the page of the order, and look at the workers’ log."
        ),
        find_waiting(load_statement(__package__, "orders_overdue"), longer_than=ORDER_OVERDUE),
    ),
    WatchCheck(
        "payments_astray",
        gettext_lazy("Every captured payment has paid for its order or is refunded to its buyer"),
        gettext_lazy(
            "We hold a buyer’s money, but nothing was sent or refunded for it. Open the order, and find out from "
            "the workers’ log why the payment was not confirmed."
        ),
        find_waiting(load_statement(__package__, "payments_astray"), longer_than=UNMATCHED_PAYMENT_AGE),
        is_quick=False,
    ),
    WatchCheck(
        "payments_twice",
        gettext_lazy("Every payment and every refund has its own id at the provider"),
        gettext_lazy(
            "Two of our payments or refunds have the same id at the provider, so one of them may never have "
            "happened. Compare both with the provider’s page before anything is sent or refunded."
        ),
        find_at_once(load_statement(__package__, "payments_twice")),
        is_quick=False,
    ),
)
