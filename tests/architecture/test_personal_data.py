"""Each column that names a person is exported and erased by its app, or kept for a reason given here."""

from __future__ import annotations

import re

import pytest
from django.apps import apps

from accounts.services.personal_data import personal_data_parts

NAMES_A_PERSON = re.compile(
    r"(^|_)(e?mail|phone|address|line1|line2|city|username|user_agent)($|_)|(^|_)name$|^(to|subject|text|html|body)$"
)
NOT_A_PERSON = "not about a person"
BUSINESS = "what a shop says of itself to buyers; its owners change it"
PAPERS = "the paper trail of a decision by the platform, kept as its law asks"
CLAIM = "evidence that was put before a bank about a payment, kept as the records of that money are"
KEPT = {
    **dict.fromkeys(("fulfilment.DeliveryZone.name", "fulfilment.DeliveryMethod.name"), NOT_A_PERSON),
    **dict.fromkeys(("payouts.CommissionRule.name", "payouts.CommissionPlan.name"), NOT_A_PERSON),
    **dict.fromkeys(("payouts.CheckFinding.check_name", "payouts.CheckRun.name"), NOT_A_PERSON),
    "payouts.CheckFinding.subject": "names orders, payments and shops by their numbers",
    "auth.Group.name": NOT_A_PERSON,
    "auth.Permission.name": NOT_A_PERSON,
    "discovery.Category.name": NOT_A_PERSON,
    "catalogue.StockImport.file_name": NOT_A_PERSON,
    "tenants.Shop.schema_name": NOT_A_PERSON,
    "kit.StoredForm.schema_name": NOT_A_PERSON,
    "socialaccount.SocialApp.name": NOT_A_PERSON,
    "sites.Site.name": NOT_A_PERSON,
    "tenants.Shop.name": BUSINESS,
    "tenants.Shop.city": BUSINESS,
    "tenants.Shop.contact_email": BUSINESS,
    "tenants.Shop.contact_phone": BUSINESS,
    "tenants.ShopApplication.shop_name": PAPERS,
    "tenants.ShopApplication.email": PAPERS,
    "tenants.ShopApplication.legal_name": PAPERS,
    "tenants.ShopApplication.contact_name": PAPERS,
    "tenants.ShopApplication.phone": PAPERS,
    "tenants.ShopApplication.address": PAPERS,
    "tenants.ShopApplication.city": PAPERS,
    "tenants.ShopApplication.bank_name": PAPERS,
    "tenants.ShopApplication.account_name": PAPERS,
    "tenants.ApplicationDocument.name": PAPERS,
    "payouts.BankAccount.bank_name": PAPERS,
    "payouts.HandPayment.file_name": PAPERS,
    "payouts.DisputeEvidence.file_name": CLAIM,
    "payouts.DisputeEvidence.text": CLAIM,
    "payouts.BankAccount.holder_name": PAPERS,
    "tenants.ShopEvent.subject": "a shop's trail is append-only; what is erased leaves no name in new entries",
    "console.AuditEntry.subject": "the operators' trail is append-only",
    "webhooks.InboundEvent.body": "the provider's signed words about money, kept as evidence",
    "account.EmailConfirmation.email_address": "goes with the address that it confirms",
    "kit.BulkJob.name": NOT_A_PERSON,
    "checkout.AutomaticOffer.name": NOT_A_PERSON,
    "checkout.Station.name": NOT_A_PERSON,
    "checkout.Station.address": NOT_A_PERSON,
}


def columns() -> set[str]:
    return {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if not model._meta.app_label.startswith(("django", "contenttypes", "sessions", "admin"))
    }


def claimed() -> set[str]:
    return {column for part in personal_data_parts() for column in part.columns}


def test_every_column_that_names_a_person_is_answered_for() -> None:
    named = {column for column in columns() if NAMES_A_PERSON.search(column.rpartition(".")[2])}
    assert sorted(named - claimed() - KEPT.keys()) == [], (
        "Export and erase it (PersonalData in its app's wiring.py), or say in KEPT why it stays."
    )


def test_nothing_is_claimed_that_is_not_there() -> None:
    assert claimed() <= columns()


@pytest.mark.parametrize("column", ["accounts.User.phone", "checkout.Order.email", "fulfilment.VendorOrder.buyer_name"])
def test_the_rule_sees_what_it_is_there_for(column: str) -> None:
    assert NAMES_A_PERSON.search(column.rpartition(".")[2])
    assert column in claimed()
