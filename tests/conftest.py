"""Fixtures for every test: databases, Redis, shops, people, clients, the Paystack sandbox."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeVar

import hypothesis
import pytest
import redis
from django.conf import LazySettings, settings
from django.test import Client, override_settings
from django.utils import translation
from pytest_django.plugin import DjangoDbBlocker
from rest_framework.test import APIClient

from tests.world import databases as runtime_databases
from tests.world import live_site as runtime_live
from tests.world.clock import NOW
from tests.world.described import URLCONFS, check_answer, urlconf_of

T = TypeVar("T")
# A property holds or not; how fast examples are drawn says how busy the machine is.
hypothesis.settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("any machine")

GUARD_SECONDS = 180.0
OF_PROVISIONING = "tests/tenants/"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse pytest-django's transactional tests: they empty tables that other tests rely on."""
    for item in items:
        marker = item.get_closest_marker("django_db")
        if marker is not None and marker.kwargs.get("transaction"):
            message = f"{item.nodeid}: tests that commit use the live_database fixture, not transaction=True."
            raise pytest.UsageError(message)


def pytest_collection_finish() -> None:
    """Leave the thousands of collected tests, which stay to the end, out of every search for garbage.

    As a web process does (config.wsgi): each whole search takes a fifth of a second, a tenth of the tests' own time.
    """
    gc.collect()
    gc.freeze()


def pytest_runtest_logfinish() -> None:
    """Renew the worker's connection between two tests, now and then."""
    runtime_databases.renew_connection_in_turn()


def _build_template() -> None:
    from tenants.schemas.migrations import migrate_public

    with override_settings(SHOP_ROLES="off"):
        migrate_public()


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Replaces pytest-django's: a clone of a template that is built once a run."""
    from tenants.database.roles import sync_shop_roles

    with django_db_blocker.unblock():
        runtime_databases.ensure_template(_build_template)
        with runtime_databases.worker_database(sync_shop_roles), django_db_blocker.block():
            yield


@pytest.fixture(scope="session", autouse=True)
def ready_schemas() -> Iterator[Any]:
    """Let the shops of tests that roll back take schemas that are made ahead (tests/world/ready_schemas.py)."""
    from tests.world.ready_schemas import ReadySchemas

    schemas = ReadySchemas()
    take_away = schemas.install()
    yield schemas
    take_away()


@pytest.fixture(autouse=True)
def _tests_of_provisioning_make_schemas(request: pytest.FixtureRequest, ready_schemas: Any) -> Iterator[None]:
    """Have each shop's schema made by the product itself in the tests that are about it."""
    ready_schemas.are_offered = not request.node.nodeid.startswith(OF_PROVISIONING)
    yield
    ready_schemas.are_offered = True
    ready_schemas.age()


@pytest.fixture(scope="session", autouse=True)
def _described_answers() -> Iterator[None]:
    """Fail a test that receives an answer of the API which its description does not name."""
    send = Client.request

    def request(client: Client, **environ: Any) -> Any:
        response = send(client, **environ)
        path, method = environ.get("PATH_INFO", ""), environ.get("REQUEST_METHOD", "")
        if path.startswith("/api/v1/") and (urlconf := urlconf_of(response)) in URLCONFS:
            check_answer(method=method, path=path, response=response, urlconf=urlconf)
        return response

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Client, "request", request)
        yield


