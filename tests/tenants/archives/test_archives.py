"""A shop in one file: out, gone, back again, byte for byte; and nobody else's rows touched."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from allauth.account.models import EmailAddress
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django_tenants.utils import schema_context

from accounts.models import User
from accounts.services.people import create_user
from catalogue.discovery.models import Category, Listing, ListingVariant
from catalogue.discovery.services.drift import find_drift
from catalogue.models import Product, ProductImage, StockLevel, Variant
from checkout.ending.expire_orders import expire_reservations
from checkout.fulfilment.models import VendorOrder
from checkout.fulfilment.status import PartStatus
from checkout.models import Order, SubOrder
from tenants.archives import clone_shop, restore_archive
from tenants.archives.exclusive import exclusive_lock
from tenants.archives.staging import leftovers
from tenants.errors import ArchiveRunningError, RestoreBlockedError, ShopUnavailableError, SlugTakenError
from tenants.hosts.look_up import get_shop_by_host
from tenants.life.deletion import delete_media, delete_shop
from tenants.models import Domain, Invitation, Membership, Role, Shop, ShopEvent, ShopEventKind, ShopStatus
from tenants.shops import host_cache
from tenants.shops.profile import update_profile
from tenants.shops.selectors import role_in
from tenants.staff.invitations import accept_own_invitation
from tenants.staff.members import add_member, change_role, leave_shop
from tests.world.archive_edits import edited, without
from tests.world.archives import (
    data_of,
    exported,
    furnished_shop,
    public_versions,
    row_versions,
    set_status,
)
from tests.world.clock import NOW
from tests.world.market import buy, stock, vendor_orders
from tests.world.shops import drop_schema, schemas

LATER = NOW + timedelta(days=1)
pytestmark = pytest.mark.usefixtures("live_database")


def test_an_archive_says_what_it_holds(tmp_path: Path) -> None:
    shop, goods = furnished_shop("indigo-fabrics")
    buy(goods[0].line(2))
    done = exported(shop, tmp_path / "shop.zip")
    with zipfile.ZipFile(done.path) as archive:
        names = archive.namelist()
        manifest = json.loads(archive.read("manifest.json"))
        sub_orders = archive.read("public/sub_orders.csv").decode()
    assert names[0] == "README.txt"
    assert names[-1] == "manifest.json"
    assert manifest["shop"]["slug"] == "indigo-fabrics"
    assert manifest["files"]["shop/catalogue_product.csv"]["rows"] == 3
    assert manifest["files"]["shop/fulfilment_vendororder.csv"]["rows"] == 1
    assert done.pictures == 9
    assert SubOrder.objects.get().number in sub_orders
    assert not list(tmp_path.glob("*.part"))
    event = ShopEvent.objects.get(kind=ShopEventKind.EXPORTED)
    assert (event.shop_id, event.details["pictures"]) == (shop.pk, 9)


def test_the_same_state_is_the_same_file(tmp_path: Path) -> None:
    shop, _ = furnished_shop("indigo-fabrics")
    first = exported(shop, tmp_path / "first.zip").path
    second = exported(shop, tmp_path / "second.zip", now=LATER).path
    with zipfile.ZipFile(first) as one, zipfile.ZipFile(second) as other:
        different = [name for name in one.namelist() if one.getinfo(name).CRC != other.getinfo(name).CRC]
        assert one.namelist() == other.namelist()
        assert [info.date_time for info in one.infolist()] == [info.date_time for info in other.infolist()]
    assert different == ["public/events.csv", "manifest.json"]


def test_out_gone_and_back_byte_for_byte(tmp_path: Path) -> None:
    shop, goods = furnished_shop("indigo-fabrics")
    other, other_goods = furnished_shop("copper-kitchen")
    buy(goods[0].line(2), other_goods[0].line())
    expire_reservations(now=LATER)
    first = exported(shop, tmp_path / "first.zip").path
    before = row_versions(other.schema_name)
    before_public = {
        table: public_versions(table, other.pk)
        for table in ("discovery_listing", "checkout_suborder", "payouts_account", "tenants_shopevent")
    }
    drop_schema(shop.schema_name)
    Listing.objects.filter(shop_id=shop.pk).delete()
    for name in [f"media/{n}" for n in data_of(first) if n.startswith("media/")]:
        default_storage.delete(name.removeprefix("media/media/"))
    host_cache.clear_process()
    with pytest.raises(ShopUnavailableError):
        get_shop_by_host("indigo-fabrics.kasuwa.localhost")
    done = restore_archive(path=first, now=LATER)
    assert (done.is_new, done.shop.pk, done.report) == (False, shop.pk, [])
    second = exported(shop, tmp_path / "second.zip", now=LATER).path
    assert data_of(second) == data_of(first)
    assert row_versions(other.schema_name) == before
    for table, versions in before_public.items():
        assert public_versions(table, other.pk) == versions, table
    assert find_drift(shop_id=shop.pk) == []
    assert get_shop_by_host("indigo-fabrics.kasuwa.localhost") is not None
    assert leftovers() == []
    new = stock(shop, sku="SKU-NEW")
    assert new.level() == (10, 0)


def test_a_deleted_shop_comes_back_closed_and_invites_its_owner(make_user: Callable[..., Any], tmp_path: Path) -> None:
    shop, goods = furnished_shop("indigo-fabrics")
    owner, helper = make_user("owner@example.com"), make_user("helper@example.com")
    add_member(shop_id=shop.pk, user_id=owner.pk, role=Role.OWNER, now=NOW)
    add_member(shop_id=shop.pk, user_id=helper.pk, role=Role.MANAGER, now=NOW)
    update_profile(shop_id=shop.pk, actor_id=None, now=NOW, description="Hand-dyed")
    first = exported(shop, tmp_path / "shop.zip").path
    delete_shop(shop_id=shop.pk, actor_id=None, reason="A test of it", now=NOW, force=True)
    delete_media(shop_id=shop.pk)
    done = restore_archive(path=first, now=LATER)
    assert (done.shop.status, done.shop.description) == (ShopStatus.CLOSED, "Hand-dyed")
    assert data_of(exported(shop, tmp_path / "again.zip").path) == data_of(first)
    assert not Membership.objects.exists()
    assert list(Invitation.objects.values_list("email", "role")) == [("owner@example.com", "owner")]
    assert any("helper@example.com (manager)" in line for line in done.report)
    assert ShopEvent.objects.filter(shop_id=shop.pk, kind=ShopEventKind.RESTORED).count() == 1
    assert not Listing.objects.filter(shop_id=shop.pk, is_visible=True).exists()
    assert get_shop_by_host("indigo-fabrics.kasuwa.localhost") is not None
    assert goods[0].level() == (10, 0)
    accept_own_invitation(invitation_id=Invitation.objects.get().pk, user_id=owner.pk, now=LATER)
    browser = Client(HTTP_HOST="indigo-fabrics.kasuwa.localhost")
    browser.force_login(owner)
    page = browser.get("/dashboard/products/")
    assert (page.status_code, "Product SKU-1" in page.content.decode()) == (200, True)


def test_restoring_makes_nobody_a_member(make_user: Callable[..., Any], tmp_path: Path) -> None:
    """Neither an account that took a free address, nor who left after the archive, nor whom a stranger's file names."""
    shop, _ = furnished_shop("indigo-fabrics")
    people = {name: make_user(f"{name}@example.com") for name in ("gone", "left", "changed", "stays")}
    members = [add_member(shop_id=shop.pk, user_id=one.pk, role=Role.OWNER, now=NOW) for one in people.values()]
    path = exported(shop, tmp_path / "shop.zip").path
    leave_shop(shop_id=shop.pk, user_id=people["left"].pk, now=LATER)
    change_role(shop_id=shop.pk, member_id=members[2].pk, role=Role.VIEWER, actor_id=people["stays"].pk, now=LATER)
    delete_shop(shop_id=shop.pk, actor_id=None, reason="A test of it", now=LATER, force=True)
    User.objects.filter(pk=people["gone"].pk).update(email="nobody@erased.example")
    EmailAddress.objects.filter(user_id=people["gone"].pk).delete()
    attacker = create_user(email="gone@example.com", password="secret-pass-1")
    stranger = edited(path, tmp_path / "stranger.zip", without("signature"))
    said = restore_archive(path=stranger, now=LATER, may_be_unsigned=True).report
    assert not Invitation.objects.exists()
    assert any("stays@example.com" in line for line in said)
    delete_shop(shop_id=shop.pk, actor_id=None, reason="Once more", now=LATER, force=True)
    said = restore_archive(path=path, now=LATER).report
    assert not Membership.objects.exists()
    assert list(Invitation.objects.values_list("email", flat=True)) == ["stays@example.com"]
    assert any("gone@example.com" in line and "not invited" in line for line in said)
    assert any("left@example.com" in line and "changed@example.com" in line for line in said)
    assert role_in(attacker, shop) is None


