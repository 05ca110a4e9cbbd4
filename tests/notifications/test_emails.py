"""E-mails are written with their cause and sent once."""

from datetime import timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from pytest_django import DjangoCaptureOnCommitCallbacks

from kit.work import leased
from notifications import tasks
from notifications.models import Email
from notifications.services import queue_email
from notifications.services.emails import EMAILS, deliver_email, retry_email, sweep_emails
from tests.world.clock import TODAY

pytestmark = pytest.mark.django_db
OnCommit = DjangoCaptureOnCommitCallbacks
MAX_ATTEMPTS = EMAILS.back_off.attempts or 0


def queue(**changes: Any) -> None:
    values: dict[str, Any] = {
        "to": "amina@example.com",
        "template": "account_reset_password",
        "context": {"name": "Amina & <Co>", "link": "http://kasuwa.localhost:8000/x/"},
        "dedup_key": "one",
        "now": TODAY,
    }
    queue_email(**(values | changes))


@pytest.fixture
def broken_server(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Any, messages: Any) -> int:
        raise SMTPServerDisconnected("gone")

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)


def test_nothing_is_sent_before_the_commit(django_capture_on_commit_callbacks: OnCommit) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        queue()
        assert mail.outbox == []
    message = mail.outbox[0]
    assert message.subject == "Set a new password"
    assert "Hello Amina & <Co>," in message.body
    html = message.alternatives[0][0]  # type: ignore[attr-defined]
    assert "Amina &amp; &lt;Co&gt;" in html
    assert Email.objects.get().sent_at


def test_the_task_run_twice_sends_once(django_capture_on_commit_callbacks: OnCommit) -> None:
    queue()
    email = Email.objects.get()
    tasks.send_email(email_id=email.pk, unknown="later")
    tasks.send_email(email_id=email.pk)
    assert len(mail.outbox) == 1
    email.refresh_from_db()
    assert email.attempts == 1
    assert sweep_emails(now=TODAY + timedelta(days=1)) == 0


def test_the_same_key_is_one_e_mail(django_capture_on_commit_callbacks: OnCommit) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        queue()
        queue(to="other@example.com")
    assert [message.to for message in mail.outbox] == [["amina@example.com"]]


def test_one_that_is_being_sent_is_left_alone_until_its_lease_is_over() -> None:
    queue()
    email = Email.objects.get()
    assert leased.claim(EMAILS, now=TODAY)
    assert not deliver_email(email_id=email.pk, now=TODAY + timedelta(minutes=4))
    assert mail.outbox == []
    assert deliver_email(email_id=email.pk, now=TODAY + timedelta(minutes=6))
    assert len(mail.outbox) == 1


@pytest.mark.usefixtures("broken_server")
def test_a_broken_server_is_tried_again_for_a_day_and_given_up_in_the_end() -> None:
    queue()
    email = Email.objects.get()
    now, waits = TODAY, []
    for _ in range(MAX_ATTEMPTS):
        assert not deliver_email(email_id=email.pk, now=now)
        email.refresh_from_db()
        waits.append(int((email.due_at - now).total_seconds() // 60))
        now = email.due_at
    assert waits[:-1] == [1, 2, 4, 8, 16, 32, 64, 128, *[180] * 7]
    assert timedelta(days=1) <= timedelta(minutes=sum(waits[:-1])) < timedelta(days=2)
    assert "SMTPServerDisconnected: gone" in email.last_error
    assert not email.sent_at
    assert email.given_up_at
    assert sweep_emails(now=now) == 0
    assert not deliver_email(email_id=email.pk, now=now)


UNWRITABLE = f"amina@{'ü' * 64}.example"  # a label of a domain has 63 characters at most


def test_an_address_that_cannot_be_encoded_is_given_up_at_once_with_the_reason() -> None:
    queue(to=UNWRITABLE)
    queue(dedup_key="sound")
    assert sweep_emails(now=TODAY) == 1
    email = Email.objects.get(to=UNWRITABLE)
    assert (email.attempts, email.given_up_at, email.sent_at) == (1, TODAY, None)
    assert "no address that mail can be sent to: Label too long" in email.last_error  # in words, not the class
    assert [message.to for message in mail.outbox] == [["amina@example.com"]]


@pytest.mark.parametrize(("code", "is_over"), [(550, True), (450, False)])
def test_a_refused_address_is_given_up_only_where_it_is_refused_for_good(
    monkeypatch: pytest.MonkeyPatch, code: int, is_over: bool
) -> None:
    def refuse(self: Any, messages: Any) -> int:
        raise SMTPRecipientsRefused({"amina@example.com": (code, b"mailbox")})

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
    queue()
    assert not deliver_email(email_id=Email.objects.get().pk, now=TODAY)
    email = Email.objects.get()
    assert (bool(email.given_up_at), "mailbox" in email.last_error) == (is_over, True)


def test_whatever_is_raised_is_noted_and_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(self: Any, messages: Any) -> int:
        raise LookupError("a nul \x00 here")

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", break_down)
    queue()
    assert not deliver_email(email_id=Email.objects.get().pk, now=TODAY)
    email = Email.objects.get()
    assert (email.due_at, email.given_up_at) == (TODAY + timedelta(minutes=1), None)
    assert email.last_error == "LookupError: a nul  here"


def test_a_letter_that_an_older_worker_has_tried_for_the_last_time_is_given_up() -> None:
    queue()
    Email.objects.update(attempts=MAX_ATTEMPTS, last_error="gone")
    assert sweep_emails(now=TODAY) == 0
    email = Email.objects.get()
    assert (email.given_up_at, email.last_error, mail.outbox) == (TODAY, "gone", [])


def test_the_sweeper_finds_what_was_missed() -> None:
    queue()
    queue(dedup_key="two", now=TODAY + timedelta(hours=1))
    assert mail.outbox == []
    assert sweep_emails(now=TODAY) == 1
    assert len(mail.outbox) == 1


def test_a_given_up_e_mail_can_be_sent_again(django_capture_on_commit_callbacks: OnCommit) -> None:
    queue()
    email = Email.objects.get()
    Email.objects.update(attempts=MAX_ATTEMPTS, given_up_at=TODAY)
    assert sweep_emails(now=TODAY) == 0
    with django_capture_on_commit_callbacks(execute=True):
        retry_email(email_id=email.pk, now=TODAY)
    assert len(mail.outbox) == 1


def test_a_secret_is_forgotten_once_sent(django_capture_on_commit_callbacks: OnCommit) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        queue(is_secret=True)
    assert "/x/" in mail.outbox[0].body
    email = Email.objects.get()
    assert (email.text, email.html) == ("", "")
    with pytest.raises(IntegrityError, match="email_secret_emptied"), transaction.atomic():
        Email.objects.update(text="the link")


def test_a_subject_is_one_plain_line(django_capture_on_commit_callbacks: OnCommit) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        queue(context={"name": "A\r\nBcc: x@example.com", "link": ""})
    assert "\n" not in mail.outbox[0].subject
    assert mail.outbox[0].extra_headers["Message-ID"].endswith("@kasuwa.localhost>")
