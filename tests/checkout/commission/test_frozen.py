"""What orders are charged by rules, what stays with them, and how it is explained."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django_tenants.utils import schema_context

from accounts.models import User
from catalogue.models import Product
from checkout.commission.explaining import explain_commission
from checkout.models import Order, Reversal, ReversedBy, SubOrder
from checkout.payments.confirm_payment import confirm_payment
from checkout.payments.start_payment import start_payment
from checkout.placing import place_order
from checkout.reversals.cancel_units import Cancellation, cancel_units
from checkout.reversals.reverse import Actor
from payouts.audit.run import run_audit
from payouts.commission import memory
from payouts.commission.changing import end_rule
from payouts.commission.plans import add_plan, put_on_plan
from paystack_sandbox.testing import SandboxProcess
from tenants.models import Role
from tests.world.clock import NOW
from tests.world.commission import rule_on
from tests.world.coupons import buy_with, coupon
from tests.world.exchanges import Sizes, deliver, exchange, pay_for, stock_sizes
from tests.world.factories.catalogue import make_categories
from tests.world.market import Stocked, buy, open_shop, stock
from tests.world.own_shop import api, member, page_client
from tests.world.payments import pay, sums

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def cloth(db: None) -> Stocked:
    return stock(open_shop("cloth-hall", shipping_minor=150_000))


@pytest.fixture
def sizes(cloth: Stocked) -> Sizes:
    return stock_sizes(cloth.shop)


def part_of(order: Order) -> SubOrder:
    return SubOrder.objects.select_related("order", "shop").get(order=order)


def kept(part: SubOrder) -> list[tuple[str, int]]:
    """Return the name of the rule and the commission of each line."""
    rules = part.commission["rules"]
    return [(rules[line["rule"]]["name"] or line["rule"], line["amount_minor"]) for line in part.commission["lines"]]


def put_into(item: Stocked, category_id: int) -> None:
    with schema_context(item.shop.schema_name):
        Product.objects.filter(pk=item.product_id).update(category_id=category_id)


def test_each_line_has_its_rule_and_the_part_their_sum(cloth: Stocked, sizes: Sizes) -> None:
    categories = make_categories()
    parent, child = categories["fashion"], categories["bags"]
    put_into(sizes["M"], child)
    rule_on("All", percent_bps=500)
    rule_on("Fashion", category_id=parent, percent_bps=1_500, currency="NGN", fixed_minor=100, cap_minor=140_000)
    rule_on("Tote", shop_id=cloth.shop.pk, product_id=cloth.product_id, percent_bps=1_000)

    part = part_of(buy(cloth.line(), sizes["M"].line(2)))

    assert sorted(kept(part)) == [("Fashion", 280_000), ("Tote", 185_000)]
    assert part.commission_minor == 465_000
    assert part.commission_bps == 465_000 * 10_000 // (1_850_000 + 2_000_000)
    explained = explain_commission(part)
    texts = {line.title: line.sentences for line in explained.lines}
    assert texts["Product TOTE-1"] == (
        "The rule “Tote” applies: it is for this product of the shop.",
        "It comes before the rule “All”: what is agreed for fewer shops comes first.",
        "It comes before the market’s rate: what is agreed for fewer shops comes first.",
        "10 % of ₦18,500 is ₦1,850.",
        "The commission on this line is ₦1,850.",
    )
    assert texts["Tee TEE"] == (
        "The rule “Fashion” applies: it is for the category of the product.",
        "It comes before the rule “All”: what is for fewer products comes first.",
        "It comes before the market’s rate: what is agreed for fewer shops comes first.",
        "15 % of ₦20,000 is ₦3,000.",
        "₦1 is added for each of 2 units.",
        "It is at most ₦1,400 for a unit.",
        "The commission on this line is ₦2,800.",
    )
    put_into(sizes["M"], categories["home"])
    assert explain_commission(part_of(part.order)) == explained, "nothing of today changes it"


def test_rates_and_plans_and_what_they_come_before(cloth: Stocked) -> None:
    own = stock(open_shop("own-rate", commission_bps=600), sku="OWN")
    plus = add_plan(name="Plus", now=NOW)
    for item in (cloth, own):
        put_on_plan(shop_id=item.shop.pk, plan_id=plus.pk, actor_id=None, now=NOW)
    assert kept(part_of(buy(cloth.line()))) == [("market", 148_000)]
    rule_on("Plus", plan_id=plus.pk, percent_bps=700)
    assert kept(part_of(buy(cloth.line()))) == [("Plus", 129_500)]
    part = part_of(buy(own.line()))
    assert (kept(part), part.commission_bps) == ([("shop", 111_000)], 600)
    assert explain_commission(part).lines[0].sentences[0].startswith("The shop’s own rate applies")
    ours = rule_on("Ours", shop_id=own.shop.pk, percent_bps=100, starts_at=NOW + DAY)
    assert kept(part_of(buy(own.line()))) == [("shop", 111_000)], "before its start"
    assert kept(part_of(buy(own.line(), now=NOW + DAY))) == [("Ours", 18_500)]
    end_rule(rule_id=ours.pk, now=NOW + 2 * DAY)
    assert kept(part_of(buy(own.line(), now=NOW + 2 * DAY))) == [("shop", 111_000)]


def test_the_base_is_without_what_the_shop_itself_gives_away(cloth: Stocked) -> None:
    rule_on(percent_bps=1_000)
    coupon(cloth.shop)
    coupon(None, "MARKET", percent_bps=2_000)
    part = part_of(buy_with(cloth.line(), codes=("TEN", "MARKET")).order)
    assert part.platform_discount_minor > 0
    assert part.commission["lines"][0]["base_minor"] == 1_850_000 * 9 // 10
    assert kept(part) == [("Fabrics", 166_500)]


def test_a_purchase_reads_the_rules_once_for_each_version(
    cloth: Stocked, django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int | None] = []
    find = memory.find_ruleset
    monkeypatch.setattr(place_order, "find_ruleset", lambda version: asked.append(version) or find(version))
    with django_assert_num_queries(0):
        memory.find_ruleset(0)
    rule_on()
    for _ in range(2):
        buy(cloth.line())
    assert asked[0] == asked[1] != 0
    with django_assert_num_queries(0):
        assert [rule.name for rule in find(asked[1]).rules] == ["Fabrics"]


def paid(paystack: SandboxProcess, *lines: Any) -> Order:
    order = buy(*lines)
    payment = start_payment(order_id=order.pk, now=NOW)
    pay(paystack, payment)
    confirm_payment(reference=payment.reference, now=NOW)
    return Order.objects.get(pk=order.pk)


def test_what_is_taken_back_gives_the_commission_of_its_own_line_back(
    cloth: Stocked, sizes: Sizes, paystack: SandboxProcess
) -> None:
    rule_on("Tote", shop_id=cloth.shop.pk, product_id=cloth.product_id, currency="NGN", fixed_minor=33_333)
    rule_on("None", shop_id=cloth.shop.pk)
    order = paid(paystack, cloth.line(3), sizes["M"].line(2))
    part = part_of(order)
    assert (part.commission_minor, sums()["commission"]) == (99_999, -99_999)

    def cancel(units: dict[Any, int]) -> int:
        by = Actor(ReversedBy.SHOP)
        [reversal] = cancel_units(Cancellation(order_id=order.pk, units={part.pk: units}, by=by), now=NOW)
        return Reversal.objects.get(pk=reversal.pk).commission_minor

    assert cancel({sizes["M"].variant_id: 1}) == 0, "it had no commission"
    assert cancel({cloth.variant_id: 1}) == 33_333
    assert "has given back ₦333.33" in explain_commission(part_of(order)).sentences[-1]
    assert cancel({cloth.variant_id: 2, sizes["M"].variant_id: 1}) == 66_666
    assert sums().get("commission", 0) == 0
    assert [each for result in run_audit(with_provider=False, now=NOW).results for each in result.findings] == []


def test_an_exchange_has_the_rule_of_the_line_that_it_is_sent_for(sizes: Sizes, paystack: SandboxProcess) -> None:
    rule = rule_on("Tees", shop_id=sizes["M"].shop.pk, percent_bps=300, currency="NGN", fixed_minor=7)
    order = buy(sizes["M"].line(2))
    pay_for(order, paystack)
    end_rule(rule_id=rule.pk, now=NOW)
    sent = part_of(exchange(deliver(order), {sizes["M"].variant_id: sizes["L"].variant_id}))
    assert kept(sent) == [("Tees", 30_007)]
    assert sent.commission["version"] == part_of(order).commission["version"]
    older = buy(sizes["M"].line())
    SubOrder.objects.filter(order=older).update(commission={}, commission_bps=777, commission_minor=77_700)
    pay_for(older, paystack)
    sent = part_of(exchange(deliver(older), {sizes["M"].variant_id: sizes["L"].variant_id}))
    assert (kept(sent), sent.commission_minor) == ([("earlier", 77_700)], 77_700)
    assert "that it was exchanged for applies: 7.77 %" in explain_commission(sent).lines[0].sentences[0]
    assert [each for result in run_audit(with_provider=False, now=NOW).results for each in result.findings] == []


def test_both_hosts_explain_and_orders_from_before_have_one_rate(
    cloth: Stocked, client: Client, operator: User
) -> None:
    rule_on("Cloth", shop_id=cloth.shop.pk, percent_bps=300)
    part = part_of(buy(cloth.line(2)))
    staff, other = member(cloth.shop, Role.ACCOUNTANT), member(open_shop("pot-house"))
    client.force_login(operator)
    at_shop, at_market = (
        f"/api/v1/vendor-orders/{part.number}/commission/",
        f"/api/v1/operator/orders/{part.order.number}/parts/{part.number}/commission/",
    )
    program, console = api(cloth.shop, staff), api(None, operator)
    for caller, address in ((program, at_shop), (console, at_market)):
        data = caller.get(address).json()["data"]
        [line] = data["lines"]
        assert (data["commission_minor"], line["rule"]["name"], line["before"]) == (
            111_000,
            "Cloth",
            ["the market’s rate"],
        )
    assert api(open_shop("third"), other).get(at_shop).status_code == 403
    assert program.get("/api/v1/vendor-orders/KS-0000000000-1/commission/").status_code == 404
    assert console.get(at_market.replace(part.number, "KS-0000000000-1")).status_code == 404
    pages = (
        page_client(cloth.shop, staff).get(f"/dashboard/orders/{part.number}/commission/"),
        client.get(f"/operator/orders/{part.order.number}/parts/{part.number}/commission/"),
    )
    for page in pages:
        assert "The rule “Cloth” applies: it is for all products of this shop." in page.content.decode()
    SubOrder.objects.update(commission={})
    data = console.get(at_market).json()["data"]
    assert "at the rate of that time: 3 % of the items of Cloth Hall" in data["sentences"][0]
    assert [(line["rule"], line["commission_minor"]) for line in data["lines"]] == [(None, None)]
