"""A delivered order of three units of size M, of a product in four sizes."""

from __future__ import annotations

import pytest

from checkout.models import SubOrder
from paystack_sandbox.testing import SandboxProcess
from tests.world.exchanges import Sizes, deliver, pay_for, stock_sizes
from tests.world.market import buy, open_shop


@pytest.fixture
def sizes(db: None) -> Sizes:
    return stock_sizes(open_shop("cloth-hall"))


@pytest.fixture
def part(sizes: Sizes, paystack: SandboxProcess) -> SubOrder:
    order = buy(sizes["M"].line(3))
    pay_for(order, paystack)
    return deliver(order)
