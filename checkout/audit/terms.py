"""The audit's check of the shops' compiled terms of sale."""

from kit.db.statements import load_statement
from payouts.audit import AuditCheck, find_by_statement

SHOP_TERMS = AuditCheck(
    "shop_terms",
    "Each shop's compiled terms of sale are of the version that its row names",
    find_by_statement(load_statement(__package__, "shop_terms")),
)
