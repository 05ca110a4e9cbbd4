"""Access to the console's pages, and that each of them opens."""

from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from accounts.models import User
from kit.models import BulkJob
from payouts.models import Journal
from tenants.models import Membership, Shop
from tests.world.books import Market, stored
from tests.world.clock import NOW
from webhooks.models import InboundEvent

MAX_STATEMENTS = 16  # the overview asks once for each kind of what waits for an operator
REASON = "Sells what it does not have"
pytestmark = pytest.mark.usefixtures("two_days_later")


def bulk_job_id() -> UUID:
    """A bulk job of the first shop."""
    shop = Shop.objects.get(slug="indigo-fabrics")
    job, _ = BulkJob.objects.get_or_create(shop_id=shop.pk, kind="tests.some", defaults={"created_at": NOW})
    return UUID(str(job.pk))


def pages(market: Market, event: InboundEvent) -> list[str]:
    journal = Journal.objects.get(kind="sale")
    return [
        "/operator/",
        "/operator/shops/",
        "/operator/shops/indigo-fabrics/",
        "/operator/categories/",
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
        "/operator/search/?q=fabrics",
        "/operator/health/",
        "/operator/bulk-jobs/",
        f"/operator/bulk-jobs/{bulk_job_id()}/",
        "/operator/traffic/",
        "/operator/traffic/indigo-fabrics/",
    ]


def acts(market: Market, event: InboundEvent) -> list[str]:
    return [
        f"/operator/bulk-jobs/{bulk_job_id()}/cancel/",
        f"/operator/bulk-jobs/{bulk_job_id()}/retry/",
        "/operator/traffic/indigo-fabrics/",
        "/operator/shops/indigo-fabrics/suspend/",
        "/operator/shops/indigo-fabrics/restore/",
        "/operator/shops/indigo-fabrics/close/",
        "/operator/shops/indigo-fabrics/keep/",
        "/operator/shops/indigo-fabrics/reopen/",
        "/operator/shops/indigo-fabrics/delete/",
        f"/operator/inbox/{event.pk}/replay/",
        f"/operator/orders/{market.paid.number}/refunds/{market.refund.pk}/retry/",
        f"/operator/orders/{market.paid.number}/payments/{market.payment.reference}/dismiss/",
    ]


def test_visitors_are_sent_to_sign_in(client: Client, market: Market, event: InboundEvent) -> None:
    for page in pages(market, event):
        response = client.get(page)
        assert response.status_code == 302, page
        assert "sign-in" in response["Location"]
    before = stored()
    for act in acts(market, event):
        assert client.post(act, {"reason": REASON}).status_code == 302, act
    assert stored() == before


@pytest.mark.parametrize("person", ["buyer", "owner", "former operator"])
def test_everybody_else_finds_nothing(client: Client, market: Market, event: InboundEvent, person: str) -> None:
    user = User.objects.create_user(
        f"{person.split(' ', maxsplit=1)[0]}@kasuwa.test", is_staff=person == "former operator"
    )
    if person == "owner":
        Membership.objects.create(shop=market.shops[0], user=user, role="owner", created_at=NOW)
    client.force_login(user)
    before = stored()
    for page in pages(market, event):
        assert client.get(page).status_code == 404, page
    for act in acts(market, event):
        assert client.post(act, {"reason": REASON}).status_code == 404, act
    assert stored() == before


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


@pytest.mark.parametrize("query", ["?before=x", "?after=x", "?status=x", "?before=", "?days=x", "?shop=nowhere"])
def test_odd_queries_are_not_errors(console: Client, market: Market, query: str) -> None:
    for page in ("", "orders/", "shops/", "payments/", "inbox/", "ledger/journals/", "audit-log/"):
        assert console.get(f"/operator/{page}{query}").status_code == 200, page