@pytest.mark.parametrize("status", [ShopStatus.LIVE, ShopStatus.HOLIDAY, ShopStatus.CLOSING])
def test_a_shop_that_sells_is_not_replaced(status: ShopStatus, tmp_path: Path) -> None:
    shop, _ = furnished_shop("indigo-fabrics")
    path = exported(shop, tmp_path / "shop.zip").path
    set_status(shop, status)
    before = row_versions(shop.schema_name)
    with pytest.raises(RestoreBlockedError, match="Suspend or close it first"):
        restore_archive(path=path, now=LATER, may_replace=True)
    assert row_versions(shop.schema_name) == before
    assert leftovers() == []


def test_a_shop_that_is_there_is_replaced_only_when_told_so(tmp_path: Path) -> None:
    shop, goods = furnished_shop("indigo-fabrics")
    path = exported(shop, tmp_path / "shop.zip").path
    goods[0].set_price(99)
    set_status(shop, ShopStatus.SUSPENDED)
    with pytest.raises(RestoreBlockedError, match="--replace"):
        restore_archive(path=path, now=LATER)
    restore_archive(path=path, now=LATER, may_replace=True)
    with schema_context(shop.schema_name):
        assert Variant.objects.get(pk=goods[0].variant_id).price_minor == 1_850_000
    assert Shop.objects.get(pk=shop.pk).status == ShopStatus.SUSPENDED


