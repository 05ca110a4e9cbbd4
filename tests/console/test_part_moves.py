"""Operators take every step of a part for its shop, with a reason, over the API and on the order's page."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.models import User
from checkout.models import SubOrder
from console.errors import ReasonMissingError
from console.models import AuditEntry
from console.services.part_moves import StepForShop, pack_for_shop
from tests.world.market import Stocked, open_shop, stock
from tests.world.own_shop import api, order_status, paid_order

pytestmark = pytest.mark.django_db
WHY = {"reason": "The shop told us by phone."}


@pytest.fixture
def cloth(db: None) -> Stocked:
    return stock(open_shop("cloth-hall"))


@pytest.fixture
def ops(db: None) -> User:
    return User.objects.create_user("ops@kasuwa.test", name="Ops", is_operator=True)


def entries() -> list[tuple[str, str]]:
    found = AuditEntry.objects.filter(action="order.part_moved").order_by("id")
    assert all(entry.reason == WHY["reason"] for entry in found)
    return [(entry.details["part"], entry.details["move"]) for entry in found]


def test_operators_take_every_step_over_the_api(cloth: Stocked, ops: User) -> None:
    number, client = paid_order(cloth, quantity=2), api(None, ops)
    order = SubOrder.objects.get(number=number).order.number
    base = f"/api/v1/operator/orders/{order}/parts/{number}/"

    def did(method: str, path: str, **body: object) -> dict[str, object]:
        answer = getattr(client, method)(f"{base}{path}", {**WHY, **body}, format="json")
        assert answer.status_code == 200, answer.json()
        [part] = answer.json()["data"]["sub_orders"]
        return dict(part)

    assert did("post", "pack/")["allowed_moves"] == ["ship", "undo", "cancel", "refund"]
    assert did("post", "undo/", step="packed")["status"] == "new"
    line = {"line_id": str(cloth.variant_id), "quantity": 1}
    part = did("post", "shipments/", lines=[line], carrier="GIG", tracking_number="G1")
    assert [each["tracking_number"] for each in part["shipments"]] == ["G1"]  # type: ignore[attr-defined]
    part = did("patch", "shipments/1/", tracking_number="G2")
    assert [each["tracking_number"] for each in part["shipments"]] == ["G2"]  # type: ignore[attr-defined]
    assert did("post", "shipments/")["status"] == "shipped"
    assert did("post", "shipments/2/undo/")["status"] == "new"
    assert did("post", "shipments/")["status"] == "shipped"
    assert did("post", "shipments/1/deliver/")["status"] == "shipped"
    assert did("post", "deliver/")["status"] == "delivered"
    moves = [move for _, move in entries()]
    assert moves == ["pack", "undo", "ship", "change_tracking", "ship", "undo", "ship", "deliver"]
    refused = client.post(f"{base}pack/", WHY, format="json")
    assert (refused.status_code, refused.json()["code"]) == (409, "wrong_step")
    assert refused.json()["errors"] == {"status": "delivered", "allowed_moves": ["refund"]}
    assert len(entries()) == len(moves), "what is refused leaves no entry"


def test_a_step_without_a_reason_changes_nothing(cloth: Stocked, ops: User) -> None:
    number = paid_order(cloth)
    order = SubOrder.objects.get(number=number).order.number
    with pytest.raises(ReasonMissingError):
        pack_for_shop(StepForShop(order, number, ops.pk, " ", timezone.now()))
    answer = api(None, ops).post(f"/api/v1/operator/orders/{order}/parts/{number}/pack/", {}, format="json")
    assert answer.status_code == 400
    assert order_status(cloth.shop, number) == ("new", "new")
    assert entries() == []


def test_the_orders_page_has_a_button_for_each_step_that_is_possible(cloth: Stocked, ops: User) -> None:
    number = paid_order(cloth, quantity=2)
    order = SubOrder.objects.get(number=number).order.number
    client = Client(HTTP_HOST=settings.BASE_DOMAIN)
    client.force_login(ops)
    page, step = f"/operator/orders/{order}/", f"/operator/orders/{order}/parts/{number}/step/"

    def buttons() -> set[str]:
        text = client.get(page).content.decode()
        return {move for move in ("pack", "ship", "deliver", "undo", "change_tracking") if f'value="{move}"' in text}

    assert buttons() == {"pack", "ship"}
    tracking = {"carrier": "GIG", "tracking_number": "G1", "tracking_url": "https://gig.example/G1"}
    client.post(step, {**WHY, **tracking, "move": "ship", "seen": "new"})
    assert buttons() == {"deliver", "undo", "change_tracking"}
    assert "https://gig.example/G1" in client.get(page).content.decode()
    client.post(step, {**WHY, "move": "undo", "seen": "shipped"})
    assert order_status(cloth.shop, number) == ("new", "new")
    client.post(step, {"move": "pack"})
    assert order_status(cloth.shop, number) == ("new", "new"), "no reason was given"
    assert client.post(step, {**WHY, "move": "explode"}).status_code == 404
    assert [move for _, move in entries()] == ["ship", "undo"]
    assert "acted for the shop of" in client.get(page).content.decode()
