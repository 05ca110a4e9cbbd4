"""The matrix notices what it is for: doors that nobody classified, guarded or scoped, each let in on purpose."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import clear_url_caches, path
from django_tenants.utils import schema_context

from accounts.access import sign_in_required
from checkout.capabilities import VIEW_ORDERS
from checkout.fulfilment.models import VendorOrder
from kit.db.sql import execute
from tenants.capabilities import MANAGE_STAFF
from tests.isolation import table_shop
from tests.isolation.cells import cells_of
from tests.isolation.doors import HOW_TO_CLASSIFY, SHOP, doors, staff, unclassified
from tests.isolation.tries import tries
from tests.isolation.trying import Keys, faults_of
from tests.isolation.world import SECRETS, World
from tests.world.undoing import undone
from vendors.access import StaffRequest, staff_only

ROUTE = "dashboard/leak/<str:number>/"
View = Callable[..., HttpResponse]


@contextmanager
def let_in(view: View) -> Iterator[None]:
    """Put a page among those of every shop."""
    shop_urls = import_module(SHOP).urlpatterns
    shop_urls.insert(0, path(ROUTE, view))
    clear_url_caches()
    try:
        yield
    finally:
        del shop_urls[0]
        clear_url_caches()


def order_page(request: HttpRequest, number: str) -> HttpResponse:
    order = VendorOrder.objects.filter(number=number).first()
    if order is None:
        raise Http404
    return HttpResponse(f"{order.buyer_name}, {order.shipping_address}")


def order_of_any_shop(request: HttpRequest, number: str) -> HttpResponse:
    """Return an order that the shop's database role may not read, for a page that left the role."""
    return HttpResponse(SECRETS["a buyer's name"])


def writes_before_it_refuses(request: HttpRequest, number: str) -> HttpResponse:
    VendorOrder.objects.filter(number=number).update(buyer_name="Somebody")
    raise PermissionDenied


@staff_only(VIEW_ORDERS)
def too_low(request: StaffRequest, number: str) -> HttpResponse:
    return order_page(request, number)


@staff_only(MANAGE_STAFF)
def across_shops(request: StaffRequest, number: str) -> HttpResponse:
    return order_of_any_shop(request, number)


@staff_only(MANAGE_STAFF)
def guarded(request: StaffRequest, number: str) -> HttpResponse:
    return order_page(request, number)


def faults(view: View, world: World, keys: Keys) -> list[str]:
    line = staff(GET=MANAGE_STAFF, POST=MANAGE_STAFF)
    with let_in(view):
        [door] = doors(SHOP, {ROUTE: line})
        return faults_of(cells_of(door), world, keys)


def test_an_address_that_nobody_classified_is_named_with_what_to_do() -> None:
    with let_in(order_page):
        missing = unclassified(SHOP, table_shop.TABLE)
    assert missing == [ROUTE]
    assert ROUTE in HOW_TO_CLASSIFY.format(routes="\n".join(missing), urlconf=SHOP, file="table_shop")
    assert unclassified(SHOP, table_shop.TABLE) == []


def test_a_page_without_any_guard_is_caught(world: World, keys: Keys) -> None:
    found = faults(order_page, world, keys)
    for who in ("nobody", "an expired token", "a buyer", "the owner of another shop", "a suspended shop", "viewer"):
        assert [fault for fault in found if who in fault and "told a buyer's name" in fault], who


def test_a_page_for_anybody_who_has_signed_in_is_caught(world: World, keys: Keys) -> None:
    found = faults(sign_in_required(order_page), world, keys)
    assert not [fault for fault in found if "nobody" in fault]
    assert [fault for fault in found if "a buyer: told a buyer's name" in fault]


def test_a_page_that_is_open_to_too_low_a_role_is_caught(world: World, keys: Keys) -> None:
    found = faults(too_low, world, keys)
    assert {fault.split(" by ")[1].split(":")[0] for fault in found} >= {"viewer", "manager", "accountant"}
    assert not [fault for fault in found if "another shop" in fault]


def test_a_page_that_looks_into_another_shop_is_caught(world: World, keys: Keys) -> None:
    found = faults(across_shops, world, keys)
    assert found
    assert all("at their own shop" in fault for fault in found)


def test_a_page_that_writes_before_it_refuses_is_caught(world: World, keys: Keys) -> None:
    found = faults(writes_before_it_refuses, world, keys)
    assert [fault for fault in found if "refused, and yet wrote to shop_the_victim." in fault]


def test_writes_that_are_undone_or_go_to_a_new_table_are_seen(keys: Keys) -> None:
    with tries(keys.tables) as ours:
        with undone(), schema_context("shop_the_victim"):
            VendorOrder.objects.update(buyer_name="Somebody")
        assert ours.take_back() == ["shop_the_victim.fulfilment_vendororder"]
        execute("CREATE TABLE public.new_one AS SELECT 1 AS one")
        assert ours.take_back() == ["pg_catalog.pg_class"]
        execute("SELECT 1")
        assert ours.take_back() == []


def test_a_guarded_page_is_not(world: World, keys: Keys) -> None:
    assert faults(guarded, world, keys) == []
    assert connection.in_atomic_block
