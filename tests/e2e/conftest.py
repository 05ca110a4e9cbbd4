"""One open market for all browser tests, and visitors to it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from demo import accounts as demo_accounts
from runtime.datadir import DataDir
from tests.world.every_page import examples_of
from tests.world.front_end import serving_front_end
from tests.world.market_process import fresh_data_dir, running_market
from tests.world.visitor import CHROMIUM, OpenMarket, Visitor

QUIETLY = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--no-first-run",
    "--js-flags=--no-opt --no-maglev",  # no page lives long enough to win back what optimising its code takes
    # Pictures below the first view are loaded as by Chromium on a fast line; the headless shell does not know its line.
    "--blink-settings=lazyLoadingImageMarginPxUnknown=1250",
]
ACCOUNTS = {account.email.split("@")[0]: account for account in demo_accounts.ACCOUNTS}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what takes a browser where there is none."""
    skip = pytest.mark.skip(reason="no Chromium: install chromium or google-chrome")
    for item in items:
        if CHROMIUM is None and Path(__file__).parent in item.path.parents:
            item.add_marker(skip)


@pytest.fixture(scope="session")
def front_end() -> Iterator[str]:
    """The origin of another front end, which the market lists."""
    with serving_front_end() as origin:
        yield origin


@pytest.fixture(scope="session")
def market(front_end: str) -> Iterator[OpenMarket]:
    """The demo market, opened for the run; KASUWA_E2E_DATA_DIR names one that is open already."""
    if running := os.environ.get("KASUWA_E2E_DATA_DIR"):
        yield OpenMarket.at(DataDir(Path(running)))
        return
    with fresh_data_dir() as data_dir, ExitStack() as stack:
        with pytest.MonkeyPatch.context() as environment:  # the market's alone: other tests of this worker have none
            environment.setenv("FRONT_END_ORIGINS", front_end)
            stack.enter_context(running_market(data_dir, has_demo=True, timeout=600))
        yield OpenMarket.at(data_dir)


@pytest.fixture(scope="session")
def examples(market: OpenMarket) -> dict[str, Any]:
    """An example of each thing that an address names, made once."""
    return examples_of(market)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser; not for the whole session, as Django takes Playwright's thread for an asynchronous one."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIETLY)
        yield started
        started.close()


@pytest.fixture(scope="session")
def _signed_in() -> dict[str, Any]:
    """Stored sessions of signed-in browsers."""
    return {}


@pytest.fixture
def visit(market: OpenMarket, browser: Browser, _signed_in: dict[str, Any]) -> Iterator[Callable[..., Visitor]]:
    """`visit(who="", width=1280, **context)`: a new visitor; their browsers must have had nothing to complain of."""
    visitors: list[Visitor] = []

    def come(who: str = "", *, width: int = 1280, **options: Any) -> Visitor:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, storage_state=_signed_in.get(who), **options
        )
        visitor = Visitor(market, context, context.new_page())
        visitors.append(visitor)
        if who and who not in _signed_in:
            visitor.open("/account/sign-in/")
            visitor.sign_in(ACCOUNTS[who].email)
            _signed_in[who] = context.storage_state()
        return visitor

    yield come
    complaints = [complaint for visitor in visitors for complaint in visitor.complaints]
    for visitor in visitors:
        visitor.context.close()
    assert complaints == []
