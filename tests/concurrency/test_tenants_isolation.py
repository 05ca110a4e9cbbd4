"""Shops side by side in one process: many threads, one slug, no wrong row."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest
from django.db import IntegrityError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django_tenants.utils import schema_context

from catalogue.models import Product
from tenants import host_cache
from tenants.errors import SlugTakenError
from tenants.middleware import ShopHostMiddleware
from tenants.models import Domain, Shop
from tests.tenants_support import NOW, make_shop, schemas

pytestmark = pytest.mark.usefixtures("live_database")
THREADS = 4
SWITCHES = 60
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
        barrier.wait(timeout=30)
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


def test_threads_that_switch_between_shops_read_no_wrong_row(shops: list[Shop]) -> None:
    def switch(number: int) -> list[str]:
        wrong = []
        for turn in range(SWITCHES):
            shop = shops[(number + turn) % len(shops)]
            with schema_context(shop.schema_name):
                titles = list(Product.objects.order_by("pk").values_list("title", flat=True))
            if titles != [shop.slug] or connection.schema_name != "public":
                wrong.append(f"{shop.slug}: {titles}, then {connection.schema_name}")
        return wrong

    assert in_threads(switch) == [[]] * THREADS


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
    assert connection.schema_name == "public"


def test_a_failed_transaction_does_not_leave_the_wrong_search_path(shops: list[Shop]) -> None:
    indigo, copper, _ = shops
    with schema_context(indigo.schema_name):
        assert Product.objects.get().title == "indigo"
    with pytest.raises(IntegrityError), transaction.atomic(), schema_context(copper.schema_name):
        Product.objects.create(title="", slug="x", description="", created_at=NOW, updated_at=NOW)
    with schema_context(indigo.schema_name):
        assert Product.objects.get().title == "indigo"
