"""Parts that are late to send or to arrive: one function says so, every side reads it, and each is told once."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import product
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.utils import timezone
from django_tenants.utils import schema_context

from checkout.fulfilling.advance_part import pack_part, ship_part
from checkout.fulfilling.find_late_parts import find_late_parts
from checkout.fulfilling.undo_step import undo_step
from checkout.fulfilment.deadlines import Late, deadline_of, late_condition, with_due_days
from checkout.fulfilment.models import VendorOrder, VendorOrderLine
from checkout.fulfilment.services import Parcel
from checkout.fulfilment.status import PartStatus
from checkout.models import Order, SubOrder
from checkout.orders.late_parts import count_late_parts, late_parts
from checkout.orders.shop_orders import work_queue
from kit.ids import uuid7
from kit.work import outbox
from notifications.models import Email, Notification
from tenants.models import Role
from tests.world.books import make_operator
from tests.world.clock import NOW
from tests.world.factories.people import person
from tests.world.market import Stocked, open_shop, order_request, stock
from tests.world.own_shop import api, counted, member, page_client, paid_order

pytestmark = pytest.mark.django_db
PAID_ON = timezone.localtime(NOW, timezone.get_default_timezone()).date()
KINDS: list[dict[str, Any]] = [{}, {"kind": "flat"}, {"kind": "pickup"}, {"kind": "station"}]
PROMISED: dict[str, Any] = {"leaves_on": "2026-03-04", "latest_on": "2026-03-06"}
STATES = list(product(PartStatus, KINDS, [{}, PROMISED]))


@pytest.fixture
def cloth(db: None) -> Stocked:
    return stock(open_shop("cloth-hall"), on_hand=40)


def sold(cloth: Stocked, *, user: Any = None, now: datetime = NOW, **delivery: Any) -> SubOrder:
    request = order_request(email=user.email if user else "guest@example.com", user_id=user.pk if user else None)
    number = paid_order(cloth, now=now, request=request)
    part = SubOrder.objects.select_related("order", "shop").get(number=number)
    return promised(part, **delivery) if delivery else part


def promised(part: SubOrder, **delivery: Any) -> SubOrder:
    """Freeze other days with a part, in both records."""
    part.delivery = {**part.delivery, **delivery}
    part.save(update_fields=["delivery"])
    with schema_context(part.shop.schema_name):
        VendorOrder.objects.filter(pk=part.pk).update(delivery=part.delivery)
    return part


@pytest.mark.parametrize(
    ("delivery", "send_by", "arrive_by"),
    [
        (PROMISED, date(2026, 3, 4), date(2026, 3, 6)),
        (
            {"leaves_on": "2026-03-01", "latest_on": "2026-03-01"},
            PAID_ON,
            PAID_ON,
        ),  # not before it is paid, or has left
        ({}, PAID_ON + timedelta(days=2), PAID_ON + timedelta(days=21)),
        ({"leaves_on": None, "latest_on": None}, PAID_ON + timedelta(days=2), PAID_ON + timedelta(days=21)),
        ({"kind": "pickup", **PROMISED}, date(2026, 3, 4), None),
    ],
)
def test_promised_days_count_and_else_those_of_the_settings(
    cloth: Stocked, delivery: dict[str, Any], send_by: date, arrive_by: date | None
) -> None:
    part = promised(sold(cloth), **delivery)
    part.status, part.status_at = PartStatus.SHIPPED, NOW
    due = deadline_of(part, paid_at=NOW, now=NOW)
    assert (due.send_by_on, due.arrive_by_on, due.late) == (send_by, arrive_by, None)


def test_statement_columns_and_function_agree_for_every_state(cloth: Stocked) -> None:
    rows = copies(sold(cloth), [(status, {**kind, **days}) for status, kind, days in STATES])
    found = set()
    for age in (0, 2, 3, 4, 5, 30):
        now = NOW + timedelta(days=age)
        find_late_parts(now=now)
        with schema_context(cloth.shop.schema_name):
            orders = with_due_days(VendorOrder.objects.all())
            records = {record.pk: record for record in VendorOrder.objects.all()}
            by_statement = {
                step: set(orders.filter(late_condition(now, step=step)).values_list("pk", flat=True)) for step in Late
            }
        by_column = {step: set(late_parts(now=now, step=step).values_list("pk", flat=True)) for step in Late}
        late = {key: deadline_of(record, paid_at=record.paid_at, now=now).late for key, record in records.items()}
        assert late == {part.pk: deadline_of(part, paid_at=NOW, now=now).late for part in rows}
        expected = {step: {key for key, each in late.items() if each == step} for step in Late}
        assert by_statement == by_column == expected
        found |= {step for step in Late if expected[step]}
    assert found == {*Late}


def copies(part: SubOrder, states: list[tuple[str, dict[str, Any]]]) -> list[SubOrder]:
    """Copies of a paid part in other states, in both records; it is removed itself."""
    with schema_context(part.shop.schema_name):
        record = VendorOrder.objects.get(pk=part.pk)
        VendorOrderLine.objects.all().delete()
        VendorOrder.objects.all().delete()
    orders, parts, records = [], [], []
    for place, (status, delivery) in enumerate(states):
        key, changed = uuid7(), {"status": status, "status_at": NOW + timedelta(days=1), "delivery": delivery}
        orders.append(copy(part.order, pk=uuid7(), number=f"KS-{place}"))
        parts.append(copy(part, pk=key, number=f"KS-{place}-1", order=orders[-1], **changed))
        records.append(copy(record, pk=key, number=f"KS-{place}-1", **changed))
    SubOrder.objects.all().delete()
    Order.objects.bulk_create(orders)
    with schema_context(part.shop.schema_name):
        VendorOrder.objects.bulk_create(records)
    return SubOrder.objects.bulk_create(parts)


def copy(row: Any, **changed: Any) -> Any:
    copied = type(row).objects.model(
        **{field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    )
    for name, value in changed.items():
        setattr(copied, name, value)
    return copied


def test_both_sides_are_told_once_for_each_step(cloth: Stocked) -> None:
    owner, packer = member(cloth.shop), member(cloth.shop, Role.FULFILMENT)
    buyer = person(email="amina@example.com")
    part = sold(cloth, user=buyer, **PROMISED)
    late, later = NOW + timedelta(days=3), NOW + timedelta(days=7)

    def told(now: datetime = late) -> list[tuple[str, str]]:
        outbox.relay(now=now)
        return sorted(Email.objects.filter(dedup_key__startswith="late-").values_list("to", "subject"))

    assert find_late_parts(now=late - timedelta(days=1)) == 0
    assert [find_late_parts(now=late) for _ in range(3)] == [1, 0, 0]
    to_send = [
        ("amina@example.com", "Cloth Hall is late with your order"),
        (owner.email, f"Order {part.number} should have left yesterday"),
    ]
    assert told() == to_send
    assert told() == to_send
    assert set(Notification.objects.filter(dedup_key__startswith="late-").values_list("user_id", "kind")) == {
        (buyer.pk, "parcel.late"),
        (owner.pk, "shop.part_late"),
        (packer.pk, "shop.part_late"),
    }
    ship_part(shop=cloth.shop, number=part.number, parcel=Parcel(), now=late)
    undo_step(shop=cloth.shop, number=part.number, step=PartStatus.SHIPPED, actor_id=owner.pk, now=late)
    assert find_late_parts(now=late) == 0  # it is late again, which was told
    ship_part(shop=cloth.shop, number=part.number, parcel=Parcel(), now=late)
    assert [find_late_parts(now=later) for _ in range(2)] == [1, 0]
    assert len(told(later)) == 4


def test_what_has_moved_before_it_is_told_is_not_told(cloth: Stocked) -> None:
    part, late = sold(cloth, **PROMISED), NOW + timedelta(days=4)
    member(cloth.shop)
    assert find_late_parts(now=late) == 1
    ship_part(shop=cloth.shop, number=part.number, parcel=Parcel(), now=late)
    outbox.relay(now=late)
    assert not Email.objects.filter(dedup_key__startswith="late-").exists()


def test_more_than_one_batch_is_found_in_order(cloth: Stocked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("checkout.fulfilling.find_late_parts.AT_ONCE", 2)
    for _ in range(5):
        sold(cloth)
    late = NOW + timedelta(days=9)
    assert find_late_parts(now=late) == 5
    assert count_late_parts(now=late) == {Late.TO_SEND: 5, Late.TO_ARRIVE: 0}
    assert find_late_parts(now=late) == 0


def test_late_parts_are_looked_up_by_their_index(cloth: Stocked) -> None:
    for step, name in ((Late.TO_SEND, "sub_order_send_by"), (Late.TO_ARRIVE, "sub_order_arrive_by")):
        [index] = [each for each in SubOrder._meta.indexes if each.name == name]
        assert index.fields[0] == str(late_parts(now=NOW, step=step).query.order_by[0])


@pytest.mark.parametrize(
    ("age", "words"),
    [(0, "Send by 4 Mar"), (1, "Send by tomorrow"), (2, "Send by today"), (3, "1 day late"), (6, "4 days late")],
)
def test_the_queue_says_by_when_and_how_late(cloth: Stocked, age: int, words: str) -> None:
    part, now = sold(cloth, **PROMISED), NOW + timedelta(days=age)
    with time_machine.travel(now, tick=False):
        page = page_client(cloth.shop, member(cloth.shop)).get("/dashboard/orders/").content.decode()
    assert words in page
    assert part.number in page


def test_the_queue_has_what_is_late_first_and_counts_it(cloth: Stocked) -> None:
    first = sold(cloth, leaves_on="2026-03-09", latest_on="2026-03-12")
    second = sold(cloth, now=NOW + timedelta(hours=1), **PROMISED)
    on_its_way = sold(cloth, **PROMISED)
    pack_part(shop=cloth.shop, number=on_its_way.number, now=NOW)
    ship_part(shop=cloth.shop, number=on_its_way.number, parcel=Parcel(), now=NOW)
    now, owner = NOW + timedelta(days=5), member(cloth.shop)
    client = page_client(cloth.shop, owner)
    assert work_queue(shop=cloth.shop, now=now).late == {Late.TO_SEND: 1, Late.TO_ARRIVE: 1}
    with time_machine.travel(now, tick=False):
        queue = client.get("/dashboard/orders/").content.decode()
        late = client.get("/dashboard/orders/?late=yes").content.decode()
        assert "1 to send" in client.get("/dashboard/").content.decode()
        listed = api(cloth.shop, owner).get("/api/v1/vendor-orders/?late=true").json()["data"]["results"]
    assert queue.index(second.number) < queue.index(first.number)
    assert first.number not in late
    assert late.index(second.number) < late.index(on_its_way.number)
    assert {each["number"]: each["late"] for each in listed} == {
        second.number: "to_send",
        on_its_way.number: "to_arrive",
    }
    assert {each["send_by_on"] for each in listed} == {"2026-03-04"}


def test_rows_of_late_orders_ask_no_statement_of_their_own(cloth: Stocked) -> None:
    client = page_client(cloth.shop, member(cloth.shop))
    client.get("/dashboard/orders/?late=yes")
    counts = []
    for _ in range(2):
        for _ in range(3):
            sold(cloth, **PROMISED)
        with time_machine.travel(NOW + timedelta(days=5), tick=False), counted() as queries:
            assert client.get("/dashboard/orders/?late=yes").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_buyer_and_operators_see_what_is_late(cloth: Stocked) -> None:
    buyer = person(email="amina@example.com")
    part, on_its_way = (sold(cloth, user=buyer, **PROMISED) for _ in range(2))
    ship_part(shop=cloth.shop, number=on_its_way.number, parcel=Parcel(), now=NOW)
    now = NOW + timedelta(days=5)
    find_late_parts(now=now)
    buyers, operators = Client(HTTP_HOST=settings.BASE_DOMAIN), Client(HTTP_HOST=settings.BASE_DOMAIN)
    operator = make_operator()
    buyers.force_login(buyer)
    operators.force_login(operator)
    with time_machine.travel(now, tick=False):
        page = buyers.get(part.order.get_absolute_url()).content.decode()
        assert "This should have left by now" in page
        assert "Cancel items that have not left" in page
        other = buyers.get(on_its_way.order.get_absolute_url()).content.decode()
        assert "This should have arrived by now" in other
        body = api(None, buyer).get(f"/api/v1/orders/{part.order.number}/").json()["data"]
        found = {late: operators.get(f"/operator/orders/?late={late}").content.decode() for late in Late}
        detail = operators.get(f"/operator/orders/{part.order.number}/").content.decode()
        program = api(None, operator)
        seen = program.get(f"/api/v1/operator/orders/{on_its_way.order.number}/").json()["data"]
        lists = {late: program.get("/api/v1/operator/orders/", {"late": late}).json()["data"] for late in Late}
    assert body["sub_orders"][0]["late"] == "to_send"
    assert seen["sub_orders"][0]["late"] == "to_arrive"
    assert "1 to send" in found[Late.TO_SEND]
    assert "1 to arrive" in found[Late.TO_SEND]
    assert part.order.number in found[Late.TO_SEND]
    assert on_its_way.order.number not in found[Late.TO_SEND]
    assert on_its_way.order.number in found[Late.TO_ARRIVE]
    assert "3 days late" in detail
    numbers = {late: [row["number"] for row in listed["results"]] for late, listed in lists.items()}
    assert numbers == {Late.TO_SEND: [part.order.number], Late.TO_ARRIVE: [on_its_way.order.number]}


def test_an_unpaid_part_has_no_last_day(cloth: Stocked) -> None:
    part = sold(cloth, **PROMISED)
    Order.objects.update(paid_at=None, status="pending")
    SubOrder.objects.update(status=PartStatus.PENDING)
    part = SubOrder.objects.select_related("order").get()
    due = deadline_of(part, paid_at=None, now=NOW + timedelta(days=90))
    assert (due.send_by_on, due.arrive_by_on, due.late, due.words) == (None, None, None, "")
