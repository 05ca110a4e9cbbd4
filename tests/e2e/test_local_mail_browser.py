"""The local market's mailbox in a browser: signing up by its letter, and letters that mean harm."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.filebased import EmailBackend
from playwright.sync_api import Browser, expect

from paystack_sandbox.testing import SandboxProcess
from tests.world.page_checks import faults_of_page
from tests.world.visitor import Visitor

Visit = Callable[..., Visitor]
HOSTILE = """
<script>parent.document.title = "taken"; document.body.append("it ran")</script>
<img src="x" onerror="document.body.append('it ran')">
<svg onload="document.body.append('it ran')"></svg>
<meta http-equiv="refresh" content="0;url=/sandbox/">
<form action="/sandbox/reset" method="post"><button>Reset</button></form>
<iframe src="/sandbox/"></iframe>
<a href="javascript:document.body.append('it ran')">Click here</a>
<p style="width: 5000px">As wide as it likes</p>
"""


@pytest.mark.parametrize("has_javascript", [True, False])
def test_a_letter_is_read_in_the_mailbox_and_its_link_goes_on(visit: Visit, has_javascript: bool) -> None:
    newcomer = visit(java_script_enabled=has_javascript)
    address = f"mailbox-{uuid4().hex}@example.com"
    newcomer.open("/account/sign-up/")
    newcomer.page.get_by_label("Your name").fill("Ngozi Eze")
    newcomer.page.get_by_label("E-mail address").fill(address)
    newcomer.page.get_by_label("Password", exact=True).fill("three-quiet-market-days")
    newcomer.press("Open account")
    newcomer.page.wait_for_load_state()

    mailbox = f"http://localhost:{newcomer.market.sandbox_port}/sandbox/mail/"
    for _ in range(200):
        newcomer.page.goto(mailbox)
        if newcomer.page.get_by_text(address).count():
            break
        newcomer.page.wait_for_timeout(100)
    newcomer.page.get_by_role("listitem").filter(has_text=address).get_by_role("link").click()
    letter = newcomer.page.frame_locator("iframe")
    with newcomer.context.expect_page() as opened:
        letter.get_by_role("link").first.click()
    finish = opened.value
    finish.wait_for_load_state()
    assert "/account/sign-up/finish/" in finish.url
    expect(finish.get_by_text(address)).to_be_visible()
    with newcomer.context.expect_page() as opened_from_text:
        newcomer.page.locator("pre").get_by_role("link").first.click()
    opened_from_text.value.wait_for_load_state()
    assert opened_from_text.value.url == finish.url


def test_the_mailbox_and_a_letter_fit_and_are_accessible(visit: Visit) -> None:
    reader = visit()
    mailbox = f"http://localhost:{reader.market.sandbox_port}/sandbox/mail/"
    reader.page.goto(mailbox)
    found = list(faults_of_page(reader, "mailbox"))
    reader.page.get_by_role("listitem").get_by_role("link").first.click()
    found += faults_of_page(reader, "letter")
    assert found == []


def test_a_hostile_letter_runs_nothing_sends_nothing_and_stays_in_its_frame(browser: Browser, tmp_path: Path) -> None:
    folder = tmp_path / "mail"
    with (
        SandboxProcess(
            "--mail", str(folder), store=tmp_path / "s.sqlite3", webhook_url="http://127.0.0.1:9/"
        ) as sandbox,
        browser.new_context(viewport={"width": 390, "height": 900}) as context,
    ):
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url.removeprefix(sandbox.url)))
        page.goto(f"{sandbox.url}/sandbox/mail/")
        expect(page.get_by_text("No letter has been sent yet")).to_be_visible()

        message = EmailMultiAlternatives("W" * 200, "y" * 500, "a@b.ng", ["<script>@b.ng"])
        message.attach_alternative(HOSTILE, "text/html")
        with EmailBackend(file_path=str(folder)) as backend:
            backend.send_messages([message])
        page.reload()
        page.get_by_role("listitem").get_by_role("link").click()
        letter = page.frame_locator("iframe")
        letter.get_by_role("link", name="Click here").click()
        letter.get_by_role("button", name="Reset").click()
        expect(letter.get_by_text("As wide as it likes")).to_be_visible()
        assert letter.get_by_text("it ran").count() == 0
        assert page.title().startswith("WWW")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        allowed = ("/sandbox/mail/", "/sandbox/sandbox.css")
        assert [path for path in asked if not path.startswith(allowed) and "favicon" not in path] == []
