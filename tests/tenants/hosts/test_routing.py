"""From a host to a shop, to the platform, or to a page that helps."""

from collections.abc import Callable, Iterator

import pytest
from django.core.cache import cache
from django.db import ProgrammingError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from pytest_django import DjangoAssertNumQueries

from catalogue.models import Product
from tenants.database.connections import schema_connection
from tenants.errors import ShopUnavailableError
from tenants.hosts.look_up import get_shop_by_host
from tenants.hosts.middleware import ShopHostMiddleware
from tenants.life.transitions import suspend_shop
from tenants.models import Domain, Shop, ShopStatus
from tenants.shops import host_cache
from tests.world.clock import NOW
from tests.world.shops import drop_schema, make_shop

pytestmark = pytest.mark.django_db
Get = Callable[..., HttpResponse]
HOST = "indigo.kasuwa.localhost"


@pytest.fixture(autouse=True)
def _no_memory() -> Iterator[None]:
    host_cache.clear_process()
    yield
    host_cache.clear_process()


@pytest.fixture
def indigo() -> Shop:
    return make_shop("indigo")


@pytest.fixture
def seen() -> list[tuple[object, str, str | None]]:
    """Return the requests that reached a view: shop, schema and URL configuration of each."""
    return []


@pytest.fixture
def get(seen: list[tuple[object, str, str | None]]) -> Get:
    def view(request: HttpRequest) -> HttpResponse:
        shop = getattr(request.shop, "slug", None)  # type: ignore[attr-defined]
        seen.append((shop, schema_connection().schema_name, request.urlconf))
        if request.path == "/fail/":
            raise RuntimeError
        return HttpResponse("answered")

    def send(host: str, path: str = "/", method: str = "get") -> HttpResponse:
        request = getattr(RequestFactory(), method)(path, headers={"host": host})
        return ShopHostMiddleware(view)(request)

    return send


SHOP = ("indigo", "shop_indigo", "config.urls_shop")
PLATFORM = (None, "public", "config.urls_platform")
UNKNOWN_HOST = (None, "public", "tenants.hosts.urls_unknown_host")
UNAVAILABLE = (None, "public", "tenants.hosts.urls_unavailable")


@pytest.mark.parametrize("host", [HOST, "INDIGO.Kasuwa.Localhost", f"{HOST}:8000", f"{HOST}.", f"{HOST}.:8000"])
def test_every_spelling_of_a_host_leads_to_the_shop(indigo: Shop, get: Get, seen: list, host: str) -> None:
    get(host)
    assert seen == [SHOP]


def test_platform_host_stays_in_public(indigo: Shop, get: Get, seen: list) -> None:
    get("kasuwa.localhost:8000")
    assert seen == [PLATFORM]


@pytest.mark.parametrize(
    "host",
    [
        "nobody.kasuwa.localhost",
        "example.com",
        "evilindigo.kasuwa.localhost",
        "indigo.kasuwa.localhost.example.com",
        "x.indigo.kasuwa.localhost",
        "indigokasuwa.localhost",
        "two words",
        "%69ndigo.kasuwa.localhost",
        "",
    ],
)
def test_other_hosts_lead_nowhere(indigo: Shop, get: Get, seen: list, host: str) -> None:
    get(host)
    assert seen == [UNKNOWN_HOST]


def test_forwarded_host_is_not_believed(indigo: Shop, seen: list, get: Get) -> None:
    headers = {"host": "kasuwa.localhost", "x-forwarded-host": HOST}
    request = RequestFactory().get("/", headers=headers)

    def view(asked: HttpRequest) -> HttpResponse:
        seen.append(getattr(asked, "shop", "unset"))
        return HttpResponse()

    ShopHostMiddleware(view)(request)
    assert seen == [None]


def test_domain_row_leads_to_its_shop(indigo: Shop, get: Get, seen: list) -> None:
    get("indigo.example")
    Domain.objects.create(tenant=indigo, domain="indigo.example", is_primary=False)
    get("Indigo.Example:443", "/api/v1/shop/")
    assert seen == [UNKNOWN_HOST, SHOP]


def test_domain_row_cannot_take_over_another_shops_subdomain(indigo: Shop, get: Get, seen: list) -> None:
    other = make_shop("copper")
    Domain.objects.filter(tenant=indigo).delete()
    Domain.objects.create(tenant=other, domain=HOST, is_primary=False)
    get(HOST)
    assert seen == [SHOP]


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "[::1]", "www.kasuwa.localhost"])
def test_other_names_of_the_platform_redirect_to_it(get: Get, seen: list, name: str) -> None:
    response = get(f"{name}:8123", "/search/?search=tote")
    assert (response.status_code, response["Location"]) == (302, "http://kasuwa.localhost:8123/search/?search=tote")
    posted = get(f"{name}:8123", "/cart/", "post")
    assert (posted.status_code, posted["Location"]) == (307, "http://kasuwa.localhost:8123/cart/")
    assert seen == []


@pytest.mark.parametrize("path", ["/health/live", "/webhooks/paystack/", "/api/v1/listings/"])
def test_programs_are_answered_under_other_names(get: Get, seen: list, path: str) -> None:
    get("127.0.0.1:8000", path)
    assert seen == [PLATFORM]


