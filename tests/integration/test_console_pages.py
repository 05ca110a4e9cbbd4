"""The console's pages: who may open them, what they show, what acting on them does."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import User
from checkout.models import Payment, Refund
from console.errors import ReasonMissingError
from console.models import AuditEntry
from console.services.audit_log import AuditAction, record
from console.services.shops import restore_shop, suspend_shop
from kit.ids import uuid7
from payouts.models import Journal
from tenants.models import Membership, Shop
from tests.console_support import Market, make_market
from tests.ledger_support import NOW, rows, run
from webhooks.models import InboundEvent

MAX_STATEMENTS = 10
REASON = "Sells what it does not have"


@pytest.fixture(autouse=True)
def _two_days_later() -> Iterator[None]:
    with time_machine.travel(NOW + timedelta(days=2), tick=False):
        yield


@pytest.fixture
def operator(db: None) -> User:
    return User.objects.create_user("operator@kasuwa.test", name="Ngozi Operator", is_operator=True)


@pytest.fixture
def market(db: None) -> Market:
    return make_market()


@pytest.fixture
def event(market: Market) -> InboundEvent:
    return InboundEvent.objects.create(
        provider="paystack",
        digest="ab" * 32,
        kind="charge.success",
        reference=market.payment.reference,
        body=b'{"event": "charge.success", "data": {"note": "<b>bold</b>"}}',
        status="failed",
        outcome="The provider timed out.",
        deliveries=3,
        received_at=NOW,
    )


@pytest.fixture
def console(client: Client, operator: User) -> Client:
    client.force_login(operator)
    return client


def pages(market: Market, event: InboundEvent) -> list[str]:
    journal = Journal.objects.get(kind="sale")
    return [
        "/operator/",
        "/operator/shops/",
        "/operator/shops/indigo-fabrics/",
        "/operator/orders/",
        f"/operator/orders/{market.paid.number}/",
        "/operator/payments/",
        "/operator/refunds/",
        "/operator/inbox/",
        f"/operator/inbox/{event.pk}/",
        "/operator/ledger/",
        "/operator/ledger/journals/",
        f"/operator/ledger/journals/{journal.pk}/",
        "/operator/audit-log/",
    ]


def acts(market: Market, event: InboundEvent) -> list[str]:
    return [
        "/operator/shops/indigo-fabrics/suspend/",
        "/operator/shops/indigo-fabrics/restore/",
        f"/operator/inbox/{event.pk}/replay/",
        f"/operator/orders/{market.paid.number}/refunds/{market.refund.pk}/retry/",
        f"/operator/orders/{market.paid.number}/payments/{market.payment.reference}/dismiss/",
    ]


def state() -> list[Any]:
    return [
        rows("SELECT slug, status FROM tenants_shop ORDER BY slug"),
        rows("SELECT id, status FROM webhooks_inboundevent"),
        rows("SELECT id, status FROM checkout_refund"),
        rows("SELECT count(*) FROM console_auditentry"),
    ]


def test_visitors_are_sent_to_sign_in(client: Client, market: Market, event: InboundEvent) -> None:
    for page in pages(market, event):
        response = client.get(page)
        assert response.status_code == 302, page
        assert "sign-in" in response["Location"]
    before = state()
    for act in acts(market, event):
        assert client.post(act, {"reason": REASON}).status_code == 302, act
    assert state() == before


@pytest.mark.parametrize("person", ["buyer", "owner", "former operator"])
def test_everybody_else_finds_nothing(client: Client, market: Market, event: InboundEvent, person: str) -> None:
    user = User.objects.create_user(
        f"{person.split(' ', maxsplit=1)[0]}@kasuwa.test", is_staff=person == "former operator"
    )
    if person == "owner":
        Membership.objects.create(shop=market.shops[0], user=user, role="owner", created_at=NOW)
    client.force_login(user)
    before = state()
    for page in pages(market, event):
        assert client.get(page).status_code == 404, page
    for act in acts(market, event):
        assert client.post(act, {"reason": REASON}).status_code == 404, act
    assert state() == before


def test_a_shops_host_has_no_console(console: Client, market: Market) -> None:
    host = market.shops[0].domains.get().domain
    assert console.get("/operator/", HTTP_HOST=host).status_code == 404


def test_every_page_opens_in_few_statements(
    console: Client, market: Market, event: InboundEvent, django_assert_max_num_queries: Any
) -> None:
    for page in pages(market, event):
        with django_assert_max_num_queries(MAX_STATEMENTS):
            response = console.get(page)
        assert response.status_code == 200, page
        content = response.content.decode()
        assert content.count("<h1") == 1, page
        assert "style=" not in content, page


@pytest.mark.parametrize(
    "page",
    ["", "shops/", "orders/", "payments/", "refunds/", "inbox/", "ledger/", "ledger/journals/", "audit-log/"],
)
def test_an_empty_market_has_empty_states(console: Client, page: str) -> None:
    response = console.get(f"/operator/{page}")
    assert response.status_code == 200
    assert 'class="empty"' in response.content.decode()


@pytest.mark.parametrize(
    "page",
    [
        "shops/nowhere/",
        "orders/KS-NOWHERE/",
        "inbox/999999/",
        "ledger/journals/999999/",
        "shops/nowhere/suspend/",
    ],
)
def test_what_is_not_there_is_not_found(console: Client, page: str) -> None:
    response = console.post(f"/operator/{page}") if page.endswith("suspend/") else console.get(f"/operator/{page}")
    assert response.status_code == 404


@pytest.mark.parametrize(
    "query", ["?before=x", "?after=x", "?status=x", "?before=", "?days=x", "?shop=nowhere", "?q=%00"]
)
def test_odd_queries_are_not_errors(console: Client, market: Market, query: str) -> None:
    for page in ("", "orders/", "shops/", "payments/", "inbox/", "ledger/journals/", "audit-log/"):
        assert console.get(f"/operator/{page}{query}").status_code == 200, page


def test_the_overview_shows_exceptions_oldest_first(console: Client, market: Market, event: InboundEvent) -> None:
    Payment.objects.filter(order=market.pending).update(
        status="mismatched", note="Too little.", created_at="2026-01-01T00:00Z"
    )
    Refund.objects.filter(pk=market.refund.pk).update(
        status="failed", note="Bank says no.", created_at="2026-02-01T00:00Z"
    )

    shown = console.get("/operator/").context["exceptions"]

    assert [each.kind.split()[0] for each in shown] == ["Payment", "Refund", "Event"]
    assert [each.status for each in shown] == ["mismatched", "failed", "failed"]


def test_a_mismatch_that_is_given_back_needs_nobody(console: Client, market: Market) -> None:
    Payment.objects.filter(pk=market.payment.pk).update(status="mismatched")
    assert console.get("/operator/").context["exceptions"] == []
    Refund.objects.filter(pk=market.refund.pk).update(status="sent")
    assert [each.kind for each in console.get("/operator/").context["exceptions"]][:1] == [
        "Payment that does not match"
    ]


def test_a_mismatch_is_dealt_with_once_somebody_says_why(console: Client, market: Market) -> None:
    url = f"/operator/orders/{market.paid.number}/payments/{market.payment.reference}/dismiss/"
    console.post(url, {"reason": REASON})
    assert not AuditEntry.objects.exists()
    Payment.objects.filter(pk=market.payment.pk).update(status="mismatched")
    Refund.objects.filter(pk=market.refund.pk).delete()
    console.post(url, {"reason": "no"})
    assert [each.subject for each in console.get("/operator/").context["exceptions"]] == [market.payment.reference]

    console.post(url, {"reason": REASON})

    assert console.get("/operator/").context["exceptions"] == []
    assert AuditEntry.objects.get().subject == f"payment:{market.payment.reference}"
    content = console.get(f"/operator/orders/{market.paid.number}/").content.decode()
    assert REASON in content
    assert "Dealt with</button>" not in content
    wrong_order = url.replace(market.paid.number, market.pending.number)
    assert console.post(wrong_order, {"reason": REASON}).status_code == 404


def test_numbers_open_the_rows_behind_them(console: Client, market: Market) -> None:
    found = console.get("/operator/orders/?days=365").context["page"].rows
    assert [order.number for order in found] == [market.paid.number]
    assert len(console.get("/operator/ledger/journals/?days=365&account=commission").context["page"].rows) == 1
    assert not console.get("/operator/ledger/journals/?days=1&account=commission").context["page"].rows


def test_the_figures_are_those_of_the_ledger(console: Client, market: Market) -> None:
    context = console.get("/operator/?days=365").context
    commission = sum(part.commission_minor for part in market.paid.sub_orders.all())
    assert context["sales"].gross_minor == market.paid.total_minor
    assert context["sales"].commission_minor == commission
    assert context["owed_minor"] == market.paid.total_minor - commission
    assert context["is_balanced"]


@pytest.mark.parametrize("search", ["number", "part", "reference", "email", "spaced"])
def test_orders_are_found_by_what_people_have_at_hand(console: Client, market: Market, search: str) -> None:
    Payment.objects.create(
        order=market.paid, reference="ks-second-attempt", amount_minor=1, currency="NGN", created_at=NOW
    )
    market.paid.email = "ada@kasuwa.test"
    market.paid.save(update_fields=["email"])
    term = {
        "number": market.paid.number.lower(),
        "part": f"{market.paid.number}-2",
        "reference": market.payment.reference,
        "email": "Ada@Kasuwa.test",
        "spaced": f"  {market.paid.number} ",
    }[search]
    found = console.get("/operator/orders/", {"q": term}).context["page"].rows
    assert [order.number for order in found] == [market.paid.number]


def test_orders_are_narrowed_by_status_and_shop(console: Client, market: Market) -> None:
    found = console.get("/operator/orders/?status=pending&shop=copper-kitchen").context["page"].rows
    assert [order.number for order in found] == [market.pending.number]
    assert not console.get("/operator/orders/?shop=nowhere").context["page"].rows


def test_an_order_shows_parts_of_every_shop_and_its_journals(console: Client, market: Market) -> None:
    content = console.get(f"/operator/orders/{market.paid.number}/").content.decode()
    for text in ("Indigo Fabrics", "Copper Kitchen", market.payment.reference, str(market.refund.pk)):
        assert text in content
    for journal in Journal.objects.all():
        assert f"/operator/ledger/journals/{journal.pk}/" in content


def test_the_trial_balance_proves_zero(console: Client, market: Market) -> None:
    [naira] = console.get("/operator/ledger/").context["currencies"]
    assert naira["difference_minor"] == 0
    assert naira["debit_minor"] == naira["credit_minor"] > 0


def test_a_ledger_that_is_off_says_so(console: Client, market: Market) -> None:
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run("SET LOCAL session_replication_role = replica")
    run("UPDATE payouts_entry SET amount_minor = amount_minor + 100 WHERE amount_minor > 0")
    run("SET LOCAL session_replication_role = origin")
    assert "Off by ₦" in console.get("/operator/ledger/").content.decode()
    assert ">Off<" in console.get("/operator/").content.decode()


def test_journals_are_narrowed(console: Client, market: Market) -> None:
    def sources(query: str) -> list[str]:
        return [journal.source for journal in console.get(f"/operator/ledger/journals/?{query}").context["page"].rows]

    reference, refund_id = market.payment.reference, str(market.refund.pk)
    assert sources("") == [refund_id, reference]
    assert sources("kind=refund") == [refund_id]
    assert sources(f"q={reference[:8]}") == [reference]
    assert sources("shop=indigo-fabrics") == [reference]
    assert sources("account=commission") == [reference]
    assert sources("account=commission&shop=indigo-fabrics") == []


def test_pages_lead_forth_and_back(console: Client, operator: User, db: None) -> None:
    for number in range(60):
        record(
            actor_id=operator.pk, action=AuditAction.SHOP_SUSPENDED, subject=f"shop:s-{number}", reason=REASON, now=NOW
        )

    def page(url: str) -> Any:
        return console.get(f"/operator/audit-log/{url}").context["page"]

    first = page("")
    second = page(first.next_url)
    third = page(second.next_url)
    assert [len(each.rows) for each in (first, second, third)] == [25, 25, 10]
    assert (first.previous_url, third.next_url) == ("", "")
    back = page(third.previous_url)
    assert [entry.pk for entry in back.rows] == [entry.pk for entry in second.rows]
    assert [entry.pk for entry in page(back.previous_url).rows] == [entry.pk for entry in first.rows]
    assert page(page(back.previous_url).next_url).rows[0].pk == second.rows[0].pk


def test_suspending_takes_a_reason_and_leaves_an_entry(console: Client, operator: User, market: Market) -> None:
    before = state()
    refused = console.post("/operator/shops/indigo-fabrics/suspend/", {"reason": " "})
    assert refused.status_code == 400
    assert state() == before

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
    before = state()
    console.post("/operator/shops/indigo-fabrics/restore/", {"reason": REASON})
    assert state() == before
    Shop.objects.filter(slug="indigo-fabrics").update(status="closed")
    before = state()
    console.post("/operator/shops/indigo-fabrics/suspend/", {"reason": REASON})
    assert state() == before


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
    before = state()
    missing: UUID = uuid7()
    response = console.post(f"/operator/orders/{market.paid.number}/refunds/{missing}/retry/", {"reason": REASON})
    assert response.status_code == 404
    assert state() == before


@pytest.mark.parametrize(
    "statement",
    ["UPDATE console_auditentry SET reason = 'x'", "DELETE FROM console_auditentry", "TRUNCATE console_auditentry"],
)
def test_the_audit_log_is_append_only(operator: User, statement: str) -> None:
    record(actor_id=operator.pk, action=AuditAction.SHOP_SUSPENDED, subject="shop:x", reason=REASON, now=NOW)
    run("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        run(statement)
    assert AuditEntry.objects.get().reason == REASON


def test_an_entry_without_a_reason_is_refused(operator: User) -> None:
    with pytest.raises(ReasonMissingError):
        record(actor_id=operator.pk, action=AuditAction.SHOP_SUSPENDED, subject="shop:x", reason="  ", now=NOW)
    assert not AuditEntry.objects.exists()