def test_unpaid_orders_keep_a_shop_from_being_replaced(tmp_path: Path) -> None:
    shop, goods = furnished_shop("indigo-fabrics")
    path = exported(shop, tmp_path / "shop.zip").path
    buy(goods[0].line(2))
    set_status(shop, ShopStatus.SUSPENDED)
    with pytest.raises(RestoreBlockedError, match="1 order is not paid yet"):
        restore_archive(path=path, now=LATER, may_replace=True)
    assert goods[0].level() == (10, 2)


def test_orders_that_wait_for_payment_go_on_in_a_shop_that_is_back(tmp_path: Path) -> None:
    shop, goods = furnished_shop("indigo-fabrics")
    buy(goods[0].line(2))
    path = exported(shop, tmp_path / "shop.zip").path
    later = buy(goods[1].line(3))
    drop_schema(shop.schema_name)
    restore_archive(path=path, now=LATER)
    assert goods[0].level() == (10, 2)
    assert [order.status for order in vendor_orders([shop])] == ["pending", "pending"]
    mark_sold(later)
    expire_reservations(now=LATER)
    assert [item.level() for item in goods] == [(10, 0), (8, 0), (12, 0)]
    assert sorted(order.status for order in vendor_orders([shop])) == ["expired", "new"]


def mark_sold(order: Order) -> None:
    """Have an order paid, as far as a shop and the market record it."""
    from checkout.fulfilment.services.paying import mark_paid

    for part in order.sub_orders.select_related("shop"):
        mark_paid(schema_name=part.shop.schema_name, sub_order_id=part.pk, shop_id=part.shop_id, now=NOW)
        SubOrder.objects.filter(pk=part.pk).update(status=PartStatus.NEW)
    Order.objects.filter(pk=order.pk).update(status="paid", paid_at=NOW)


