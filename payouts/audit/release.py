"""The audit's checks of releases and reserves, and of the journals that moved them."""

from django.utils.translation import gettext_lazy

from kit.db.statements import load_statement
from payouts.audit.checks import AuditCheck, find_by_statement

RELEASE_CHECKS = (
    AuditCheck(
        "balances_signed",
        gettext_lazy("No balance of a shop is below zero, except for its debt"),
        find_by_statement(load_statement(__package__, "balances_signed")),
        is_quick=True,
    ),
    AuditCheck(
        "releases_booked",
        gettext_lazy("Released orders and release journals match, and nothing of these orders is pending"),
        find_by_statement(load_statement(__package__, "releases_booked")),
    ),
    AuditCheck(
        "holds_counted",
        gettext_lazy("Every order's count of holds equals the holds on its money"),
        find_by_statement(load_statement(__package__, "holds_counted")),
    ),
    AuditCheck(
        "reserves_kept",
        gettext_lazy(
            "Each shop's reserve equals what is left of its single reserves, and a journal has begun and "
            "ended each of them"
        ),
        find_by_statement(load_statement(__package__, "reserves_kept")),
    ),
)
