"""One world for each module, in a transaction that is rolled back."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from gateway.port import Bank
from tests.isolation.trying import Keys
from tests.isolation.world import World, build_world


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield build_world()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _no_provider() -> None:
    """The provider has said what banks there are, so that it need not be asked."""
    for currency in ("NGN", "GHS", "KES", "ZAR", "USD"):
        cache.set(f"public:gateway:banks:{currency}", [Bank(name="A bank", code="058", currency=currency, kind="bank")])


@pytest.fixture(scope="module")
def keys(world: World) -> Keys:
    return Keys(world)
