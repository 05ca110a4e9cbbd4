"""A deleted shop: its data is gone, what others need of it stays, and nobody else is touched."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import OperationalError
from django.test import Client
from rest_framework.test import APIClient

from catalogue.discovery.models import Listing, ListingVariant
from catalogue.discovery.services.drift import find_drift
from catalogue.discovery.services.projection import rebuild_shop
from checkout.models import Order, SubOrder
from kit.errors import BusyError, InvalidInputError
from kit.wiring import Follows
from kit.work.outbox import relay
from notifications.models import Email, Notification
from tenants.errors import ReservedSlugError, ShopBusyError, ShopStatusError, SlugTakenError
from tenants.life import closing, deletion
from tenants.life.hooks import StatusChange
from tenants.life.provisioning import provision_shop
from tenants.life.schedule import follow_the_calendar
from tenants.models import Domain, Invitation, Membership, Role, Shop, ShopEvent, ShopStatus
from tenants.schemas.migrations import shops_state
from tenants.staff.invitations import invite_member
from tests.world.clock import NOW
from tests.world.ledger import run
from tests.world.market import Stocked, buy, order_request, stock
from tests.world.own_shop import paid_order
from tests.world.shops import schemas
from tests.world.wiring import wired

pytestmark = pytest.mark.django_db
DELETE: dict[str, Any] = {"actor_id": None, "reason": "Gone for good", "now": NOW}


@pytest.fixture
def goods(shops: list[Shop]) -> list[Stocked]:
    return [stock(shop, sku=f"SKU-{shop.slug}") for shop in shops]


def close(shop: Shop, *, delete_after: Any = NOW) -> None:
    run("SET CONSTRAINTS ALL IMMEDIATE")  # as commits would have; tables with pending checks can't be dropped
    Shop.objects.filter(pk=shop.pk).update(status=ShopStatus.CLOSED, delete_after=delete_after)


def test_everything_of_the_shop_goes_and_nothing_of_another(goods: list[Stocked]) -> None:
    shop, other = goods[0].shop, goods[1].shop
    owner = Membership.objects.get(shop=shop)
    invite_member(shop_id=shop.pk, email="new@example.com", role=Role.VIEWER, invited_by_id=owner.user_id, now=NOW)
    Shop.objects.filter(pk=shop.pk).update(contact_email="me@example.com", description="We weave")
    close(shop)
    kept = [model.objects.filter(**{key: other.pk}).count() for model, key in _OF_SHOP]

    gone = deletion.delete_shop(shop_id=shop.pk, **DELETE)

    assert (gone.status, gone.name, gone.slug, gone.status_at) == ("deleted", "Indigo Fabrics", "indigo-fabrics", NOW)
    assert (gone.contact_email, gone.description, gone.delete_after) == ("", "", None)
    assert schemas() == {other.schema_name}
    assert [model.objects.filter(**{key: shop.pk}).count() for model, key in _OF_SHOP] == [0] * len(_OF_SHOP)
    assert [model.objects.filter(**{key: other.pk}).count() for model, key in _OF_SHOP] == kept
    assert goods[1].level() == (10, 0)
    assert ShopEvent.objects.filter(shop=shop).latest("id").details["after"] == "deleted"
    assert Notification.objects.filter(user_id=owner.user_id, title="Indigo Fabrics is deleted").exists()


_OF_SHOP: list[tuple[Any, str]] = [
    (Domain, "tenant_id"),
    (Membership, "shop_id"),
    (Invitation, "shop_id"),
    (Listing, "shop_id"),
    (ListingVariant, "shop_id"),
]


def test_its_address_is_given_to_nobody_else(goods: list[Stocked]) -> None:
    shop = goods[0].shop
    close(shop)
    deletion.delete_shop(shop_id=shop.pk, **DELETE)
    with pytest.raises((SlugTakenError, ReservedSlugError)):
        provision_shop(slug=shop.slug, name="Another", owner_id=None, now=NOW, currency="NGN")
    assert shop.schema_name not in schemas()


@pytest.mark.parametrize("status", [status for status in ShopStatus if status not in {"closed", "deleted"}])
def test_only_a_closed_shop_is_deleted(goods: list[Stocked], status: ShopStatus) -> None:
    shop = goods[0].shop
    Shop.objects.filter(pk=shop.pk).update(status=status)
    with pytest.raises(ShopStatusError):
        deletion.delete_shop(shop_id=shop.pk, **DELETE)
    assert shop.schema_name in schemas()
    assert Shop.objects.get(pk=shop.pk).status == status


def test_a_shop_is_deleted_once(goods: list[Stocked]) -> None:
    close(goods[0].shop)
    deletion.delete_shop(shop_id=goods[0].shop.pk, **DELETE)
    with pytest.raises(ShopStatusError):
        deletion.delete_shop(shop_id=goods[0].shop.pk, force=True, **DELETE)


def test_a_shop_with_orders_or_money_stays(goods: list[Stocked]) -> None:
    shop = goods[0].shop
    paid_order(goods[0], now=NOW)
    close(shop)
    with pytest.raises(ShopBusyError) as refused:
        deletion.delete_shop(shop_id=shop.pk, **DELETE)
    assert refused.value.details["left"][0] == "1 order is not finished yet."
    SubOrder.objects.update(status="delivered")
    with pytest.raises(ShopBusyError, match="balance is not settled") as refused:
        deletion.delete_shop(shop_id=shop.pk, **DELETE)
    assert len(refused.value.details["left"]) == 1
    assert (shop.schema_name in schemas(), goods[0].level()) == (True, (9, 0))


def test_force_takes_a_reason_and_nothing_else(goods: list[Stocked]) -> None:
    shop = goods[0].shop
    paid_order(goods[0], now=NOW)
    run("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(InvalidInputError):
        deletion.delete_shop(shop_id=shop.pk, actor_id=None, reason=" ", now=NOW, force=True)
    assert shop.schema_name in schemas()
    deletion.delete_shop(shop_id=shop.pk, force=True, **DELETE)
    assert shop.schema_name not in schemas()


def test_a_failure_leaves_all_of_it(goods: list[Stocked]) -> None:
    shop = goods[0].shop
    close(shop)

    def fail(_change: Any) -> None:
        raise RuntimeError

    with wired(follows=[Follows(StatusChange, fail)]), pytest.raises(RuntimeError):
        deletion.delete_shop(shop_id=shop.pk, **DELETE)
    assert goods[0].level() == (10, 0)
    assert (Shop.objects.get(pk=shop.pk).status, Membership.objects.filter(shop=shop).count()) == ("closed", 1)


def test_its_pictures_go_after_the_commit_and_no_others(
    goods: list[Stocked], django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    shop, other = goods[0].shop, goods[1].shop
    own = [f"shops/{shop.pk}/banner.webp", f"shops/{shop.pk}/products/a/b-800.webp"]
    others = f"shops/{other.pk}/products/a/b-800.webp"
    for name in [*own, others]:
        default_storage.save(name, ContentFile(b"x"))
    assert deletion.delete_media(shop_id=shop.pk) == 0
    close(shop)
    with django_capture_on_commit_callbacks(execute=False):
        deletion.delete_shop(shop_id=shop.pk, **DELETE)
    assert all(map(default_storage.exists, own))  # killed before the task
    assert deletion.sweep_media(now=NOW + timedelta(days=1)) == 2
    assert not any(map(default_storage.exists, own))
    assert default_storage.exists(others)
    assert deletion.sweep_media(now=NOW + timedelta(days=1)) == 0
    default_storage.delete(others)


def test_what_goes_over_all_shops_leaves_it_out(goods: list[Stocked]) -> None:
    shop, other = goods[0].shop, goods[1].shop
    close(shop)
    deletion.delete_shop(shop_id=shop.pk, **DELETE)
    state = shops_state()
    assert ([each.slug for each in state.shops], state.missing) == ([other.slug], ())
    call_command("listings", "verify")
    call_command("migrate_shops")
    call_command("audit_money", "--no-provider")
    assert find_drift(shop_id=shop.pk) == []
    rebuild_shop(shop_id=shop.pk)
    assert relay(now=NOW) > 0
    assert not Listing.objects.filter(shop=shop).exists()


def test_its_host_says_that_it_is_gone(
    goods: list[Stocked],
    shop_client: Callable[[Shop], Client],
    shop_api_client: Callable[[Shop], APIClient],
    client: Client,
) -> None:
    shop, other = goods[0].shop, goods[1].shop
    assert shop_client(shop).get("/dashboard/").status_code == 302
    close(shop)
    deletion.delete_shop(shop_id=shop.pk, **DELETE)
    for path in ("/", "/dashboard/", "/anything/"):
        page = shop_client(shop).get(path)
        assert (page.status_code, b"This shop is gone" in page.content) == (410, True)
    answer = shop_api_client(shop).post("/api/v1/products/", {})
    assert (answer.status_code, answer.json()["code"]) == (410, "shop_gone")
    assert shop_client(other).get("/dashboard/").status_code == 302


def test_a_buyers_order_stays_readable(goods: list[Stocked], client: Client, buyer: Any) -> None:
    order = buy(goods[0].line(), goods[1].line(), request=order_request(user_id=buyer.pk))
    Order.objects.filter(pk=order.pk).update(status="paid", paid_at=NOW)
    SubOrder.objects.update(status="delivered")
    close(goods[0].shop)
    deletion.delete_shop(shop_id=goods[0].shop.pk, **DELETE)
    client.force_login(buyer)
    text = client.get(order.get_absolute_url()).content.decode()
    assert "Indigo Fabrics" in text
    assert "Product SKU-indigo-fabrics" in text
    assert client.get("/orders/").status_code == 200


def test_due_shops_are_deleted_and_the_others_wait(goods: list[Stocked]) -> None:
    first, second = goods[0].shop, goods[1].shop
    close(first, delete_after=NOW)
    close(second, delete_after=NOW + timedelta(days=1))
    assert deletion.delete_due_shops(now=NOW) == 1
    assert schemas() == {second.schema_name}
    assert deletion.delete_due_shops(now=NOW) == 0
    assert deletion.delete_due_shops(now=NOW + timedelta(days=2)) == 1


def test_owners_hear_of_it_two_weeks_ahead_once(goods: list[Stocked]) -> None:
    shop = goods[0].shop
    Shop.objects.filter(pk=shop.pk).update(status=ShopStatus.CLOSING, status_at=NOW)
    closed = closing.finish_closing(shop_id=shop.pk, now=NOW + timedelta(minutes=5))
    assert closed.delete_after is not None
    follow_the_calendar(now=closed.delete_after - timedelta(days=15))
    told = Email.objects.filter(to="fabrics@example.com", subject__contains="will be deleted on")
    assert not told.exists()
    for days in (14, 13, 1):
        follow_the_calendar(now=closed.delete_after - timedelta(days=days))
    assert told.get().subject == "Indigo Fabrics will be deleted on 31 May 2026"


def test_a_shop_restored_from_an_archive_is_closed_again(goods: list[Stocked]) -> None:
    shop = goods[0].shop
    close(shop)
    deletion.delete_shop(shop_id=shop.pk, **DELETE)
    later = NOW + timedelta(days=90)
    back = deletion.mark_restored(shop_id=shop.pk, delete_after=later, **DELETE)
    assert (back.status, back.delete_after) == ("closed", later)
    with pytest.raises(ShopStatusError):
        deletion.mark_restored(shop_id=shop.pk, delete_after=later, **DELETE)


@pytest.mark.parametrize("error", [OperationalError("deadlock detected"), BusyError(), LookupError("strange")])
def test_a_shop_that_cannot_be_deleted_now_holds_up_no_other(
    goods: list[Stocked], monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    busy, other = (each.shop for each in goods)
    close(busy)
    close(other)
    drop = deletion._drop_schema

    def refuse(schema_name: str) -> None:
        if schema_name == busy.schema_name:
            raise error
        drop(schema_name)

    with monkeypatch.context() as patched:
        patched.setattr(deletion, "_drop_schema", refuse)
        assert deletion.delete_due_shops(now=NOW) == 1
    assert dict(Shop.objects.values_list("slug", "status")) == {busy.slug: "closed", other.slug: "deleted"}
    assert schemas() == {busy.schema_name}
    assert deletion.delete_due_shops(now=NOW) == 1
