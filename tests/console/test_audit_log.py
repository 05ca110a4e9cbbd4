"""The audit log as operators read it: sentences, filters, and a table to keep."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient
from rest_framework_simplejwt.tokens import AccessToken

from accounts.models import User
from console.audit_actions import AuditAction
from console.selectors.audit_log import PAYMENT_DISMISSED
from console.selectors.audit_sentences import readable
from console.services.applications import APPLICATION_APPROVED
from console.services.audit_log import record
from console.services.categories import CATEGORY_ADDED
from console.services.commission import COMMISSION_CHANGED
from console.services.domains import DOMAIN_REMOVED
from console.services.fairness import RATE_LIMIT_CHANGED
from console.services.orders import ORDER_RELEASED
from console.services.payments import REFUND_RETRIED
from console.services.shops import SHOP_CLOSURE_PLANNED, SHOP_RESTORED, SHOP_SUSPENDED
from kit.wiring import contributions
from tests.world.books import Market
from tests.world.clock import NOW
from tests.world.factories.people import person

FORMULA = "=HYPERLINK(0)"
PAGE = "/operator/audit-log/"
TABLE = "/operator/audit-log/csv/"
pytestmark = pytest.mark.usefixtures("two_days_later")


def entry(action: AuditAction, subject: str, *, actor: User | None = None, days: int = 0, **details: Any) -> str:
    """Append an entry, and return its sentence."""
    added = record(
        actor_id=actor.pk if actor else None,
        action=action,
        subject=subject,
        reason=FORMULA,
        details=details,
        now=NOW + timedelta(days=days),
    )
    return readable([added])[0].sentence


def sentences(console: Client, query: str = "") -> list[str]:
    return [row.sentence for row in console.get(f"{PAGE}{query}").context["rows"]]


def test_entries_read_as_sentences(market: Market, operator: User) -> None:
    refund = market.refund
    who = str(operator)
    told: list[tuple[AuditAction, str, dict[str, Any], str]] = [
        (SHOP_SUSPENDED, "shop:indigo-fabrics", {}, "suspended the shop Indigo Fabrics."),
        (
            COMMISSION_CHANGED,
            "shop:indigo-fabrics",
            {"before": None, "after": 750},
            "changed the commission of the shop Indigo Fabrics from the market’s rate to 7.5 %.",
        ),
        (
            COMMISSION_CHANGED,
            "shop:indigo-fabrics",
            {"before": 750, "after": None, "market": 825},
            "changed the commission of the shop Indigo Fabrics from 7.5 % to the market’s rate (8.25 %).",
        ),
        (
            RATE_LIMIT_CHANGED,
            "shop:indigo-fabrics",
            {"before": 1200, "after": None},
            "changed the requests a minute of the shop Indigo Fabrics from 1,200 to the limit of all shops.",
        ),
        (
            SHOP_CLOSURE_PLANNED,
            "shop:indigo-fabrics",
            {"closes_at": "2026-12-01T09:00:00+00:00"},
            "planned to close the shop Indigo Fabrics on 1 Dec 2026, 10:00 WAT.",
        ),
        (
            ORDER_RELEASED,
            f"order:{market.pending.number}",
            {"total_minor": 1_250_000, "currency": "NGN"},
            f"released the unpaid order {market.pending.number}, of ₦12,500.",
        ),
        (
            REFUND_RETRIED,
            f"refund:{refund.pk}",
            {"amount_minor": 50_000, "currency": "NGN"},
            f"sent the refund of ₦500 for order {market.paid.number} again.",
        ),
        (
            DOMAIN_REMOVED,
            "shop:indigo-fabrics",
            {"host": "indigo.example"},
            "removed the domain indigo.example of the shop Indigo Fabrics.",
        ),
        (CATEGORY_ADDED, "category:bags", {}, "added the category bags."),
    ]
    for action, subject, details, sentence in told:
        assert entry(action, subject, actor=operator, **details) == f"{who} {sentence}"


def test_an_entry_without_the_details_of_today_names_action_and_subject(market: Market, operator: User) -> None:
    assert entry(COMMISSION_CHANGED, "shop:indigo-fabrics", actor=operator) == (
        f"{operator}: Shop’s commission changed, Indigo Fabrics."
    )
    gone = AuditAction("shop.renamed", "Shop renamed", "%(who)s renamed %(subject)s.")
    assert entry(gone, "shop:gone") == "The market: shop.renamed, gone."


def test_every_action_has_a_sentence_of_who_did_it() -> None:
    for action in contributions(AuditAction):
        assert str(action.sentence).startswith("%(who)s "), action.name
        assert str(action.sentence).endswith("."), action.name


def test_entries_are_found_by_person_action_day_and_shop(console: Client, market: Market, operator: User) -> None:
    colleague = person(email="colleague@kasuwa.test", is_operator=True)
    suspended = entry(SHOP_SUSPENDED, "shop:indigo-fabrics", actor=operator)
    restored = entry(SHOP_RESTORED, "shop:indigo-fabrics", actor=colleague, days=1)
    dismissed = entry(PAYMENT_DISMISSED, "payment:ks-1", actor=colleague, days=1)
    approved = entry(APPLICATION_APPROVED, "order:none", days=1, shop="copper-kitchen")

    assert sentences(console) == [approved, dismissed, restored, suspended]
    assert sentences(console, f"?who={colleague.pk}") == [dismissed, restored]
    assert sentences(console, "?action=shop.suspended") == [suspended]
    assert sentences(console, "?shop=indigo-fabrics") == [restored, suspended]
    assert sentences(console, "?shop=copper-kitchen") == [approved]
    assert sentences(console, "?q=ks-1") == [dismissed]
    day = f"{NOW:%Y-%m-%d}"
    next_day = f"{NOW + timedelta(days=1):%Y-%m-%d}"
    assert sentences(console, f"?to={day}") == [suspended]
    assert sentences(console, f"?from={next_day}&to={next_day}&who={colleague.pk}&shop=indigo-fabrics") == [restored]


@pytest.mark.parametrize("query", ["?from=2026-02-30", "?from=yesterday", "?who=me", "?action=none", "?who="])
def test_a_filter_that_makes_no_sense_filters_nothing(
    console: Client, market: Market, operator: User, query: str
) -> None:
    suspended = entry(SHOP_SUSPENDED, "shop:indigo-fabrics", actor=operator)
    assert sentences(console, query) == [suspended]


def test_the_table_holds_the_filtered_entries_and_no_formula(console: Client, market: Market, operator: User) -> None:
    suspended = entry(SHOP_SUSPENDED, "shop:indigo-fabrics", actor=operator)
    entry(SHOP_RESTORED, "shop:indigo-fabrics", actor=operator)

    link = console.get(f"{PAGE}?action=shop.suspended").content.decode()
    assert f"{TABLE}?action=shop.suspended" in link
    response = console.get(f"{TABLE}?action=shop.suspended")
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]

    [row] = csv.DictReader(io.StringIO(text))
    assert row["Sentence"] == suspended
    assert row["E-mail"] == operator.email
    assert row["Reason"] == f"'{FORMULA}"
    assert "attachment" in response["Content-Disposition"]


def test_a_page_of_the_log_takes_no_more_statements_for_more_entries(
    console: Client, market: Market, operator: User, django_assert_max_num_queries: Any
) -> None:
    for shop in market.shops:
        for action in (SHOP_SUSPENDED, SHOP_RESTORED):
            entry(action, f"shop:{shop.slug}", actor=operator)
    for _ in range(10):
        entry(REFUND_RETRIED, f"refund:{market.refund.pk}", actor=operator, amount_minor=1, currency="NGN")
    console.get(PAGE)
    with django_assert_max_num_queries(7):  # person, entries, who is in the log (2), shops, refunds, unread
        console.get(PAGE)


def test_the_api_reads_the_same_log(market: Market, operator: User, api_client: APIClient) -> None:
    suspended = entry(SHOP_SUSPENDED, "shop:indigo-fabrics", actor=operator, before="live", after="suspended")
    entry(SHOP_RESTORED, "shop:indigo-fabrics", days=1)
    api_client.credentials(HTTP_AUTHORIZATION=f"Bearer {AccessToken.for_user(operator)}")

    def read(**query: Any) -> list[dict[str, Any]]:
        answer = api_client.get("/api/v1/operator/audit-log/", query)
        assert answer.status_code == 200, answer.content
        return list(answer.json()["data"]["results"])

    assert [row["action"] for row in read()] == ["shop.restored", "shop.suspended"]
    [row] = read(actor_email=operator.email)
    assert (row["sentence"], row["reason"], row["details"]["after"]) == (suspended, FORMULA, "suspended")
    assert [row["actor_email"] for row in read(action="shop.restored")] == [""]
    assert [row["action"] for row in read(until=f"{NOW:%Y-%m-%d}", shop="indigo-fabrics")] == ["shop.suspended"]
    assert len(read(until="9999-12-31")) == 2
    assert [each["id"] for each in read(page_size=1)] == [read()[0]["id"]]
    assert api_client.get("/api/v1/operator/audit-log/", {"since": "tomorrow"}).status_code == 400
