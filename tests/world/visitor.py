"""A visitor's browser, with the errors that it reports."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Response, expect

from demo.accounts import PASSWORD
from runtime.datadir import DataDir, read_json

# Debian's shell has Chromium's engine without its windows, and takes a quarter less.
BROWSERS = ("chromium-headless-shell", "chromium", "google-chrome", "chromium-browser")
CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), None)  # without one, browser tests are skipped
BASE_DOMAIN = "kasuwa.localhost"
TIMEOUT_MS = 30_000
ADDRESS = {
    "Full name": "Ngozi Eze",
    "Phone": "+2348031234567",
    "Street and number": "4 Ogui Road",
    "Town or city": "Enugu",
    "State": "Enugu",
}


@dataclass(frozen=True, slots=True)
class OpenMarket:
    """Address and data directory of a running market."""

    data_dir: DataDir
    port: int
    sandbox_port: int

    @classmethod
    def at(cls, data_dir: DataDir) -> OpenMarket:
        """The market that runs on some data."""
        told = read_json(data_dir.up_state)["environment"]
        sandbox_port = urlsplit(told["PAYSTACK_BASE_URL"]).port
        assert sandbox_port is not None
        return cls(data_dir, int(told["KASUWA_PORT"]), sandbox_port)


@dataclass
class Visitor:
    """One browser context with one page; every complaint of the browser is remembered."""

    market: OpenMarket
    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)
    _expected: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.context.set_default_timeout(TIMEOUT_MS)
        expect.set_options(timeout=TIMEOUT_MS)
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(f"{self.page.url}: {error}"))
        self.page.on("response", self._look_at)

    def _hear(self, message: ConsoleMessage) -> None:
        # What could not be loaded is reported with its address by `_look_at`.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.complaints.append(f"{self.page.url}: {message.text}")

    def _look_at(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self._expected:
            self.complaints.append(f"{self.page.url}: {response.status} for {response.url}")

    @contextmanager
    def refused_with(self, status: int) -> Iterator[None]:
        """Take answers of a status for what they should be, inside the block."""
        self._expected.add(status)
        yield
        self._expected.discard(status)

    def url(self, path: str = "/", *, shop: str = "") -> str:
        """An address on the platform, or on a shop's host."""
        host = f"{shop}.{BASE_DOMAIN}" if shop else BASE_DOMAIN
        return f"http://{host}:{self.market.port}{path}"

    def open(self, path: str = "/", *, shop: str = "") -> Response:
        """Open an address, and return the answer."""
        answer = self.page.goto(self.url(path, shop=shop))
        assert answer is not None
        return answer

    def press(self, name: str, *, within: Locator | None = None, exact: bool = True) -> None:
        """Press a button of the page's main part."""
        place = within or self.page.get_by_role("main")
        place.get_by_role("button", name=name, exact=exact).click()

    def sign_in(self, email: str) -> None:
        """Fill in the sign-in page that is open."""
        self.page.get_by_label("E-mail address").fill(email)
        self.page.get_by_label("Password", exact=True).fill(PASSWORD)
        self.press("Sign in")
        self.page.wait_for_url(lambda address: "/account/sign-in/" not in address)

    def search(self, words: str) -> None:
        """Search with the form in the page's head, from the home page if none is open yet."""
        if self.page.url == "about:blank":
            self.open()
        form = self.page.get_by_role("banner").get_by_role("search")
        form.get_by_role("searchbox").fill(words)
        form.get_by_role("button", name="Search").click()
        self.page.wait_for_url(lambda address: urlsplit(address).path == "/search/")

    def find(self, title: str) -> None:
        """Search for a product, and open its page."""
        self.search(title)
        self.page.get_by_role("main").get_by_role("link", name=title).first.click()
        expect(self.page.get_by_role("heading", level=1, name=title, exact=True)).to_be_visible()

    def buy(self, title: str, choice: str = "") -> None:
        """Find a product, choose a variant, and put it in the basket."""
        self.find(title)
        if choice:
            self.choose(choice)
        self.add()
        self.page.get_by_role("main").get_by_role("link", name="Go to basket").click()
        expect(self.page.get_by_role("heading", level=1, name="Your basket")).to_be_visible()

    def add(self) -> None:
        """Put what the open product's page shows in the basket; the page stays open."""
        self.press("Add to basket")
        expect(self.page.locator("#added")).to_contain_text("In your basket")

    def choose(self, choice: str) -> None:
        """Choose a variant of the product whose page is open; its price may stand beside it."""
        self.page.get_by_role("radio", name=re.compile(rf"^{re.escape(choice)}( ₦|$)")).check()

    def say_where(self) -> None:
        """Choose the state to which the basket goes, as its page asks for where fees depend on it."""
        self.open("/cart/destination/")
        self.page.get_by_label("State").first.select_option(label=ADDRESS["State"])
        self.press("Show what delivery costs")

    def fill_in_checkout(self, email: str) -> None:
        """Open checkout, and say who buys and where to send it."""
        self.open("/checkout/")
        self.page.get_by_label("E-mail").fill(email)
        for label, words in ADDRESS.items():
            field = self.page.get_by_label(label, exact=True).first
            field.select_option(label=words) if label == "State" else field.fill(words)

    def order(self) -> None:
        """Press the button that orders, and arrive at the payment page."""
        self.press("Order and pay", exact=False)
        self.page.wait_for_url(re.compile(rf"//(localhost|127\.0\.0\.1):{self.market.sandbox_port}/"))

    def total_minor(self) -> int:
        """The total that the page shows."""
        row = self.page.locator(".money-row", has=self.page.get_by_text("Total", exact=True))
        return minor(row.locator("dd").inner_text())

    def is_wider_than_the_screen(self) -> bool:
        """Return whether the page must be scrolled sideways."""
        return bool(self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


def minor(text: str) -> int:
    """Kobo of an amount such as ₦18,500 or ₦18,500.50."""
    whole, _, kobo = text.strip().removeprefix("₦").replace(",", "").partition(".")
    return int(whole) * 100 + int((kobo or "0").ljust(2, "0"))
