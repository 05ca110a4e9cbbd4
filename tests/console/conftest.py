"""A market with a week behind it, and the console of an operator who looks at it two days later."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from tests.world.books import Market, make_failed_event, make_market, make_operator
from tests.world.clock import NOW
from webhooks.models import InboundEvent


@pytest.fixture
def two_days_later() -> Iterator[None]:
    with time_machine.travel(NOW + timedelta(days=2), tick=False):
        yield


@pytest.fixture
def operator(db: None) -> User:
    return make_operator()


@pytest.fixture
def market(db: None) -> Market:
    return make_market()


@pytest.fixture
def event(market: Market) -> InboundEvent:
    return make_failed_event(market)


@pytest.fixture
def console(client: Client, operator: User) -> Client:
    client.force_login(operator)
    return client
