"""An outage of the mail server: people notice nothing; letters wait and are sent when it is back."""

from __future__ import annotations

import smtplib
import socket
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from kit.work import outbox
from notifications.models import Email
from notifications.services.emails import deliver_email, sweep_emails
from tests.world.factories.people import PASSWORD, person
from tests.world.market import open_shop, stock
from tests.world.own_shop import paid_order

pytestmark = pytest.mark.django_db
OnCommit = DjangoCaptureOnCommitCallbacks
SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.fixture(params=["killed", "hanging"])
def calls(request: pytest.FixtureRequest, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Send this process's mail to a port without a server; each call is counted."""
    found: list[int] = []
    connect = smtplib.SMTP.connect

    def note(self: smtplib.SMTP, host: str = "localhost", port: int = 0, **more: Any) -> Any:
        found.append(port)
        return connect(self, host, port, **more)

    monkeypatch.setattr(smtplib.SMTP, "connect", note)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        if request.param == "hanging":
            silent.listen(64)
        before = settings.EMAIL_BACKEND
        settings.EMAIL_BACKEND, settings.EMAIL_USE_TLS = SMTP, False
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", silent.getsockname()[1]
        settings.EMAIL_TIMEOUT = 0.3
        yield found
        settings.EMAIL_BACKEND = before


def test_people_go_on_without_a_mail_server(calls: list[int]) -> None:
    """Nothing that somebody waits for calls it: letters are queued with what they are about."""
    person(email="amina@example.com")
    client = Client(HTTP_HOST="kasuwa.localhost")
    asked = {
        "/account/sign-up/": {"name": "Ngozi", "email": "ngozi@example.com", "password1": PASSWORD},
        "/account/password/reset/": {"email": "amina@example.com"},
        "/account/sign-in/": {"login": "amina@example.com", "password": PASSWORD},
    }
    for path, form in asked.items():
        assert client.post(path, form).status_code == 302, path
    paid_order(stock(open_shop("indigo-fabrics")))
    outbox.relay(now=timezone.now())
    assert Email.objects.filter(sent_at=None).count() == 2
    for path in ("/", "/search/?q=adire", "/orders/"):
        assert client.get(path).status_code == 200, path
    assert calls == []


def test_letters_wait_for_the_mail_server_and_are_sent_when_it_is_back(
    calls: list[int], settings: Any, django_capture_on_commit_callbacks: OnCommit
) -> None:
    client = Client(HTTP_HOST="kasuwa.localhost")
    form = {"name": "Ngozi", "email": "ngozi@example.com", "password1": PASSWORD}
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post("/account/sign-up/", form).status_code == 302
    letter = Email.objects.get()
    now = letter.created_at
    while letter.due_at < letter.created_at + timedelta(hours=1):
        now = max(now, letter.due_at)
        assert not deliver_email(email_id=letter.pk, now=now)
        letter.refresh_from_db()
        assert (letter.sent_at, letter.given_up_at) == (None, None)
        assert letter.last_error
        assert letter.due_at > now

    assert len(calls) > 5
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert mail.outbox == []
    with django_capture_on_commit_callbacks(execute=True):
        assert sweep_emails(now=letter.due_at) == 1
    letter.refresh_from_db()
    if letter.sent_at is None:  # the task found it before its time
        assert deliver_email(email_id=letter.pk, now=letter.due_at)
    assert [each.to for each in mail.outbox] == [["ngozi@example.com"]]


def test_letters_wait_while_no_mail_server_is_set(settings: Any, django_capture_on_commit_callbacks: OnCommit) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = SMTP, ""
    form = {"name": "Ngozi", "email": "ngozi@example.com", "password1": PASSWORD}
    with django_capture_on_commit_callbacks(execute=True):
        assert Client(HTTP_HOST="kasuwa.localhost").post("/account/sign-up/", form).status_code == 302
    letter = Email.objects.get()
    assert (letter.sent_at, letter.given_up_at) == (None, None)
    assert "EMAIL_HOST" in letter.last_error
