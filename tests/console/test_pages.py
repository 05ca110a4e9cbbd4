"""Content of the console's pages."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from checkout.models import Payment, Refund
from console.services.audit_log import record
from console.services.shops import SHOP_SUSPENDED
from payouts.models import Journal
from tests.world.books import Market
from tests.world.clock import NOW
from tests.world.ledger import run, without_triggers
from webhooks.models import InboundEvent

REASON = "Sells what it does not have"
pytestmark = pytest.mark.usefixtures("two_days_later")


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


def test_numbers_open_the_rows_behind_them(console: Client, market: Market) -> None:
    found = console.get("/operator/orders/?days=365").context["page"].rows
    assert [order.number for order in found] == [market.paid.number]
    assert len(console.get("/operator/ledger/journals/?days=365&account=commission").context["page"].rows) == 1
    assert not console.get("/operator/ledger/journals/?days=1&account=commission").context["page"].rows


def test_the_figures_are_those_of_the_ledger(console: Client, market: Market) -> None:
    context = console.get("/operator/?days=365").context
    commission = sum(part.commission_minor for part in market.paid.sub_orders.all())
    [figures] = context["markets"]
    assert figures["currency"] == "NGN"
    assert figures["sales"].gross_minor == market.paid.total_minor
    assert figures["sales"].commission_minor == commission
    assert figures["owed_whole"] == (market.paid.total_minor - commission) // 100 * 100
    assert context["is_balanced"]


@pytest.mark.parametrize("search", ["number", "part", "reference", "email", "spaced"])
def test_orders_are_found_by_what_people_have_at_hand(console: Client, market: Market, search: str) -> None:
    Payment.objects.create(
        order=market.paid,
        provider="paystack",
        reference="ks-second-attempt",
        amount_minor=1,
        currency="NGN",
        created_at=NOW,
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
    assert ">Not balanced<" in console.get("/operator/").content.decode()


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
        record(actor_id=operator.pk, action=SHOP_SUSPENDED, subject=f"shop:s-{number}", reason=REASON, now=NOW)

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


def test_the_ledger_is_shown_as_of_the_end_of_a_day(console: Client, market: Market) -> None:
    """The sale is posted a day before the refund, a second before the day ends by the market's clock."""
    with without_triggers():
        Journal.objects.filter(kind="sale").update(posted_at="2026-01-14T22:59:59Z")
        Journal.objects.filter(kind="refund").update(posted_at="2026-01-14T23:00:00Z")

    def entries(query: str) -> int:
        response = console.get(f"/operator/ledger/{query}")
        for row in response.context["currencies"]:
            assert row["debit_minor"] == row["credit_minor"] > 0
        return sum(total.entries for row in response.context["currencies"] for total in row["totals"])

    def kinds(query: str) -> list[str]:
        page = console.get(f"/operator/ledger/journals/{query}").context["page"]
        return [journal.kind for journal in page.rows]

    sale, refund = (Journal.objects.get(kind=kind).entries.count() for kind in ("sale", "refund"))
    assert entries("?as_of=2026-01-13") == 0
    assert entries("?as_of=2026-01-14") == sale
    assert entries("?as_of=2026-01-15") == entries("") == entries("?as_of=") == sale + refund
    assert kinds("?as_of=2026-01-13") == []
    assert kinds("?as_of=2026-01-14") == ["sale"]
    assert kinds("?as_of=2026-03-02&days=1") == ["refund", "sale"], "the period ends with the day"
    assert kinds("?as_of=2026-01-15") == kinds("") == ["refund", "sale"]

    page = console.get("/operator/ledger/?as_of=2026-01-14").content.decode()
    assert "As of the end of 14 January 2026 (WAT): what was posted until then." in page
    assert "?account=commission&amp;as_of=2026-01-14" in page
    assert "Nothing was posted by then" in console.get("/operator/ledger/?as_of=2026-01-13").content.decode()
    assert "As of now, " in console.get("/operator/ledger/").content.decode()
    assert "As of now, " in console.get(f"/operator/ledger/?as_of={timezone.localdate()}").content.decode()


@pytest.mark.parametrize(
    ("day", "error"),
    [
        *(
            (day, "This is not a date.")
            for day in ("2026-02-30", "20260114", "2026-W03-3", "14.1.2026", "2026-1-4", "٢٠٢٦-٠١-١٤")
        ),
        ("2999-01-01", "This date is in the future."),
    ],
)
def test_the_ledger_of_no_day_and_of_a_day_to_come_is_refused(
    console: Client, market: Market, day: str, error: str
) -> None:
    for page in ("/operator/ledger/", "/operator/ledger/journals/"):
        response = console.get(page, {"as_of": day})
        assert response.status_code == 422
        assert error in response.content.decode()
        assert market.payment.reference not in response.content.decode()
        assert "Balanced" not in response.content.decode()
