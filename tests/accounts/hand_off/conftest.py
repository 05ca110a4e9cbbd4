"""Two shops at domains of their own, and the browser of somebody who works in one of them."""

import pytest

from accounts.models import User
from tenants.models import Shop
from tests.world.domains import prove
from tests.world.hand_off import HOST, OTHER, Browser
from tests.world.own_shop import member
from tests.world.shops import make_shop


@pytest.fixture
def indigo() -> Shop:
    shop = make_shop("indigo")
    prove(shop, HOST, primary=True)
    return shop


@pytest.fixture
def copper() -> Shop:
    shop = make_shop("copper")
    prove(shop, OTHER, primary=True)
    return shop


@pytest.fixture
def vendor(indigo: Shop) -> User:
    return member(indigo)


@pytest.fixture
def browser(vendor: User) -> Browser:
    """The vendor's, signed in on the platform."""
    browser = Browser()
    browser.sign_in(vendor)
    return browser
