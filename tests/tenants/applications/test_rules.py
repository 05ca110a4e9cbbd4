"""Constraints of the database on applications, their documents and history, for every caller."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import CharField, Value

from tenants.applications.services.submission import withdraw_application
from tenants.models import ApplicationDocument, ApplicationEntry, SetupStep, ShopApplication
from tests.world.applications import add_paper, complete, started, submitted
from tests.world.clock import NOW
from tests.world.ledger import run
from tests.world.market import open_shop

pytestmark = pytest.mark.django_db

BROKEN: dict[str, dict[str, Any]] = {
    "application_status_known": {"status": "lost"},
    "application_account_state_known": {"account_state": "lost"},
    "application_kind_known": {"kind": "club"},
    # Past the column, which makes small letters of it.
    "application_email_lower": {"email": Value("Sade@example.com", output_field=CharField())},
    "application_slug_is_a_label": {"slug": "Oshogbo_Batik"},
    "application_shop_when_approved": {"status": "approved", "decided_at": NOW},
    "application_whole_when_sent": {"status": "submitted"},
    "application_company_registered": {
        "status": "submitted", "submitted_at": NOW, "kind": "company", "legal_name": "X", "account_state": "unchecked",
    },
    "application_account_named": {"account_state": "resolved"},
    "application_decided_when": {"decided_at": NOW},
}  # fmt: skip


@pytest.mark.parametrize("constraint", BROKEN)
def test_the_database_holds_applications_to_their_rules(constraint: str) -> None:
    started()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ShopApplication.objects.update(**BROKEN[constraint])


@pytest.mark.parametrize("statement", ["UPDATE {} SET message = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_database_keeps_the_history(paystack: Any, statement: str) -> None:
    sent = submitted()
    ShopApplication.objects.update(status="more_needed")
    withdraw_application(application_id=sent.pk, now=NOW)
    run("SET CONSTRAINTS ALL IMMEDIATE")  # a table with pending checks can't be truncated at all
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format("tenants_applicationentry"))


def test_the_database_lets_one_application_wait_for_an_address(paystack: Any) -> None:
    submitted()
    second = complete(slug="another-batik")
    ShopApplication.objects.filter(pk=second.pk).update(slug="oshogbo-batik")
    with pytest.raises(IntegrityError, match="application_one_for_an_address"), transaction.atomic():
        ShopApplication.objects.filter(pk=second.pk).update(status="submitted", submitted_at=NOW)


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("application_document_kind_known", {"kind": "poem"}),
        ("application_document_not_empty", {"size": 0}),
        ("application_document_type_taken", {"content_type": "text/html"}),
    ],
)
def test_the_database_holds_papers_to_their_rules(constraint: str, change: dict[str, Any]) -> None:
    add_paper(started())
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ApplicationDocument.objects.update(**change)


@pytest.mark.parametrize(
    ("constraint", "kind"), [("application_entry_kind_known", "sung"), ("application_entry_says_why", "refused")]
)
def test_the_database_holds_the_history_to_its_rules(constraint: str, kind: str) -> None:
    entry = ApplicationEntry(application=started(), kind=kind, created_at=NOW)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ApplicationEntry.objects.bulk_create([entry])


@pytest.mark.parametrize(("constraint", "step"), [("setup_step_known", "dance"), ("setup_step_once", "preview")])
def test_the_database_holds_steps_to_their_rules(constraint: str, step: str) -> None:
    shop = open_shop("indigo-fabrics")
    SetupStep.objects.create(shop=shop, step="preview", done_at=NOW)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        SetupStep.objects.create(shop=shop, step=step, done_at=NOW)