def test_an_address_answers_probes_only(get: Get, seen: list) -> None:
    get("10.1.2.3:8000", "/health/ready")
    get("10.1.2.3:8000", "/api/v1/listings/")
    assert seen == [PLATFORM, UNKNOWN_HOST]


def test_redirect_stays_on_the_platform(get: Get) -> None:
    assert get("localhost:8000", "//example.com/")["Location"].startswith("http://kasuwa.localhost:8000/")


@pytest.mark.parametrize("host", [HOST, "kasuwa.localhost", "nobody.kasuwa.localhost"])
def test_connection_is_back_in_public_afterwards(indigo: Shop, get: Get, host: str) -> None:
    schema_connection().set_schema("shop_left_over")
    get(host)
    assert schema_connection().schema_name == "public"


def test_connection_is_back_in_public_after_a_failure(indigo: Shop, get: Get) -> None:
    with pytest.raises(RuntimeError):
        get(HOST, "/fail/")
    assert schema_connection().schema_name == "public"


def test_routing_takes_one_statement_cold_and_none_warm(
    indigo: Shop, get: Get, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        get(HOST)
    with django_assert_num_queries(0):
        get(HOST)
    host_cache.clear_process()
    with django_assert_num_queries(0):
        get(HOST)


def test_a_change_is_seen_by_the_next_request(indigo: Shop) -> None:
    before = get_shop_by_host(HOST)
    suspend_shop(shop_id=indigo.pk, actor_id=None, reason="Sells fakes", now=NOW)
    after = get_shop_by_host(HOST)
    assert before is not None
    assert after is not None
    assert (before.status, after.status) == (ShopStatus.LIVE, ShopStatus.SUSPENDED)


def test_what_was_read_before_a_change_is_not_remembered_after_it(indigo: Shop) -> None:
    _, version = host_cache.shared(HOST)
    stale = Shop.objects.filter(pk=indigo.pk).values().get()
    suspend_shop(shop_id=indigo.pk, actor_id=None, reason="Sells fakes", now=NOW)
    host_cache.remember(HOST, stale, version=version)
    host_cache.clear_process()
    found = get_shop_by_host(HOST)
    assert found is not None
    assert found.status == ShopStatus.SUSPENDED


def test_what_another_release_remembered_is_read_anew(indigo: Shop) -> None:
    _, version = host_cache.shared(HOST)
    host_cache.remember(HOST, {"id": indigo.pk, "slug": "indigo"}, version=version)
    host_cache.clear_process()
    found = get_shop_by_host(HOST)
    assert found is not None
    assert found.schema_name == indigo.schema_name


def test_requests_do_not_share_the_remembered_shop(indigo: Shop) -> None:
    first, second = get_shop_by_host(HOST), get_shop_by_host(HOST)
    assert first == second
    assert first is not second


def test_missing_schema_fails_closed_on_every_request(indigo: Shop, get: Get, seen: list) -> None:
    drop_schema(indigo.schema_name)
    get(HOST)
    get(HOST)
    assert seen == [UNAVAILABLE, UNAVAILABLE]
    with pytest.raises(ShopUnavailableError):
        get_shop_by_host(HOST)


def test_empty_schema_counts_as_missing(indigo: Shop, get: Get, seen: list) -> None:
    drop_schema(indigo.schema_name)
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA shop_indigo")
    get(HOST)
    assert seen == [UNAVAILABLE]


def test_schema_that_vanishes_while_remembered_gives_an_error_not_other_data(indigo: Shop) -> None:
    found = get_shop_by_host(HOST)
    assert found is not None
    drop_schema(indigo.schema_name)
    schema_connection().set_tenant(found)
    with pytest.raises(ProgrammingError, match="catalogue_product"):
        Product.objects.count()


def test_redis_down_costs_a_statement_and_nothing_else(
    indigo: Shop, get: Get, seen: list, monkeypatch: pytest.MonkeyPatch
) -> None:
    from redis.exceptions import ConnectionError as RedisDownError

    def down(*args: object, **kwargs: object) -> None:
        raise RedisDownError

    for name in ("get_many", "set", "set_many"):
        monkeypatch.setattr(cache, name, down)
    get(HOST)
    host_cache.forget(HOST)
    get(HOST)
    assert seen == [SHOP, SHOP]


@pytest.mark.parametrize(("path", "kind"), [("/", "text/html"), ("/api/v1/products/", "application/json")])
def test_unknown_host_is_told_where_the_market_is(path: str, kind: str) -> None:
    response = Client(HTTP_HOST="nobody.kasuwa.localhost:8000").get(path)
    assert response.status_code == 404
    assert response["Content-Type"].startswith(kind)
    if kind == "text/html":
        assert 'href="http://kasuwa.localhost:8000/"' in response.text
    else:
        assert response.json()["code"] == "shop_not_found"


@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_shop_without_schema_answers_503(indigo: Shop, method: str) -> None:
    drop_schema(indigo.schema_name)
    client = Client(HTTP_HOST=HOST, enforce_csrf_checks=True)
    page = getattr(client, method)("/dashboard/")
    answer = getattr(client, method)("/api/v1/products/")
    assert (page.status_code, answer.status_code) == (503, 503)
    assert page["Retry-After"]
    assert answer.json()["code"] == "shop_unavailable"
