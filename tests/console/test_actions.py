"""Actions of operators in the console, each with a reason and an entry in the audit log."""

from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import User
from catalogue.discovery.services.projection import rebuild_shop
from checkout.models import Payment, Refund
from console.audit_actions import AuditAction
from console.errors import ReasonMissingError
from console.models import AuditEntry
from console.services.audit_log import record
from console.services.shops import SHOP_SUSPENDED, restore_shop, suspend_shop
from kit.ids import uuid7
from tenants.models import Shop
from tenants.shops.selectors import shop_facts
from tests.world.books import Market, stored
from tests.world.clock import NOW
from tests.world.ledger import rows, run, without_triggers
from webhooks.models import InboundEvent

REASON = "Sells what it does not have"
pytestmark = pytest.mark.usefixtures("two_days_later")


def test_a_mismatch_is_dealt_with_once_somebody_says_why(console: Client, market: Market) -> None:
    url = f"/operator/orders/{market.paid.number}/payments/{market.payment.reference}/dismiss/"
    console.post(url, {"reason": REASON})
    assert not AuditEntry.objects.exists()
    Payment.objects.filter(pk=market.payment.pk).update(status="mismatched")
    with without_triggers():
        Refund.objects.filter(pk=market.refund.pk).delete()
    console.post(url, {"reason": "no"})
    assert [each.subject for each in console.get("/operator/").context["exceptions"]] == [market.payment.reference]

    console.post(url, {"reason": REASON})

    assert console.get("/operator/").context["exceptions"] == []
    assert AuditEntry.objects.get().subject == f"payment:{market.payment.reference}"
    content = console.get(f"/operator/orders/{market.paid.number}/").content.decode()
    assert REASON in content
    assert "Resolved</button>" not in content
    wrong_order = url.replace(market.paid.number, market.pending.number)
    assert console.post(wrong_order, {"reason": REASON}).status_code == 404


def test_suspending_takes_a_reason_and_leaves_an_entry(console: Client, operator: User, market: Market) -> None:
    before = stored()
    refused = console.post("/operator/shops/indigo-fabrics/suspend/", {"reason": " "})
    assert refused.status_code == 400
    assert stored() == before

    done = console.post("/operator/shops/indigo-fabrics/suspend/", {"reason": REASON}, HTTP_X_REQUEST_ID="req-12345678")

    assert done.status_code == 302
    assert Shop.objects.get(slug="indigo-fabrics").status == "suspended"
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.action, entry.subject, entry.reason) == (
        operator,
        "shop.suspended",
        "shop:indigo-fabrics",
        REASON,
    )
    assert entry.details == {"before": "live", "after": "suspended"}
    assert entry.request_id == "req-12345678"
    assert REASON in console.get("/operator/shops/indigo-fabrics/").content.decode()
    assert REASON in console.get("/operator/audit-log/?q=indigo").content.decode()


def test_a_suspended_shops_products_leave_the_market_and_come_back(market: Market, operator: User) -> None:
    shop = market.shops[0]
    rebuild_shop(shop_id=shop.pk)

    def visible() -> list[Any]:
        return rows("SELECT title FROM discovery_listing WHERE shop_id = %s AND is_visible", [shop.pk])

    assert visible() == [("Tote",)]
    suspend_shop(shop_id=shop.pk, actor_id=operator.pk, reason=REASON, now=NOW)
    assert visible() == []
    assert not shop_facts([shop.pk])[shop.pk].is_selling
    restore_shop(shop_id=shop.pk, actor_id=operator.pk, reason="It was a mistake", now=NOW)
    assert visible() == [("Tote",)]


def test_a_suspended_shop_gets_its_status_back(market: Market, operator: User) -> None:
    shop = market.shops[0]
    Shop.objects.filter(pk=shop.pk).update(status="holiday")
    suspend_shop(shop_id=shop.pk, actor_id=operator.pk, reason=REASON, now=NOW)
    restore_shop(shop_id=shop.pk, actor_id=operator.pk, reason="It was a mistake", now=NOW)
    assert Shop.objects.get(pk=shop.pk).status == "holiday"
    assert list(AuditEntry.objects.order_by("id").values_list("action", flat=True)) == [
        "shop.suspended",
        "shop.restored",
    ]


