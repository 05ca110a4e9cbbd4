"""Tax on the commission: charged where the market is registered, kept with the order, given back with refunds."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import LazySettings
from django.db import IntegrityError, transaction

from checkout.commission.explaining import explain_commission
from checkout.models import Order, Reversal, ReversedBy, SubOrder
from checkout.payments.confirm_payment import confirm_payment
from checkout.payments.start_payment import start_payment
from checkout.pricing.commission_tax import CommissionTax, tax_on_commission
from checkout.reversals.cancel_units import Cancellation, cancel_units
from checkout.reversals.reverse import Actor
from checkout.statements.linked import linked_lines
from payouts.audit.run import run_audit
from payouts.statements.statement import month_of, month_statement
from paystack_sandbox.testing import SandboxProcess
from tenants.models import Shop
from tests.world.clock import NOW
from tests.world.commission import rule_on
from tests.world.exchanges import deliver, exchange, stock_sizes
from tests.world.market import Stocked, buy, open_shop, stock
from tests.world.own_shop import api, member, page_client
from tests.world.payments import pay, sums

pytestmark = pytest.mark.django_db
NUMBER = "12345678-0001"


@pytest.fixture
def cloth(settings: LazySettings) -> Stocked:
    settings.COMMISSION_TAX_NUMBERS = {"NG": NUMBER, "ET": "0012345678"}
    return stock(open_shop("cloth-hall", shipping_minor=150_000))


def part_of(order: Order) -> SubOrder:
    return SubOrder.objects.select_related("order", "shop").get(order=order)


def paid(paystack: SandboxProcess, *lines: Any) -> SubOrder:
    order = buy(*lines)
    payment = start_payment(order_id=order.pk, now=NOW)
    pay(paystack, payment)
    confirm_payment(reference=payment.reference, now=NOW)
    return part_of(order)


def findings() -> list[Any]:
    return [each for result in run_audit(with_provider=False, now=NOW).results for each in result.findings]


def test_it_is_frozen_booked_given_back_and_explained(
    cloth: Stocked, paystack: SandboxProcess, settings: LazySettings
) -> None:
    """8 % of three times ₦18,500 is ₦4,440, and 7.5 % of that ₦333; each unit back gives a third of both."""
    part = paid(paystack, cloth.line(3))
    assert (part.commission_minor, part.commission_tax_minor) == (444_000, 33_300)
    assert part.payable_minor == part.total_minor - 444_000 - 33_300
    assert (sums()["commission"], sums()["commission_tax"], sums()["shop_pending"]) == (
        *(-444_000, -33_300),
        -part.payable_minor,
    )
    settings.COMMISSION_TAX_NUMBERS = {}  # nothing of today changes it
    texts = " ".join(explain_commission(part_of(part.order)).sentences)
    assert f"VAT 7.5% is charged on the commission: the market’s tax number in Nigeria is {NUMBER}." in texts
    assert "₦333 is the tax on ₦4,440" in texts
    assert "Nigeria Tax Act 2025" in texts

    given: list[tuple[int, int]] = []
    for units in (1, 1, 1):
        wish = Cancellation(part.order_id, {part.pk: {cloth.variant_id: units}}, Actor(ReversedBy.SHOP))
        [reversal] = cancel_units(wish, now=NOW)
        found = Reversal.objects.get(pk=reversal.pk)
        given.append((found.commission_minor, found.commission_tax_minor))
    assert given == [(148_000, 11_100)] * 3
    assert {name: sums().get(name, 0) for name in ("commission", "commission_tax", "shop_pending")} == {
        "commission": 0,
        "commission_tax": 0,
        "shop_pending": 0,
    }
    assert findings() == []

    statement = month_statement(shop=part.shop, month=month_of(NOW.date()))
    causes = statement.totals.causes
    assert (causes.commission_minor, causes.commission_tax_minor, causes.adjustment_minor) == (0, 0, 0)
    sale, back, *_ = linked_lines(statement, limit=9)
    assert (sale.causes.commission_tax_minor, back.causes.commission_tax_minor) == (-33_300, 11_100)
    assert "The market’s tax on its commission is ₦333." in sale.words
    assert "The tax on it, ₦111, was given up too." in back.words


@pytest.mark.parametrize(
    ("country", "why"),
    [
        ("KE", "No tax is charged on the commission: the market is not registered for tax in Kenya."),
        ("ET", "No tax is charged on the commission: no rates are known for Ethiopia."),
    ],
)
def test_a_country_without_a_number_or_a_table_has_none_and_says_so(cloth: Stocked, country: str, why: str) -> None:
    Shop.objects.filter(pk=cloth.shop.pk).update(country=country)
    part = part_of(buy(cloth.line()))
    assert (part.commission_tax_minor, part.commission["tax"]["country"]) == (0, country)
    assert why in explain_commission(part).sentences


def test_rates_have_days_and_levies(settings: LazySettings) -> None:
    settings.COMMISSION_TAX_NUMBERS = {"GH": "C0001234567", "NG": NUMBER}
    assert tax_on_commission(country="GH", on=NOW.date()).bps == 2_000
    assert tax_on_commission(country="NG", on=NOW.date().replace(year=2019)).untaxed == "no_rate"
    kept = tax_on_commission(country="GH", on=NOW.date())
    assert CommissionTax.from_json(kept.as_json(5)) == kept


def test_commission_and_tax_are_never_more_than_the_goods_bring(cloth: Stocked) -> None:
    rule_on("All of it", shop_id=cloth.shop.pk, percent_bps=10_000)
    part = part_of(buy(cloth.line()))
    assert part.commission_minor + part.commission_tax_minor == part.items_minor
    assert (
        "Together with its tax it is never more than the amount paid for the items."
        in explain_commission(part).lines[0].sentences
    )
    for columns in ({"commission_tax_minor": part.items_minor}, {"reversed_commission_tax_minor": part.items_minor}):
        with pytest.raises(IntegrityError, match="commission_tax_within"), transaction.atomic():
            SubOrder.objects.filter(pk=part.pk).update(**columns)


def test_an_exchange_has_the_tax_of_the_order_before(cloth: Stocked, paystack: SandboxProcess) -> None:
    sizes = stock_sizes(cloth.shop)
    part = paid(paystack, sizes["M"].line())
    sent = part_of(exchange(deliver(part.order), {sizes["M"].variant_id: sizes["L"].variant_id}))
    assert sent.commission["tax"]["number"] == NUMBER
    assert sent.commission_tax_minor == (sent.commission_minor * 75 + 500) // 1_000
    assert findings() == []


def test_orders_from_before_have_none(cloth: Stocked) -> None:
    part = part_of(buy(cloth.line()))
    SubOrder.objects.update(commission={}, commission_tax_minor=0)
    assert (
        "No tax was charged on commissions when the order was placed."
        in explain_commission(part_of(part.order)).sentences
    )
    assert findings() == []


def test_pages_and_programs_show_it(cloth: Stocked, paystack: SandboxProcess) -> None:
    part, manager = paid(paystack, cloth.line()), member(cloth.shop)
    desk, client = page_client(cloth.shop, manager), api(cloth.shop, manager)
    for address in (
        f"/dashboard/orders/{part.number}/",
        f"/dashboard/orders/{part.number}/commission/",
        "/dashboard/balance/",
    ):
        assert "₦111" in desk.get(address).content.decode(), address
    order = client.get(f"/api/v1/vendor-orders/{part.number}/").json()["data"]
    assert (order["commission_tax_minor"], order["payable_minor"]) == (11_100, part.payable_minor)
    explained = client.get(f"/api/v1/vendor-orders/{part.number}/commission/").json()["data"]
    assert (explained["commission_tax_minor"], explained["reversed_commission_tax_minor"]) == (11_100, 0)
    assert client.get("/api/v1/balance/entries/").json()["data"]["results"][0]["commission_tax_minor"] == 11_100
