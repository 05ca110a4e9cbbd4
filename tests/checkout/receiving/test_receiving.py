"""Parcels that have arrived by the word of their buyer, or once their time is over; and who has said so."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from checkout.fulfilling import deliver_by_timer as timer
from checkout.fulfilling.advance_part import deliver_part, pack_part, ship_part
from checkout.fulfilling.deliver_by_timer import arrival_due_at, deliver_overdue
from checkout.fulfilling.receive_parts import receive_parts
from checkout.fulfilling.undo_step import undo_step
from checkout.fulfilment.errors import WrongStepError
from checkout.fulfilment.services import Parcel
from checkout.fulfilment.status import PartStatus
from checkout.models import Order, SubOrder
from checkout.payments.confirm_payment import confirm_payment
from console.services.orders import deliver_part_of_order
from kit.errors import NotFoundError
from kit.ids import uuid7
from kit.work import outbox
from notifications.models import Email, Notification
from paystack_sandbox.testing import SandboxProcess
from tests.world.books import make_operator
from tests.world.clock import NOW
from tests.world.market import Stocked, open_shop, stock
from tests.world.own_shop import api, member, page_client
from tests.world.payments import pay, started

pytestmark = pytest.mark.django_db
THAT_DAY = timezone.localtime(NOW, timezone.get_default_timezone()).date()


@pytest.fixture
def cloth(db: None) -> Stocked:
    return stock(open_shop("cloth-hall"))


@pytest.fixture
def pot(db: None) -> Stocked:
    return stock(open_shop("pot-house"), sku="POT-1")


@pytest.fixture
def order(cloth: Stocked, pot: Stocked, paystack: SandboxProcess) -> Order:
    payment = started(cloth.line(2), pot.line())
    pay(paystack, payment)
    confirm_payment(reference=payment.reference, now=NOW)
    return Order.objects.get()


def part_of(item: Stocked) -> SubOrder:
    return SubOrder.objects.select_related("shop").get(shop=item.shop)


def send(*items: Stocked, now: datetime = NOW, **delivery: str | None) -> None:
    """Send parts, with other days than were promised."""
    for item in items:
        part = part_of(item)
        SubOrder.objects.filter(pk=part.pk).update(delivery={**part.delivery, **delivery})
        ship_part(shop=part.shop, number=part.number, parcel=Parcel("GIG", "1"), now=now)


def states(*items: Stocked) -> list[tuple[str, str]]:
    return [(part.status, part.delivered_by) for part in map(part_of, items)]


def told(kind: str = "parcel-delivered") -> list[str]:
    outbox.relay(now=timezone.now())
    return [each.text for each in Email.objects.filter(dedup_key__startswith=kind)]


def guest(order: Order) -> Client:
    client = Client(HTTP_HOST=settings.BASE_DOMAIN)
    client.get(f"{order.get_absolute_url()}?key={order.access_key}")
    return client


def test_all_that_is_on_its_way_has_arrived_by_the_buyers_word(order: Order, cloth: Stocked, pot: Stocked) -> None:
    send(cloth, pot)
    assert receive_parts(order_id=order.pk, now=NOW) == 2
    assert states(cloth, pot) == [("delivered", "buyer")] * 2
    assert Order.objects.get().status == "completed"
    assert receive_parts(order_id=order.pk, now=NOW) == 0, "a second confirmation changes nothing"


def test_one_part_has_arrived_and_the_others_are_on_their_way(order: Order, cloth: Stocked, pot: Stocked) -> None:
    send(cloth, pot)
    receive_parts(order_id=order.pk, number=part_of(pot).number, now=NOW)
    assert states(cloth, pot) == [("shipped", ""), ("delivered", "buyer")]
    assert Order.objects.get().status == "paid"


def test_what_is_not_sent_can_not_have_arrived(order: Order, cloth: Stocked, pot: Stocked) -> None:
    for number in ("", part_of(pot).number):
        with pytest.raises(WrongStepError):
            receive_parts(order_id=order.pk, number=number, now=NOW)
    with pytest.raises(NotFoundError):
        receive_parts(order_id=order.pk, number="KS-NOBODY-1", now=NOW)
    assert states(cloth, pot) == [("new", "")] * 2


def test_the_shop_is_told_of_the_buyers_word_and_the_buyer_not(order: Order, cloth: Stocked) -> None:
    owner = member(cloth.shop)
    send(cloth)
    receive_parts(order_id=order.pk, now=NOW)
    assert told() == []
    message = Notification.objects.get(user=owner, kind="shop.parcel_delivered")
    assert message.body == f"The buyer says that {part_of(cloth).number} has arrived."


def test_who_has_said_so_is_kept_and_shown(order: Order, cloth: Stocked, pot: Stocked) -> None:
    send(cloth, pot)
    deliver_part(shop=cloth.shop, number=part_of(cloth).number, now=NOW)
    assert states(cloth) == [("delivered", "shop")]
    deliver_part_of_order(
        number=order.number, part=part_of(pot).number, actor_id=make_operator().pk, reason="Asked by phone", now=NOW
    )
    assert states(pot) == [("delivered", "operator")]
    page = guest(order).get(order.get_absolute_url()).text
    assert "The shop has told us that it has arrived." in page
    assert "We have marked it as delivered." in page
    owner = member(cloth.shop)
    desk = page_client(cloth.shop, owner)
    assert "by the word of: the shop" in desk.get(f"/dashboard/orders/{part_of(cloth).number}/").text
    own = api(cloth.shop, owner).get(f"/api/v1/vendor-orders/{part_of(cloth).number}/").json()["data"]
    assert own["delivered_by"] == "shop"


def test_a_guest_says_so_on_the_orders_page(order: Order, cloth: Stocked) -> None:
    client, page = guest(order), f"/orders/{order.number}/received/"
    assert page not in client.get(order.get_absolute_url()).text
    send(cloth)
    assert page in client.get(order.get_absolute_url()).text
    assert client.post(page, {"part": part_of(cloth).number}).status_code == 302
    assert states(cloth) == [("delivered", "buyer")]
    assert "You have told us that it has arrived." in client.get(order.get_absolute_url()).text


def test_the_api_takes_the_buyers_word(order: Order, cloth: Stocked, pot: Stocked) -> None:
    client = APIClient(HTTP_HOST=settings.BASE_DOMAIN, headers={"X-Order-Key": order.access_key})
    address = f"/api/v1/orders/{order.number}/received/"

    def call(body: dict[str, Any]) -> Any:
        return client.post(address, body, headers={"Idempotency-Key": uuid7().hex})

    assert call({}).json()["code"] == "wrong_step"
    send(cloth, pot)
    shown = call({"sub_order": part_of(pot).number}).json()["data"]["sub_orders"]
    assert [(each["status"], each["delivered_by"]) for each in shown] == [("shipped", None), ("delivered", "buyer")]
    assert call({}).json()["data"]["status"] == "completed"
    other = APIClient(HTTP_HOST=settings.BASE_DOMAIN, headers={"X-Order-Key": "made-up"})
    assert other.post(address, {}).status_code == 404


def day(days: int) -> str:
    return (THAT_DAY + timedelta(days=days)).isoformat()


def midnight(days: int) -> datetime:
    start = datetime.combine(THAT_DAY + timedelta(days=days), datetime.min.time())
    return timezone.make_aware(start, timezone.get_default_timezone())


@pytest.mark.parametrize(
    ("leaves", "latest", "shipped_after", "due"),
    [
        (1, 4, 0, 4 + 8),
        (1, 4, 1, 4 + 8),
        (1, 4, 3, 6 + 8),
        (None, 4, 3, 4 + 8),
        (None, 4, 9, 9 + 8),
        (None, None, 2, 2 + 21 + 8),
    ],
    ids=["early", "in time", "two days late", "leaving not told", "left after all", "no days told"],
)
def test_the_time_ends_days_after_the_last_one_promised(
    leaves: int | None, latest: int | None, shipped_after: int, due: int
) -> None:
    delivery = {
        "leaves_on": None if leaves is None else day(leaves),
        "latest_on": None if latest is None else day(latest),
    }
    part = SubOrder(status_at=NOW + timedelta(days=shipped_after), delivery=delivery)
    assert arrival_due_at(part) == midnight(due)


def test_the_days_to_wait_are_a_setting(settings: Any) -> None:
    settings.DELIVERED_BY_TIMER_DAYS = 2
    part = SubOrder(status_at=NOW, delivery={"leaves_on": day(0), "latest_on": day(3)})
    assert arrival_due_at(part) == midnight(3 + 3)


def test_a_parcel_is_delivered_once_its_time_is_over_and_not_before(order: Order, cloth: Stocked, pot: Stocked) -> None:
    send(cloth, leaves_on=day(1), latest_on=day(4))
    send(pot, leaves_on=day(1), latest_on=day(9))
    assert deliver_overdue(now=midnight(12) - timedelta(seconds=1)) == 0
    assert deliver_overdue(now=midnight(12)) == 1
    assert states(cloth, pot) == [("delivered", "timer"), ("shipped", "")]
    assert deliver_overdue(now=midnight(12)) == 0
    [letter] = told()
    assert "should have arrived by now" in letter
    assert "ask the shop" in letter
    assert deliver_overdue(now=midnight(17)) == 1
    assert Order.objects.get().status == "completed"


def test_a_parcel_that_was_taken_back_gets_a_new_time(order: Order, cloth: Stocked) -> None:
    send(cloth, leaves_on=day(1), latest_on=day(4))
    deliver_overdue(now=NOW)
    part = part_of(cloth)
    assert part.delivery_due_at == midnight(12)
    undo_step(shop=part.shop, number=part.number, step=PartStatus.SHIPPED, actor_id=member(part.shop).pk, now=NOW)
    assert part_of(cloth).delivery_due_at is None
    ship_part(shop=part.shop, number=part.number, parcel=Parcel(), now=NOW + timedelta(days=6))
    deliver_overdue(now=NOW + timedelta(days=6))
    assert part_of(cloth).delivery_due_at == midnight(9 + 8)
    assert deliver_overdue(now=midnight(13)) == 0


@pytest.mark.parametrize("kind", ["pickup", "station"])
def test_what_is_fetched_never_arrives_by_itself(order: Order, cloth: Stocked, kind: str) -> None:
    send(cloth, latest_on=day(1), kind=kind)
    assert deliver_overdue(now=midnight(400)) == 0
    assert states(cloth) == [("shipped", "")]


def test_parts_that_are_not_sent_wait(order: Order, cloth: Stocked) -> None:
    part = part_of(cloth)
    pack_part(shop=part.shop, number=part.number, now=NOW)
    assert deliver_overdue(now=midnight(400)) == 0


def test_a_part_that_fails_holds_up_no_other(
    order: Order, cloth: Stocked, pot: Stocked, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(cloth, pot, leaves_on=day(1), latest_on=day(4))
    real, broken = deliver_part, part_of(cloth).number

    def fails(**asked: Any) -> None:
        if asked["number"] == broken:
            raise WrongStepError
        real(**asked)

    monkeypatch.setattr(timer, "deliver_part", fails)
    monkeypatch.setattr(timer, "AT_ONCE", 1)
    assert deliver_overdue(now=midnight(12)) == 1
    assert states(cloth, pot) == [("shipped", ""), ("delivered", "timer")]


def test_the_due_parts_are_found_by_their_index(order: Order) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
        cursor.execute(
            "EXPLAIN SELECT id FROM checkout_suborder WHERE status = 'shipped' AND delivery_due_at <= now() "
            "ORDER BY delivery_due_at, id LIMIT 200"
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "sub_order_delivery_due" in plan
