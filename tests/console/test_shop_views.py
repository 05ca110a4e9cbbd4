"""An operator looks at a shop as its staff see it: with a reason, for a while, and without changing anything."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, connection
from django.test import Client
from django.utils import timezone

from accounts.models import User
from catalogue.models import StockLevel
from console.models import AuditEntry
from kit.db.read_only import is_refused_write, read_only
from tenants.models import Shop
from tests.world.books import make_operator, stored
from tests.world.factories.people import person
from tests.world.own_shop import Staffed, staffed

REASON = "The owner cannot find an order."


@pytest.fixture
def own(db: None) -> Staffed:
    return staffed("indigo-fabrics")


@pytest.fixture
def operator(db: None) -> User:
    return make_operator()


@pytest.fixture
def console(client: Client, operator: User) -> Client:
    client.force_login(operator)
    return client


def host_of(shop: Shop) -> str:
    return str(shop.domains.get().domain)


def look(console: Client, own: Staffed, path: str = "/dashboard/") -> Any:
    return console.get(path, HTTP_HOST=host_of(own.shop))


def allow(console: Client, reason: str = REASON, slug: str = "indigo-fabrics") -> Any:
    return console.post(f"/operator/shops/{slug}/view/", {"reason": reason})


def test_looking_takes_a_reason_and_leaves_an_entry(console: Client, own: Staffed, operator: User) -> None:
    assert look(console, own).status_code == 404
    for empty in ("", "  ", "abc"):
        assert allow(console, empty)["Location"] == "/operator/shops/indigo-fabrics/"
    assert not AuditEntry.objects.exists()
    assert look(console, own).status_code == 404

    led = allow(console)

    assert led["Location"].endswith("/dashboard/")
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.action, entry.subject, entry.reason) == (
        operator,
        "shop.viewed",
        "shop:indigo-fabrics",
        REASON,
    )
    page = look(console, own)
    assert page.status_code == 200
    assert "You are viewing" in page.content.decode()
    assert REASON in page.content.decode()
    log = console.get("/operator/audit-log/?shop=indigo-fabrics").content.decode()
    assert "viewed the shop" in log


@pytest.mark.parametrize("path", ["", "products/", "orders/", "balance/", "staff/", "settings/profile/", "activity/"])
def test_every_page_of_the_owner_opens_with_the_banner(console: Client, own: Staffed, path: str) -> None:
    allow(console)
    page = look(console, own, f"/dashboard/{path}")
    assert page.status_code == 200, path
    assert "Stop viewing" in page.content.decode(), path


def test_nothing_can_be_changed(console: Client, own: Staffed) -> None:
    allow(console)
    number, host = own.number, host_of(own.shop)
    before = stored()
    for path, body in (
        (f"orders/{number}/pack/", {}),
        (f"products/{own.stocked.product_id}/stock/", {"on_hand": "0"}),
        (f"products/{own.stocked.product_id}/delete/", {}),
        ("products/bulk/", {"action": "archive", "ids": str(own.stocked.product_id)}),
    ):
        answer = console.post(f"/dashboard/{path}", body, HTTP_HOST=host)
        assert answer.status_code == 403, path
        assert "Nothing was changed" in answer.content.decode(), path
    assert stored() == before


def test_a_page_that_writes_when_it_is_read_is_refused(
    console: Client, own: Staffed, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow(console)

    def write(**_: Any) -> int:
        return int(StockLevel.objects.update(on_hand=0))

    monkeypatch.setattr("vendors.views.dashboard_page.count_to_pack", write)
    answer = look(console, own, "/dashboard/products/")
    assert answer.status_code == 403
    monkeypatch.undo()
    assert look(console, own, "/dashboard/products/").status_code == 200


def test_the_database_refuses_writes_in_a_read_only_block(own: Staffed) -> None:
    with pytest.raises(DatabaseError) as refused, read_only():
        Shop.objects.filter(pk=own.shop.pk).update(name="Changed")
    assert is_refused_write(refused.value)
    Shop.objects.filter(pk=own.shop.pk).update(name="Changed")  # outside of it


def test_only_the_shop_that_was_named_is_seen(console: Client, own: Staffed) -> None:
    other = staffed("copper-kitchen")
    allow(console)
    assert look(console, other).status_code == 404
    assert look(console, own).status_code == 200


def test_a_visit_ends_by_itself_and_by_the_way_out(console: Client, own: Staffed) -> None:
    allow(console)
    with time_machine.travel(timezone.now() + timedelta(minutes=31), tick=False):
        assert look(console, own).status_code == 404
    allow(console)
    left = console.post("/dashboard/stop-viewing/", HTTP_HOST=host_of(own.shop))
    assert left["Location"].endswith("/operator/shops/indigo-fabrics/")
    assert look(console, own).status_code == 404


def test_who_is_no_operator_any_more_sees_nothing(console: Client, own: Staffed, operator: User) -> None:
    allow(console)
    User.objects.filter(pk=operator.pk).update(is_operator=False)
    assert look(console, own).status_code == 404


def test_another_operator_is_not_let_in_by_it(console: Client, own: Staffed) -> None:
    allow(console)
    colleague = Client()
    colleague.force_login(person(email="colleague@kasuwa.test", is_operator=True))
    assert look(colleague, own).status_code == 404


def test_the_shops_api_stays_closed(console: Client, own: Staffed) -> None:
    allow(console)
    assert look(console, own, "/api/v1/products/").status_code in {401, 403}


def test_a_connection_is_left_as_it_was(own: Staffed) -> None:
    with pytest.raises(DatabaseError), read_only():
        Shop.objects.update(name="Changed")
    with connection.cursor() as cursor:
        cursor.execute("SHOW transaction_read_only")
        assert cursor.fetchone() == ("off",)