def test_a_restored_shop_catches_up_with_the_market(tmp_path: Path) -> None:
    shop, goods = furnished_shop("indigo-fabrics")
    paid_later, expired_later = buy(goods[0].line(2)), buy(goods[1].line(3))
    path = exported(shop, tmp_path / "shop.zip").path
    mark_sold(paid_later)
    expire_reservations(now=LATER)
    placed_later = buy(goods[2].line(4))
    mark_sold(placed_later)
    set_status(shop, ShopStatus.SUSPENDED)
    expected = [(o.number, o.status, o.stock_state, o.lines.count()) for o in vendor_orders([shop])]
    levels = [item.level() for item in goods]
    done = restore_archive(path=path, now=LATER, may_replace=True)
    assert [(o.number, o.status, o.stock_state, o.lines.count()) for o in vendor_orders([shop])] == expected
    assert [item.level() for item in goods] == levels == [(8, 0), (11, 0), (8, 0)]
    assert any(placed_later.number in line and "placed since" in line for line in done.report)
    assert any(expired_later.number in line and "moved on" in line for line in done.report)


def test_what_was_sold_and_is_not_in_the_archive_s_stock_is_said(tmp_path: Path) -> None:
    shop, goods = furnished_shop("indigo-fabrics")
    with schema_context(shop.schema_name):
        StockLevel.objects.filter(pk=goods[0].variant_id).update(on_hand=1)
    path = exported(shop, tmp_path / "shop.zip").path
    with schema_context(shop.schema_name):
        StockLevel.objects.filter(pk=goods[0].variant_id).update(on_hand=50)
    mark_sold(buy(goods[0].line(5)))
    set_status(shop, ShopStatus.SUSPENDED)
    done = restore_archive(path=path, now=LATER, may_replace=True)
    assert any("count the shelf" in line for line in done.report)
    assert goods[0].level() == (1, 0)
    assert [order.status for order in vendor_orders([shop])] == ["new"]


def test_another_installation_gets_a_draft_with_its_own_ids(tmp_path: Path) -> None:
    shop, goods = furnished_shop("indigo-fabrics")
    parent = Category.objects.create(name="Cloth", slug="cloth")
    lost = Category.objects.create(name="Lost", slug="lost")
    with schema_context(shop.schema_name):
        Product.objects.filter(pk=goods[0].product_id).update(category_id=parent.pk)
        Product.objects.filter(pk=goods[1].product_id).update(category_id=lost.pk)
    buy(goods[0].line(2))
    path = exported(shop, tmp_path / "shop.zip").path
    _forget(shop)
    parent.delete()
    lost.delete()
    elsewhere = Category.objects.create(name="Cloth", slug="cloth")
    done = restore_archive(path=path, now=LATER)
    assert (done.is_new, done.shop.status) == (True, ShopStatus.DRAFT)
    assert done.shop.pk != shop.pk
    with schema_context(done.shop.schema_name):
        assert Product.objects.get(pk=goods[0].product_id).category_id == elsewhere.pk
        assert Product.objects.get(pk=goods[1].product_id).category_id is None
        files = list(ProductImage.objects.values_list("file", flat=True))
        assert all(name.startswith(f"shops/{done.shop.pk}/") and default_storage.exists(name) for name in files)
        assert VendorOrder.objects.get().status == "expired"
        assert StockLevel.objects.get(pk=goods[0].variant_id).reserved == 0
    assert not Membership.objects.filter(shop_id=done.shop.pk).exists()
    assert any("'lost'" in line for line in done.report)
    assert SubOrder.objects.filter(shop_id=done.shop.pk).count() == 0


def _forget(shop: Shop) -> None:
    """Make this an installation that never knew a shop."""
    drop_schema(shop.schema_name)
    Listing.objects.filter(shop_id=shop.pk).delete()
    Domain.objects.filter(tenant_id=shop.pk).delete()
    Shop.objects.filter(pk=shop.pk).update(slug="somebody-else", schema_name="shop_somebody_else")


def test_the_address_of_another_shop_is_not_taken_over(tmp_path: Path) -> None:
    shop, _ = furnished_shop("indigo-fabrics")
    path = exported(shop, tmp_path / "shop.zip").path
    Shop.objects.filter(pk=shop.pk).update(created_at=LATER)
    with pytest.raises(RestoreBlockedError, match="Another shop has the address"):
        restore_archive(path=path, now=LATER, may_replace=True)


