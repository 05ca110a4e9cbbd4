"""An open conversation is read by itself, also what comes while it is open, and by its button where that fails."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connections
from django.utils import timezone
from playwright.sync_api import Response, Route, expect, sync_playwright

from checkout.messaging.sending import NewMessage, send_message
from checkout.models import MessageSide, OrderMessage, SubOrder
from kit.work import outbox
from tests.e2e.conftest import QUIETLY
from tests.world.live_site import LiveSite
from tests.world.market import open_shop, stock
from tests.world.own_shop import paid_order
from tests.world.visitor import CHROMIUM

T = TypeVar("T")
LIVE_MS = 15_000
TYPED = "Half a sente"


def apart(work: Callable[[], T]) -> T:
    """Do something with the database, which the thread of a browser may not."""

    def done() -> T:
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(done).result()


def write(part: SubOrder, text: str) -> None:
    send_message(NewMessage(part, MessageSide.SHOP, None, text), now=timezone.now())
    outbox.relay(now=timezone.now())


def unread() -> list[str]:
    return list(OrderMessage.objects.filter(read_by_buyer_at=None).values_list("text", flat=True))


def test_an_open_conversation_is_read(live_site: LiveSite) -> None:
    number = paid_order(stock(open_shop("cloth-hall")))
    part = SubOrder.objects.select_related("order", "shop").get(number=number)
    write(part, "It is packed")
    own, key = f"/orders/{part.order.number}/messages/{number}/", part.order.access_key
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIETLY)
        page = browser.new_page()
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        talk, button = page.locator("#live-talk"), page.get_by_role("button", name="Mark as read")
        new, text = talk.get_by_text("New", exact=True), page.get_by_label("Your message")

        with page.expect_response(lambda answer: answer.request.method == "POST") as sent:
            page.goto(live_site.url(f"{own}?key={key}"))
        assert sent.value.status == 200
        expect(button).to_have_count(0)
        assert apart(unread) == []
        text.fill(TYPED)

        methods: list[str] = []

        def is_asked_again_after_the_mark(answer: Response) -> bool:
            methods.extend([answer.request.method] if answer.url.endswith(own) else [])
            return methods[-2:] == ["POST", "GET"]

        with page.expect_response(is_asked_again_after_the_mark, timeout=LIVE_MS):
            apart(lambda: write(part, "It is on its way"))
        expect(talk).to_contain_text("It is on its way")
        expect(button).to_have_count(0)
        expect(new).to_have_count(1)  # that of before is gone, and this one stays to be seen
        assert apart(unread) == []
        assert complaints == []

        def refuse(route: Route) -> None:
            if route.request.method == "POST":
                route.fulfill(status=403, body="")
            else:
                route.continue_()

        page.route(f"**{own}", refuse)
        apart(lambda: write(part, "It is here"))
        expect(button).to_be_visible(timeout=LIVE_MS)
        expect(text).to_have_value(TYPED)
        assert apart(unread) == ["It is here"]
        page.unroute(f"**{own}")
        button.click()
        expect(button).to_have_count(0)
        assert apart(unread) == []
        browser.close()