def test_what_cannot_be_done_to_a_shop_changes_nothing(console: Client, market: Market) -> None:
    before = stored()
    console.post("/operator/shops/indigo-fabrics/restore/", {"reason": REASON})
    assert stored() == before
    Shop.objects.filter(slug="indigo-fabrics").update(status="closed")
    before = stored()
    console.post("/operator/shops/indigo-fabrics/suspend/", {"reason": REASON})
    assert stored() == before


def test_replaying_takes_a_reason_and_leaves_an_entry(console: Client, event: InboundEvent) -> None:
    assert console.post(f"/operator/inbox/{event.pk}/replay/", {"reason": ""}).status_code == 400
    assert not AuditEntry.objects.exists()

    assert console.post(f"/operator/inbox/{event.pk}/replay/", {"reason": REASON}).status_code == 302

    event.refresh_from_db()
    assert (event.status, event.attempts) == ("received", 0)
    assert AuditEntry.objects.get().subject == f"event:{event.pk}"
    console.post(f"/operator/inbox/{event.pk}/replay/", {"reason": REASON})
    assert AuditEntry.objects.count() == 1


def test_the_body_of_an_event_is_shown_and_never_run(console: Client, event: InboundEvent) -> None:
    content = console.get(f"/operator/inbox/{event.pk}/").content.decode()
    assert "&lt;b&gt;bold&lt;/b&gt;" in content
    assert "<b>bold</b>" not in content


def test_a_refund_that_failed_is_sent_again_with_a_reason(console: Client, market: Market) -> None:
    url = f"/operator/orders/{market.paid.number}/refunds/{market.refund.pk}/retry/"
    console.post(url, {"reason": REASON})
    assert not AuditEntry.objects.exists()
    Refund.objects.filter(pk=market.refund.pk).update(status="failed")
    console.post(url, {"reason": ""})
    assert Refund.objects.get(pk=market.refund.pk).status == "failed"

    console.post(url, {"reason": REASON})

    assert Refund.objects.get(pk=market.refund.pk).status == "requested"
    assert AuditEntry.objects.get().subject == f"refund:{market.refund.pk}"


def test_a_refund_that_is_not_there_changes_nothing(console: Client, market: Market) -> None:
    before = stored()
    missing: UUID = uuid7()
    response = console.post(f"/operator/orders/{market.paid.number}/refunds/{missing}/retry/", {"reason": REASON})
    assert response.status_code == 404
    assert stored() == before


@pytest.mark.parametrize(
    "statement",
    ["UPDATE console_auditentry SET reason = 'x'", "DELETE FROM console_auditentry", "TRUNCATE console_auditentry"],
)
def test_the_audit_log_is_append_only(operator: User, statement: str) -> None:
    record(actor_id=operator.pk, action=SHOP_SUSPENDED, subject="shop:x", reason=REASON, now=NOW)
    run("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        run(statement)
    assert AuditEntry.objects.get().reason == REASON


def test_an_entry_without_a_reason_is_refused(operator: User) -> None:
    with pytest.raises(ReasonMissingError):
        record(actor_id=operator.pk, action=SHOP_SUSPENDED, subject="shop:x", reason="  ", now=NOW)
    assert not AuditEntry.objects.exists()


def test_actions_are_shown_and_chosen_by_their_labels(console: Client, operator: User) -> None:
    for action in (
        SHOP_SUSPENDED,
        AuditAction("shop.painted", "Shop painted", "%(who)s painted."),
    ):  # the second is declared nowhere
        record(actor_id=operator.pk, action=action, subject="shop:x", reason=REASON, now=NOW)

    def shown(query: str) -> list[str]:
        return [row.entry.label for row in console.get(f"/operator/audit-log/{query}").context["rows"]]

    page = console.get("/operator/audit-log/").content.decode()
    assert (">Shop suspended<" in page, ": shop.painted, x." in page) == (True, True)
    assert shown("") == ["shop.painted", "Shop suspended"]
    assert shown("?action=shop.suspended") == ["Shop suspended"]
    assert shown("?action=shop.painted") == shown("")  # none of the choices