def test_products_that_another_shop_sells_are_not_taken_over(tmp_path: Path) -> None:
    shop, goods = furnished_shop("indigo-fabrics")
    path = exported(shop, tmp_path / "shop.zip").path
    drop_schema(shop.schema_name)
    Domain.objects.filter(tenant_id=shop.pk).delete()
    Shop.objects.filter(pk=shop.pk).update(slug="somebody-else", schema_name="shop_somebody_else")
    with pytest.raises(RestoreBlockedError, match="clone that shop"):
        restore_archive(path=path, now=LATER)
    assert Listing.objects.get(pk=goods[0].product_id).shop_id == shop.pk
    assert not Shop.objects.filter(slug="indigo-fabrics").exists()


def test_one_at_a_time(tmp_path: Path) -> None:
    shop, _ = furnished_shop("indigo-fabrics")
    path = exported(shop, tmp_path / "shop.zip").path
    set_status(shop, ShopStatus.SUSPENDED)
    with exclusive_lock("indigo-fabrics"), pytest.raises(ArchiveRunningError):
        restore_archive(path=path, now=LATER, may_replace=True)
    with exclusive_lock("indigo-fabrics"):
        pass


def test_a_clone_is_a_shop_of_its_own(tmp_path: Path) -> None:
    shop, goods = furnished_shop("indigo-fabrics")
    buy(goods[0].line(2))
    before = row_versions(shop.schema_name)
    clone = clone_shop(shop_id=shop.pk, slug="indigo-two", name="Indigo Two", now=LATER)
    assert row_versions(shop.schema_name) == before
    assert (clone.status, clone.name) == (ShopStatus.DRAFT, "Indigo Two")
    with schema_context(clone.schema_name):
        assert set(Product.objects.values_list("id", flat=True)).isdisjoint(item.product_id for item in goods)
        assert sorted(StockLevel.objects.values_list("on_hand", "reserved")) == [(10, 0), (11, 0), (12, 0)]
        assert not VendorOrder.objects.exists()
        files: set[str] = set(ProductImage.objects.values_list("file", flat=True))
        variants: set[UUID] = set(Variant.objects.values_list("id", flat=True))
    assert all(name.startswith(f"shops/{clone.pk}/") for name in files)
    assert ListingVariant.objects.filter(shop_id=clone.pk).count() == len(variants) == 3
    assert not Listing.objects.filter(shop_id=clone.pk, is_visible=True).exists()
    for name in files:
        default_storage.delete(name)
    assert data_of(exported(shop, tmp_path / "shop.zip").path)
    with schema_context(shop.schema_name):
        assert all(default_storage.exists(image.file) for image in ProductImage.objects.all())


def test_a_clone_needs_an_address_of_its_own() -> None:
    shop, _ = furnished_shop("indigo-fabrics")
    with pytest.raises(SlugTakenError):
        clone_shop(shop_id=shop.pk, slug="indigo-fabrics", now=LATER)
    assert Shop.objects.count() == 1


def test_the_commands_say_what_they_did(tmp_path: Path) -> None:
    shop, _ = furnished_shop("indigo-fabrics")
    path, out = tmp_path / "shop.zip", io.StringIO()
    call_command("shops", "export", "indigo-fabrics", "--to", path, stdout=out)
    with pytest.raises(CommandError, match="Suspend or close it first"):
        call_command("shops", "restore", path, "--replace")
    set_status(shop, ShopStatus.SUSPENDED)
    call_command("shops", "restore", path, "--replace", stdout=out)
    call_command("shops", "clone", "indigo-fabrics", "--as", "indigo-two", stdout=out)
    said = out.getvalue()
    assert "3 rows" not in said
    assert "9 pictures" in said
    assert "indigo-fabrics restored" in said
    assert "Orders and ledger are as they were" in said
    assert "indigo-fabrics copied to indigo-two" in said
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA restoring_half_done")
    call_command("shops", "status", "--no-drift", stdout=out)
    assert "restoring_half_done  left by a restore" in out.getvalue()
    assert schemas() == {"shop_indigo_fabrics", "shop_indigo_two"}