@pytest.fixture
def live_database(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[str]:
    """A database of its own for a test that commits, from any thread; dropped afterwards."""
    if {"db", "transactional_db"} & set(request.fixturenames):
        pytest.fail("live_database replaces db and the django_db marker; use one of them.")
    with django_db_blocker.unblock(), runtime_databases.throwaway_database() as name:
        yield name


@pytest.fixture
def some_database(request: pytest.FixtureRequest) -> None:
    """The database of the test: the live one if the test asked for it, else one that rolls back."""
    request.getfixturevalue("live_database" if "live_database" in request.fixturenames else "db")


@pytest.fixture
def one_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let limits count all requests of a test in one minute: on a busy machine one may end between two of them."""
    monkeypatch.setattr("kit.api.throttling.time", SimpleNamespace(time=lambda: 1_000_020.0))  # the start of a minute


@pytest.fixture(scope="session")
def redis_client() -> Iterator[redis.Redis]:
    """This worker's own Redis database."""
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        if client.dbsize():
            pytest.exit(f"{settings.REDIS_URL} is not empty, and the tests would empty it.", returncode=4)
        yield client


@pytest.fixture(scope="session", autouse=True)
def _redis_may_be_slow() -> Iterator[None]:
    """Have Redis counted as away only where it is: a busy machine may keep an answer back for a second."""
    from kit.db import redis as kit_redis

    slow = dict.fromkeys(kit_redis.TIMEOUTS, GUARD_SECONDS)
    with pytest.MonkeyPatch.context() as patch:
        for options in (kit_redis.TIMEOUTS, kit_redis.OPTIONS):
            for name, seconds in slow.items():
                patch.setitem(options, name, seconds)
        yield


@pytest.fixture(scope="session", autouse=True)
def _nothing_lazy_leaves_its_schema() -> Iterator[None]:
    """Have querysets and instances of shops' apps raise where they are used in another schema than their own."""
    from tests.world import lazy_guard

    take_away = lazy_guard.install()
    yield
    take_away()


@pytest.fixture(scope="session", autouse=True)
def _statements_are_looked_at() -> Iterator[None]:
    """Have every statement that the product sends parsed once (tests/world/one_place.py)."""
    from tests.world import one_place

    take_away = one_place.install()
    yield
    take_away()


@pytest.fixture(autouse=True)
def _one_statement_one_place(_statements_are_looked_at: None) -> Iterator[None]:
    """Fail a test in which the product sent a statement that names tables of two places."""
    from tests.world import one_place

    yield
    one_place.fail_on_offences()


@pytest.fixture(autouse=True)
def _nothing_remembered(redis_client: redis.Redis) -> Iterator[None]:
    """Leave no cart, cache entry, host, language, shop's schema or name in the tests' DNS to the next test."""
    from catalogue.discovery.selectors import pages
    from checkout.pricing.terms.memory import forget_all
    from checkout.waiting_room import rooms
    from kit.db.redis import forget_outage
    from payouts.commission import memory as commission_memory
    from tenants.database.connections import schema_connection
    from tenants.shops import currencies, host_cache, schema_names
    from tests.world.domains import empty_dns

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rooms, "KNOWN_SECONDS", float("inf"))  # so that no test's statements depend on the clock
        rooms.remember([])
        yield
    translation.deactivate()
    schema_connection().set_schema_to_public()
    schema_names.clear()
    currencies.clear()
    forget_all()
    commission_memory.forget_all()
    pages._broad.clear()
    forget_outage()
    redis_client.flushdb()
    host_cache.clear_process()
    empty_dns()


@pytest.fixture(autouse=True)
def _process_keeps_its_kind() -> Iterator[None]:
    """Fail a test that leaves its worker another kind of process's limits, which change other tests' statements."""
    options, kept = settings.DATABASES["default"]["OPTIONS"], gc.get_threshold()
    before = options.get("options", "")
    yield
    after, collected = options.get("options", ""), gc.get_threshold()
    if (after, collected) != (before, kept):
        options["options"] = before
        gc.set_threshold(*kept)
        pytest.fail(f"The test left its worker's connections {after!r}, and its garbage collector {collected}.")


@pytest.fixture
def eventually() -> Callable[..., Any]:
    """`eventually(check, timeout=180.0)`: poll until `check()` is true, and return what it said.

    What takes long is asked less often, for the questions take the processor from what they wait for. The time-out
    only ends a test that would wait for ever; a shorter one judges how busy the machine is.
    """
    return _eventually


