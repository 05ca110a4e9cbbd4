"""The audit's checks of releases and reserves, and of the journals that moved them."""

from kit.db.statements import load_statement
from payouts.audit.checks import AuditCheck, find_by_statement

RELEASE_CHECKS = (
    AuditCheck(
        "balances_signed",
        "No balance of a shop is below zero, but for what it owes",
        find_by_statement(load_statement(__package__, "balances_signed")),
        is_quick=True,
    ),
    AuditCheck(
        "releases_booked",
        "Released orders and release journals are the same, and nothing is pending of them",
        find_by_statement(load_statement(__package__, "releases_booked")),
    ),
    AuditCheck(
        "holds_counted",
        "Every order counts the holds that keep its money",
        find_by_statement(load_statement(__package__, "holds_counted")),
    ),
    AuditCheck(
        "reserves_kept",
        "Each shop's reserve is what is left of its reserves, and each was kept and ended by its journal",
        find_by_statement(load_statement(__package__, "reserves_kept")),
    ),
)
