"""Shops and operators give back what is kept for an order that nobody has paid."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from checkout.ending.expire_orders import expire_reservations
from checkout.models import Order, Payment, Refund, SubOrder
from checkout.payments.confirm_payment import confirm_payment
from checkout.payments.start_payment import start_payment
from console.models import AuditEntry
from kit.work import outbox
from notifications.models import Email
from paystack_sandbox.testing import SandboxProcess
from tenants.models import Role, ShopEvent
from tests.world.books import make_operator
from tests.world.market import Stocked, buy, open_shop, stock, vendor_orders
from tests.world.own_shop import api, member, page_client
from tests.world.payments import pay

pytestmark = pytest.mark.django_db
REASON = "Holds all of it again and again"


@pytest.fixture
def cloth(db: None, paystack: SandboxProcess) -> Stocked:
    return stock(open_shop("cloth-hall"))


@pytest.fixture
def pot(db: None) -> Stocked:
    return stock(open_shop("pot-house"), sku="POT-1")


def placed(*lines: Any) -> Order:
    return buy(*lines, now=timezone.now())


def part_of(order: Order, item: Stocked) -> SubOrder:
    return SubOrder.objects.get(order=order, shop=item.shop)


def states(order: Order) -> tuple[str, list[str]]:
    order.refresh_from_db()
    return order.status, list(order.sub_orders.order_by("number").values_list("status", flat=True))


def release(item: Stocked, order: Order, user: Any = None) -> Any:
    user = user or member(item.shop, Role.OWNER)
    return api(item.shop, user).post(f"/api/v1/vendor-orders/{part_of(order, item).number}/release/")


def test_a_shop_releases_its_order(cloth: Stocked) -> None:
    order, owner = placed(cloth.line(10)), member(cloth.shop, Role.OWNER)
    answer = release(cloth, order, owner)
    assert (answer.status_code, answer.json()["data"]["status"]) == (200, "expired")
    assert (cloth.level(), states(order)) == ((10, 0), ("expired", ["expired"]))
    event = ShopEvent.objects.get(kind="order.reservation_released")
    assert (event.subject, event.shop_id, event.actor) == (f"{order.number}-1", cloth.shop.pk, owner)
    again = release(cloth, order, owner)
    assert (again.status_code, again.json()["code"]) == (409, "nothing_reserved")
    assert ShopEvent.objects.filter(kind="order.reservation_released").count() == 1


def shares_on_the_operators_page(client: Client, order: Order) -> list[list[str]]:
    """Return the cells of commission and of the shop's share, part by part."""
    page = client.get(f"/operator/orders/{order.number}/").content.decode()
    cells = re.findall(r'data-label="(?:Commission|To the shop)">(.*?)</td>', page, re.DOTALL)
    texts = [" ".join(re.sub("<a.*?</a>|<[^>]*>", " ", cell, flags=re.DOTALL).split()) for cell in cells]
    return [texts[start : start + 2] for start in range(0, len(texts), 2)]


def test_a_part_that_sold_nothing_shows_no_shares(client: Client, cloth: Stocked, pot: Stocked) -> None:
    order, owner = placed(cloth.line(), pot.line()), member(cloth.shop, Role.OWNER)
    client.force_login(make_operator())
    waiting = ["₦1,480", "₦18,520 Once it is paid"]
    assert shares_on_the_operators_page(client, order) == [waiting, waiting]
    address = f"/api/v1/vendor-orders/{part_of(order, cloth).number}/"
    before = api(cloth.shop, owner).get(address).json()["data"]
    assert (before["commission_minor"], before["payable_minor"]) == (148_000, 1_852_000)

    release(cloth, order, owner)

    assert shares_on_the_operators_page(client, order) == [["–", "–"], waiting]
    after = api(cloth.shop, owner).get(address).json()["data"]
    assert (after["commission_bps"], after["commission_minor"], after["payable_minor"]) == (800, 0, 0)


@pytest.mark.parametrize("status", ["expired", "cancelled", "unfulfillable"])
def test_no_part_that_ended_without_a_sale_shows_shares(client: Client, cloth: Stocked, status: str) -> None:
    order = placed(cloth.line())
    SubOrder.objects.filter(order=order).update(status=status)
    client.force_login(make_operator())
    assert shares_on_the_operators_page(client, order) == [["–", "–"]]


def test_a_shop_releases_its_own_part_alone_and_the_order_can_be_paid(
    cloth: Stocked, pot: Stocked, paystack: SandboxProcess
) -> None:
    order = placed(cloth.line(10), pot.line(2))
    payment = start_payment(order_id=order.pk, now=timezone.now())
    assert release(cloth, order).status_code == 200
    assert (cloth.level(), pot.level()) == ((10, 0), (10, 2))
    assert states(order) == ("pending", ["expired", "pending"])
    assert [record.status for record in vendor_orders([cloth.shop, pot.shop])] == ["expired", "pending"]

    placed(cloth.line(1))  # somebody else has one, so all ten are not to be had again
    pay(paystack, payment)
    confirm_payment(reference=payment.reference, now=timezone.now())

    assert states(order) == ("paid", ["unfulfillable", "new"])
    assert Refund.objects.get().sub_order == part_of(order, cloth)
    assert (cloth.level(), pot.level()) == ((10, 1), (8, 0))