def _eventually(check: Callable[[], T], *, timeout: float = GUARD_SECONDS) -> T:
    began = time.monotonic()
    while not (answer := check()):
        waited = time.monotonic() - began
        if waited > timeout:
            pytest.fail(f"Not within {timeout} s; last answer: {answer!r}")
        time.sleep(max(0.02, min(waited / 20, 0.25)))
    return answer


@pytest.fixture
def make_user(some_database: None) -> Callable[..., Any]:
    """`make_user(email, **fields)`: a person with a confirmed address and the password `secret-pass-1`."""
    from accounts.services.people import create_user

    def make(email: str, **fields: Any) -> Any:
        return create_user(email=email, password="secret-pass-1", is_email_verified=True, **fields)

    return make


@pytest.fixture
def buyer(make_user: Callable[..., Any]) -> Any:
    return make_user("buyer@example.com", name="Ada Obi")


@pytest.fixture
def operator(make_user: Callable[..., Any]) -> Any:
    return make_user("operator@example.com", name="Op Erator", is_operator=True)


@pytest.fixture
def shops(make_user: Callable[..., Any]) -> list[Any]:
    """Two live shops, each with an owner (`fabrics@example.com`, `kitchen@example.com`)."""
    from tenants.life.provisioning import provision_shop
    from tenants.models import ShopStatus

    made = []
    for slug, name, email in (
        ("indigo-fabrics", "Indigo Fabrics", "fabrics@example.com"),
        ("copper-kitchen", "Copper Kitchen", "kitchen@example.com"),
    ):
        owner = make_user(email)
        made.append(
            provision_shop(slug=slug, name=name, owner_id=owner.pk, now=NOW, currency="NGN", status=ShopStatus.LIVE)
        )
    return made


@pytest.fixture
def client() -> Client:
    """A browser on the platform's host."""
    return Client(HTTP_HOST=settings.BASE_DOMAIN)


@pytest.fixture
def api_client() -> APIClient:
    """An API client on the platform's host."""
    return APIClient(HTTP_HOST=settings.BASE_DOMAIN)


@pytest.fixture
def shop_client() -> Callable[[Any], Client]:
    """`shop_client(shop)`: a browser on a shop's host."""
    return lambda shop: Client(HTTP_HOST=f"{shop.slug}.{settings.BASE_DOMAIN}")


@pytest.fixture
def shop_api_client() -> Callable[[Any], APIClient]:
    """`shop_api_client(shop)`: an API client on a shop's host."""
    return lambda shop: APIClient(HTTP_HOST=f"{shop.slug}.{settings.BASE_DOMAIN}")


@pytest.fixture(scope="session")
def live_port() -> int:
    """The port of this worker's live site, known before it runs, so that webhooks can be sent there."""
    return runtime_live.free_port()


@pytest.fixture
def live_site(live_database: str, live_port: int, settings: LazySettings) -> Iterator[runtime_live.LiveSite]:
    """The whole site over real HTTP on a live database."""
    settings.PORT = live_port
    with runtime_live.serve(live_port) as site:
        yield site


@pytest.fixture(scope="session")
def _paystack_process(tmp_path_factory: pytest.TempPathFactory, live_port: int) -> Iterator[Any]:
    from paystack_sandbox.testing import SandboxProcess

    store: Path = tmp_path_factory.mktemp("paystack") / "store.sqlite3"
    address = f"http://127.0.0.1:{live_port}/webhooks/paystack/"
    with SandboxProcess(store=store, webhook_url=address, secret_key=settings.PAYSTACK_SECRET_KEY) as sandbox:
        yield sandbox


@pytest.fixture
def paystack(_paystack_process: Any, settings: LazySettings) -> Iterator[Any]:
    """The Paystack sandbox over real HTTP, empty; its webhooks go to `live_site`, if that runs."""
    settings.PAYSTACK_BASE_URL = _paystack_process.url
    _paystack_process.reset()
    yield _paystack_process
    _paystack_process.reset()
