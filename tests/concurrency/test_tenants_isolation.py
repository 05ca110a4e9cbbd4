"""Shops side by side in one process: many threads, one slug, no wrong row."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.db import IntegrityError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django_tenants.utils import schema_context

from catalogue.models import Product
from tenants.database.connections import schema_connection
from tenants.errors import SlugTakenError
from tenants.hosts.middleware import ShopHostMiddleware
from tenants.models import Domain, Shop
from tenants.shops import host_cache
from tests.world.clock import NOW
from tests.world.shops import make_shop, schemas

pytestmark = pytest.mark.usefixtures("live_database")
THREADS = 4
SWITCHES = 60
TURNS, COROUTINES = 250, 5
T = TypeVar("T")


@pytest.fixture(autouse=True)
def _no_memory() -> Iterator[None]:
    host_cache.clear_process()
    yield
    host_cache.clear_process()


def in_threads(work: Callable[[int], T], count: int = THREADS) -> list[T]:
    """Run work in threads that start together and close their connections."""
    barrier = threading.Barrier(count)

    def run(number: int) -> T:
        barrier.wait(timeout=60)
        try:
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


@pytest.fixture
def shops() -> list[Shop]:
    """Shops, each with one product that bears the shop's name."""
    made = [make_shop(slug) for slug in ("indigo", "copper", "kente")]
    for shop in made:
        with schema_context(shop.schema_name):
            Product.objects.create(title=shop.slug, slug=shop.slug, description="", created_at=NOW, updated_at=NOW)
    return made


def test_one_slug_asked_for_at_once_makes_one_shop(live_database: str) -> None:
    def ask(number: int) -> str:
        try:
            return make_shop("indigo", name=f"Number {number}").name
        except SlugTakenError:
            return "taken"

    outcomes = in_threads(ask, 6)
    assert outcomes.count("taken") == 5
    assert [shop.name for shop in Shop.objects.all()] == [name for name in outcomes if name != "taken"]
    assert schemas() == {"shop_indigo"}
    assert Domain.objects.count() == 1


def titles() -> list[str]:
    """Return the titles that this thread sees now."""
    return list(Product.objects.order_by("pk").values_list("title", flat=True))


def look(shop: Shop) -> list[str]:
    """Look into a shop, and say what was wrong."""
    with schema_context(shop.schema_name):
        seen = titles()
    is_right = seen == [shop.slug] and schema_connection().schema_name == "public"
    return [] if is_right else [f"{shop.slug}: {seen}, then {schema_connection().schema_name}"]


async def look_by_turns(shops: list[Shop], first: int) -> list[str]:
    """Look into one shop after the other from a coroutine; the thread that started it does the looking."""
    found = [await sync_to_async(look)(shops[(first + turn) % len(shops)]) for turn in range(TURNS)]
    return [fault for faults in found for fault in faults]


async def together(coroutines: list[Coroutine[Any, Any, list[str]]]) -> list[str]:
    return [fault for faults in await asyncio.gather(*coroutines) for fault in faults]


def test_ten_thousand_switches_of_threads_and_coroutines_read_no_wrong_row(shops: list[Shop]) -> None:
    def switch(number: int) -> list[str]:
        wrong = [fault for turn in range(TURNS * COROUTINES) for fault in look(shops[(number + turn) % len(shops)])]
        return wrong + async_to_sync(together)([look_by_turns(shops, number + one) for one in range(COROUTINES)])

    assert THREADS * TURNS * COROUTINES * 2 == 10_000
    assert in_threads(switch) == [[]] * THREADS


def test_the_control_that_keeps_a_schema_while_it_waits_reads_wrong_rows(shops: list[Shop]) -> None:
    def enter(shop: Shop) -> None:
        schema_connection().set_tenant(shop)

    async def careless(shop: Shop) -> list[str]:
        await sync_to_async(enter)(shop)
        seen = await sync_to_async(titles)()
        return [] if seen == [shop.slug] else [f"{shop.slug}: {seen}"]

    def switch(_: int) -> list[str]:
        return async_to_sync(together)([careless(shop) for shop in shops])

    assert all(in_threads(switch))


def test_the_control_that_forgets_to_come_back_is_noticed(shops: list[Shop], monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def leaking(schema_name: str) -> Iterator[None]:
        schema_connection().set_schema(schema_name)
        yield

    monkeypatch.setattr(f"{__name__}.schema_context", leaking)
    assert all(in_threads(lambda number: look(shops[number % len(shops)])))


def test_requests_in_threads_see_their_own_shop(shops: list[Shop]) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(",".join(Product.objects.order_by("pk").values_list("title", flat=True)))

    middleware = ShopHostMiddleware(view)

    def visit(number: int) -> list[str]:
        wrong = []
        for turn in range(SWITCHES):
            slug = shops[(number + turn) % len(shops)].slug
            request = RequestFactory().get("/", headers={"host": f"{slug}.kasuwa.localhost"})
            body = middleware(request).content.decode()
            if body != slug:
                wrong.append(f"{slug}: {body}")
        return wrong

    assert in_threads(visit) == [[]] * THREADS


def test_nested_shops_come_back_in_order(shops: list[Shop]) -> None:
    indigo, copper, _ = shops
    with schema_context(indigo.schema_name):
        with schema_context(copper.schema_name):
            assert Product.objects.get().title == "copper"
        assert Product.objects.get().title == "indigo"
    assert schema_connection().schema_name == "public"


def test_a_failed_transaction_does_not_leave_the_wrong_search_path(shops: list[Shop]) -> None:
    indigo, copper, _ = shops
    with schema_context(indigo.schema_name):
        assert Product.objects.get().title == "indigo"
    with pytest.raises(IntegrityError), transaction.atomic(), schema_context(copper.schema_name):
        Product.objects.create(title="", slug="x", description="", created_at=NOW, updated_at=NOW)
    with schema_context(indigo.schema_name):
        assert Product.objects.get().title == "indigo"
