"""The audit's checks of payouts: journals, transfers and payouts agree, both ways."""

from django.utils.translation import gettext_lazy

from kit.db.statements import load_statement
from payouts.audit.checks import AuditCheck, find_by_statement

PAYOUT_CHECKS = (
    AuditCheck(
        "transfers_booked",
        gettext_lazy(
            "Every transfer is booked on the account where its money is, and nothing else is booked as a transfer"
        ),
        find_by_statement(load_statement(__package__, "transfers_booked")),
    ),
    AuditCheck(
        "payouts_transferred",
        gettext_lazy("Every payout matches its transfers and is paid once, and every run matches its payouts"),
        find_by_statement(load_statement(__package__, "payouts_transferred")),
    ),
    AuditCheck(
        "payout_costs",
        gettext_lazy(
            "Every payout on request has its cost booked, or returned if it was not completed, and no other payout "
            "has a cost"
        ),
        find_by_statement(load_statement(__package__, "payout_costs")),
    ),
    AuditCheck(
        "statements_balance",
        gettext_lazy("Every shop's statements end in its balances, and each of their lines adds up"),
        find_by_statement(load_statement(__package__, "statements_balance")),
    ),
)
