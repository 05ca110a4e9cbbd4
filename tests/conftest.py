"""Fixtures for every test: databases, Redis, shops, people, clients."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TypeVar

import pytest
import redis
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker
from rest_framework.test import APIClient

from tests import runtime_databases

T = TypeVar("T")


def _build_template() -> None:
    call_command("migrate_schemas", shared=True, interactive=False, verbosity=0)


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Replaces pytest-django's: a clone of a template that is built once a run."""
    with django_db_blocker.unblock():
        runtime_databases.ensure_template(_build_template)
        with runtime_databases.worker_database():
            with django_db_blocker.block():
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


@pytest.fixture(scope="session")
def redis_client() -> Iterator[redis.Redis]:
    """This worker's own Redis database."""
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        yield client


@pytest.fixture(autouse=True)
def _clean_redis(redis_client: redis.Redis) -> Iterator[None]:
    yield
    redis_client.flushdb()


@pytest.fixture
def eventually() -> Callable[..., object]:
    """Poll until a function returns something true, and return that."""
    return _eventually


def _eventually(check: Callable[[], T], *, timeout: float = 5.0, every: float = 0.02) -> T:
    deadline = time.monotonic() + timeout
    while True:
        answer = check()
        if answer:
            return answer
        if time.monotonic() > deadline:
            pytest.fail(f"Not within {timeout} s; last answer: {answer!r}")
        time.sleep(every)


@pytest.fixture
def client() -> Client:
    """A browser on the platform's host."""
    return Client(HTTP_HOST=settings.BASE_DOMAIN)


@pytest.fixture
def api_client() -> APIClient:
    """An API client on the platform's host."""
    return APIClient(HTTP_HOST=settings.BASE_DOMAIN)
