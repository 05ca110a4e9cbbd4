"""One search over everything, by parts of numbers, names and addresses."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient
from rest_framework_simplejwt.tokens import AccessToken

from accounts.models import User
from checkout.models import Order, Payment
from kit.text.parts import statement
from tenants.models import Domain, Shop, ShopApplication
from tests.world.applications import started
from tests.world.books import Market, make_market
from tests.world.clock import NOW
from tests.world.factories.people import person

SEARCH = "/operator/search/"
pytestmark = pytest.mark.usefixtures("two_days_later")


@pytest.fixture
def market(db: None) -> Market:
    found = make_market()
    Order.objects.filter(pk=found.paid.pk).update(
        email="amina.yusuf@example.com", shipping_address={"name": "Amina Bọ́lá-Yusuf"}
    )
    Payment.objects.filter(pk=found.payment.pk).update(provider_id="4099260516")
    return found


def found(console: Client, term: str) -> dict[str, list[str]]:
    response = console.get(SEARCH, {"q": term})
    assert response.status_code == 200, term
    return {group.kind: [hit.key for hit in group.hits] for group in response.context["groups"]}


def test_an_order_is_found_by_any_part_of_what_names_it(console: Client, market: Market) -> None:
    number = market.paid.number
    part = market.paid.sub_orders.all()[1].number
    terms = {
        "its first letters": number[:6],
        "its middle": number[5:9],
        "its end": number[-4:],
        "small letters": number[4:].lower(),
        "another hyphen": number[:7].replace("-", "\u2011"),
        "without the hyphen": number[:8].replace("-", ""),
        "a part's number": part,
        "the end of a part's number": part[6:],
        "the address": "mina.yus",
        "the address, with its host": "yusuf@example",
        "the name, without marks": "bola",
        "the name's pieces": "bola yusuf",
        "words in any order": "yusuf amina",
    }
    for kind, term in terms.items():
        assert number in found(console, term).get("orders", []), kind
    assert found(console, number[:6] + "ZZ").get("orders") is None
    assert found(console, "amina@example").get("orders") is None, "an address that it does not have"
    assert found(console, f"{number}-9").get("orders") is None, "a part that it does not have"


def test_orders_and_payments_that_wait_are_found_too(console: Client, market: Market) -> None:
    """They are in no index of parts: placing an order is no time to take it apart."""
    pending = market.pending
    Order.objects.filter(pk=pending.pk).update(email="waiting@example.org")
    waiting = pending.payments.get()
    assert waiting.status in {"created", "open"}
    for term in (pending.number[4:9], "ting@example.o"):
        assert found(console, term)["orders"] == [pending.number], term
    assert found(console, waiting.reference[3:9])["payments"] == [waiting.reference]


def test_everything_else_is_found_under_its_kind(console: Client, market: Market, operator: User) -> None:
    shop = Shop.objects.get(slug="indigo-fabrics")
    shop.contact_email = "care@indigo-fabrics.example"
    shop.save(update_fields=["contact_email"])
    Domain.objects.create(tenant=shop, domain="www.blaues-tuch.example", is_primary=False, verified_at=NOW)
    application = started(shop_name="Ɓaƙin Ƙarfe")
    ShopApplication.objects.update(legal_name="Aṣọ-òkè & Daughters", submitted_at=NOW, status="withdrawn")
    someone = person(email="chidi@example.net", name="Chídí Ọkáfọ̀r")

    assert found(console, "digo fab")["shops"] == ["indigo-fabrics"]
    assert found(console, "igo-fab")["shops"] == ["indigo-fabrics"]
    assert found(console, "blaues")["shops"] == ["indigo-fabrics"]
    assert found(console, "care@indigo")["shops"] == ["indigo-fabrics"]
    for term in ("karfe", "aso-oke", "asooke", "daughters", str(application.pk)[:13], application.email[:6]):
        assert found(console, term)["applications"] == [str(application.pk)], term
    for term in ("okafor", "hidi@exam", "Ọkáfọ̀r"):
        assert found(console, term)["people"] == [someone.email], term
    for term in (market.payment.reference[3:9], "992605"):
        assert found(console, term)["payments"] == [market.payment.reference], term


@pytest.mark.parametrize("number", ["number", "reference", "slug"])
def test_a_whole_number_of_one_row_alone_opens_it(console: Client, market: Market, number: str) -> None:
    term, url = {
        "number": (market.pending.number, f"/operator/orders/{market.pending.number}/"),
        "slug": ("copper-kitchen", "/operator/shops/copper-kitchen/"),
        "reference": (market.payment.reference, f"/operator/orders/{market.paid.number}/"),
    }[number]
    response = console.get(SEARCH, {"q": term})
    assert (response.status_code, response["Location"]) == (302, url)


@pytest.mark.parametrize("term", ["", "ks", "-- --", "%", "é", "a b c", "'"])
def test_too_short_a_search_finds_nothing_and_says_so(console: Client, market: Market, term: str) -> None:
    response = console.get(SEARCH, {"q": term})
    assert response.context["groups"] == []
    assert ("at least three letters" in response.content.decode()) == bool(term)


@pytest.mark.parametrize("term", ["' OR 1=1 --", "%%%abc", "a" * 300, "\\\\\\abc", "[abc", "(abc", "abc*+?", "𝔞𝔟𝔠"])
def test_signs_of_patterns_are_letters_like_others(console: Client, market: Market, term: str) -> None:
    assert console.get(SEARCH, {"q": term}).status_code == 200


def test_lists_take_the_same_parts(console: Client, market: Market) -> None:
    number, reference = market.paid.number, market.payment.reference
    listed = console.get("/operator/orders/", {"q": number[4:10]}).context["page"].rows
    assert [order.number for order in listed] == [number]
    listed = console.get("/operator/payments/", {"q": reference[5:11]}).context["page"].rows
    assert [payment.reference for payment in listed] == [reference]
    listed = console.get("/operator/payments/", {"q": number[4:10]}).context["page"].rows
    assert [payment.reference for payment in listed] == [reference]
    listed = console.get("/operator/orders/", {"q": reference[5:11]}).context["page"].rows
    assert [order.number for order in listed] == [number]


def test_a_part_of_a_reference_acts_on_no_payment(console: Client, market: Market) -> None:
    url = f"/operator/orders/{market.paid.number}/payments/{market.payment.reference[:9]}"
    for action in ("dismiss", "ask"):
        assert console.post(f"{url}/{action}/", {"reason": "Looked into it."}).status_code == 404


def test_the_search_is_in_the_head_of_every_page(console: Client, market: Market) -> None:
    for page in ("", "orders/", "audit-log/", "shops/indigo-fabrics/"):
        assert f'action="{SEARCH}"' in console.get(f"/operator/{page}").content.decode(), page


def test_a_search_is_one_statement_a_kind(console: Client, market: Market, django_assert_max_num_queries: Any) -> None:
    console.get(SEARCH, {"q": "example"})
    with django_assert_max_num_queries(8):  # session, person, orders, payments, shops, applications, people, unread
        assert console.get(SEARCH, {"q": "example"}).status_code == 200


def test_searching_too_often_is_refused(console: Client, market: Market, settings: Any) -> None:
    throttles = ["kit.api.throttling.RateThrottle"]
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_CLASSES": throttles}
    asked = ["ks"] * 59 + ["nothing at all"] * 3  # too short a search counts as any other, and costs less
    codes = [console.get(SEARCH, {"q": term}).status_code for term in asked]
    assert set(codes[:60]) == {200}
    assert codes[61] == 429


def test_the_api_finds_the_same(market: Market, operator: User, api_client: APIClient) -> None:
    api = api_client
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {AccessToken.for_user(operator)}")
    answer = api.get("/api/v1/operator/search/", {"q": market.paid.number[4:10]})
    assert answer.status_code == 200, answer.content
    [group] = answer.json()["data"]
    assert (group["kind"], [hit["key"] for hit in group["hits"]]) == ("orders", [market.paid.number])
    assert api.get("/api/v1/operator/search/", {"q": "ks"}).status_code == 400
    assert api.get("/api/v1/operator/search/").json()["data"] == []


def test_the_database_folds_as_this_release_does(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'kit_parts'")
        [(source,)] = cursor.fetchall()
    assert source in statement(), "The letters have changed: make the function anew, and its indexes, by a migration."


@pytest.mark.parametrize(
    "index", ["order_parts", "payment_parts", "shop_parts", "domain_parts", "application_parts", "user_parts"]
)
def test_a_search_reads_no_table_whole(console: Client, market: Market, index: str) -> None:
    """Ask the planner as of a large market, where reading a table whole costs too much."""
    queries = _queries_of_a_search(console, market.paid.number[4:10])
    _forget_earlier_tests(index)
    plans = [_plan(sql) for sql in queries]
    assert len(plans) == 5
    assert any(index in plan for plan in plans), plans
    assert not [plan for plan in plans if "Seq Scan" in plan]
    with connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX {index}")
    assert not any(index in _plan(sql) for sql in queries)


def _queries_of_a_search(console: Client, term: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        console.get(SEARCH, {"q": term})
    return [query["sql"] for query in captured.captured_queries if "kit_parts" in query["sql"]]


def _forget_earlier_tests(index: str) -> None:
    """Make a table's indexes anew, which rows that earlier tests have undone made larger.

    Of a table without rows all plain indexes cost as little, so that any may be chosen: there this one is left alone.
    """
    others = """
        SELECT o.indexrelid::regclass::text FROM pg_index i JOIN pg_index o USING (indrelid)
         WHERE i.indexrelid = %s::regclass AND o.indexrelid <> i.indexrelid AND NOT o.indisunique"""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SELECT indrelid::regclass::text FROM pg_index WHERE indexrelid = %s::regclass", [index])
        [(table,)] = cursor.fetchall()
        cursor.execute(f"SELECT EXISTS (SELECT FROM {table})")
        [(has_rows,)] = cursor.fetchall()
        cursor.execute(others, [index])
        for (other,) in [] if has_rows else cursor.fetchall():
            cursor.execute(f"DROP INDEX {other}")
        cursor.execute(f"REINDEX TABLE {table}")


def _plan(sql: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off; SET LOCAL enable_indexonlyscan = off"
        )
        cursor.execute(f"EXPLAIN {sql}")
        return "\n".join(row[0] for row in cursor.fetchall())