def test_the_buyer_of_a_part_hears_of_it_once(cloth: Stocked, pot: Stocked) -> None:
    order = placed(cloth.line(1), pot.line(2))
    release(cloth, order)
    for _ in range(2):
        outbox.relay(now=timezone.now())
    letter = Email.objects.get(to=order.email)
    assert letter.subject == f"Cloth Hall no longer reserves its part of order {order.number}"
    assert "You can still pay for the order" in letter.text


def test_the_last_part_that_is_kept_ends_the_order(cloth: Stocked, pot: Stocked) -> None:
    order = placed(cloth.line(1), pot.line(2))
    release(cloth, order)
    release(pot, order)
    assert (cloth.level(), pot.level()) == ((10, 0), (10, 0))
    assert states(order) == ("expired", ["expired", "expired"])


def test_what_is_left_ends_with_its_time(cloth: Stocked, pot: Stocked) -> None:
    order = placed(cloth.line(1), pot.line(2))
    release(cloth, order)
    assert expire_reservations(now=order.expires_at + timedelta(seconds=1)) == 1
    assert states(order) == ("expired", ["expired", "expired"])
    assert (cloth.level(), pot.level()) == ((10, 0), (10, 0))


def test_an_order_that_is_paid_at_the_provider_is_not_released(cloth: Stocked, paystack: SandboxProcess) -> None:
    order = placed(cloth.line(3))
    payment = start_payment(order_id=order.pk, now=timezone.now())
    pay(paystack, payment)  # and its event is late
    answer = release(cloth, order)
    assert (answer.status_code, answer.json()["code"]) == (409, "nothing_reserved")
    assert (states(order), cloth.level()) == (("paid", ["new"]), (7, 0))


def test_nothing_is_released_while_nobody_can_say_whether_it_is_paid(
    cloth: Stocked, paystack: SandboxProcess, settings: Any
) -> None:
    order = placed(cloth.line(3))
    start_payment(order_id=order.pk, now=timezone.now())
    settings.PAYSTACK_BASE_URL = "http://127.0.0.1:1"
    answer = release(cloth, order)
    assert (answer.status_code, answer.json()["code"]) == (503, "payment_provider_unavailable")
    assert (states(order), cloth.level()) == (("pending", ["pending"]), (10, 3))
    assert not ShopEvent.objects.filter(kind="order.reservation_released").exists()


def test_only_who_may_cancel_orders_may_and_only_their_own(cloth: Stocked, pot: Stocked) -> None:
    order = placed(cloth.line(3))
    assert release(cloth, order, member(cloth.shop, Role.FULFILMENT)).status_code == 403
    rival = api(pot.shop, member(pot.shop, Role.OWNER))
    assert rival.post(f"/api/v1/vendor-orders/{order.number}-1/release/").status_code == 404
    assert (states(order), cloth.level()) == (("pending", ["pending"]), (10, 3))


def test_the_shops_page_has_the_button_while_something_is_kept(cloth: Stocked) -> None:
    order = placed(cloth.line(3))
    url, browser = f"/dashboard/orders/{order.number}-1/", page_client(cloth.shop, member(cloth.shop, Role.OWNER))
    assert "Put on sale again" in browser.get(url).content.decode()
    assert browser.post(f"{url}release/").status_code == 302
    assert cloth.level() == (10, 0)
    page = browser.get(url).content.decode()
    assert "are on sale again" in page
    assert "Put on sale again" not in page
    assert "Unpaid order released" in browser.get("/dashboard/activity/").content.decode()


def test_an_operator_releases_an_order_in_every_shop_with_a_reason(
    client: Client, cloth: Stocked, pot: Stocked
) -> None:
    operator = make_operator()
    client.force_login(operator)
    order = placed(cloth.line(10), pot.line(10))
    url = f"/operator/orders/{order.number}/"
    assert "Release now" in client.get(url).content.decode()

    client.post(f"{url}release/", {"reason": "no"})
    assert (cloth.level(), AuditEntry.objects.count()) == ((10, 10), 0)
    client.post(f"{url}release/", {"reason": REASON})

    assert (cloth.level(), pot.level(), states(order)) == ((10, 0), (10, 0), ("expired", ["expired", "expired"]))
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.subject, entry.reason, entry.actor) == (
        "order.released",
        f"order:{order.number}",
        REASON,
        operator,
    )
    page = client.get(url).content.decode()
    assert REASON in page
    assert "Release now" not in page
    client.post(f"{url}release/", {"reason": REASON})
    assert AuditEntry.objects.count() == 1
    assert client.post("/operator/orders/KS-NONE/release/", {"reason": REASON}).status_code == 404


def test_others_may_not_release_for_the_market(client: Client, cloth: Stocked, buyer: Any) -> None:
    order = placed(cloth.line(1))
    client.force_login(buyer)
    assert client.post(f"/operator/orders/{order.number}/release/", {"reason": REASON}).status_code in {302, 403, 404}
    assert (states(order), Payment.objects.count()) == (("pending", ["pending"]), 1)
