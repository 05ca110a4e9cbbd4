"""The audit's checks of the ledger itself, and of the schemas that the other checks look into."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy

from kit.db.sql import fetch_all
from kit.db.statements import load_statement
from payouts.audit.checks import Answers, AuditCheck, find_by_statement
from payouts.audit.findings import SHOWN, Finding, Found, found_in
from tenants.schemas.look_up import ShopSchema
from tenants.shops.selectors import shop_facts


def find_balances(_: Sequence[ShopSchema], __: Answers) -> Found:
    """Find the balances of shops that are not the sum of their entries."""
    rows = fetch_all(load_statement(__package__, "balances"), {"limit": SHOWN})
    shops = shop_facts({shop_id for _, shop_id, *_ in rows}) if rows else {}
    findings = [
        Finding(f"{kind} of {shops[shop_id].slug} (account {account})", expected, found)
        for kind, shop_id, account, expected, found, _ in rows
    ]
    return Found(findings, rows[0][-1] if rows else 0)


def find_schemas(shops: Sequence[ShopSchema], _: Answers) -> Found:
    """Find the shops whose schema is not there."""
    missing = [shop for shop in shops if not shop.exists]
    findings = [Finding(f"shop {shop.slug}", f"a schema {shop.schema_name}", "no such schema") for shop in missing]
    return found_in(findings)


LEDGER_CHECKS = (
    AuditCheck(
        "journals_balance",
        gettext_lazy("Every journal sums to zero and has two entries or more"),
        find_by_statement(load_statement(__package__, "journals_balance")),
    ),
    AuditCheck(
        "entry_currencies",
        gettext_lazy("Every entry is in its account's currency"),
        find_by_statement(load_statement(__package__, "entry_currencies")),
    ),
    AuditCheck("balances", gettext_lazy("Every shop's balance equals its entries"), find_balances),
    AuditCheck("schemas", gettext_lazy("Every shop has its schema"), find_schemas, is_quick=True),
)
