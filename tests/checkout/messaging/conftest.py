"""An unpaid and a paid order of a guest, and the owner of their shop."""

from __future__ import annotations

import pytest

from accounts.models import User
from checkout.models import SubOrder
from tests.world.clock import NOW
from tests.world.market import Stocked, buy, open_shop, stock
from tests.world.own_shop import member, paid_order


@pytest.fixture
def item(db: None) -> Stocked:
    return stock(open_shop("cloth-hall"))


@pytest.fixture
def part(item: Stocked) -> SubOrder:
    """The shop's part of a paid order."""
    number = paid_order(item, now=NOW)
    return SubOrder.objects.select_related("order", "shop").get(number=number)


@pytest.fixture
def unpaid(item: Stocked) -> SubOrder:
    """The shop's part of an order that waits for its payment."""
    order = buy(item.line())
    return SubOrder.objects.select_related("order", "shop").get(order=order)


@pytest.fixture
def owner(item: Stocked) -> User:
    return member(item.shop)
