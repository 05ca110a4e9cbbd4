"""Strangers can't have the market write to somebody over and over, nor in words of their own."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks
from rest_framework.test import APIClient

from accounts.services.letters_asked_for import TooManyLettersError, may_write_to, readable_name
from notifications.channels.mail import deliverable
from notifications.channels.port import UndeliverableError
from notifications.models import Email
from notifications.services import queue_email
from notifications.services.emails import deliver_email
from tenants.models import Invitation, Role, Shop, ShopApplication
from tenants.staff.invitations import invite_member
from tests.world.clock import NOW
from tests.world.factories.people import PASSWORD, person

pytestmark = pytest.mark.django_db
OnCommit = DjangoCaptureOnCommitCallbacks
VICTIM = "victim@example.com"
LURE = "URGENT: your account is blocked, verify at https://evil.example/login"
REQUESTED_SHOP = {"country": "NG", "currency": "NGN", "what_is_sold": LURE}


@pytest.fixture(autouse=True)
def _limits(settings: Any, redis_client: Any) -> None:
    settings.LETTERS_TO_ONE_MAILBOX = ((4, 3600),)


@pytest.fixture
def api() -> APIClient:
    return APIClient(HTTP_HOST="kasuwa.localhost")


def apply(api: APIClient, number: int, email: str = VICTIM) -> Any:
    return api.post(
        "/api/v1/applications/", REQUESTED_SHOP | {"shop_name": LURE, "slug": f"shop-{number}", "email": email}
    )


def test_a_victim_is_written_to_a_few_times_whatever_the_spelling(api: APIClient) -> None:
    spelt = [
        VICTIM,
        "victim+a@example.com",
        "VICTIM@example.com",
        "victim+b@EXAMPLE.com",
        VICTIM,
        "victim+c@example.com",
    ]
    answers = [apply(api, number, email) for number, email in enumerate(spelt)]

    assert [answer.status_code for answer in answers] == [201] * 4 + [429] * 2
    assert answers[-1].json()["code"] == "too_many_letters"
    assert int(answers[-1]["Retry-After"]) > 0
    assert (Email.objects.count(), ShopApplication.objects.count()) == (4, 4)


def test_all_kinds_of_letters_count_together(api: APIClient, client: Client, shops: list[Shop]) -> None:
    apply(api, 1)
    api.post("/api/v1/auth/registration/", {"email": VICTIM, "password": PASSWORD})
    invite_member(shop_id=shops[0].pk, email=VICTIM, role=Role.VIEWER, invited_by_id=None, now=NOW)
    client.force_login(person(email=VICTIM))
    client.post("/account/email/resend/")
    assert Email.objects.filter(to=VICTIM).count() == 4

    assert apply(api, 2).status_code == 429
    with pytest.raises(TooManyLettersError):
        invite_member(shop_id=shops[1].pk, email=VICTIM, role=Role.VIEWER, invited_by_id=None, now=NOW)
    api.post("/api/v1/auth/registration/resend-email/", {"email": VICTIM})

    assert Email.objects.filter(to=VICTIM).count() == 4
    assert Invitation.objects.count() == 1
    assert apply(api, 3, "somebody.else@example.com").status_code == 201


def test_a_full_mailbox_still_gets_its_reset(api: APIClient, django_capture_on_commit_callbacks: OnCommit) -> None:
    person(email=VICTIM)
    while may_write_to(email=VICTIM):
        pass
    with django_capture_on_commit_callbacks(execute=True):
        api.post("/api/v1/auth/password/reset/", {"email": VICTIM})
    assert [letter.subject for letter in mail.outbox] == ["Set a new password"]


def test_an_operators_invitation_is_not_held_up(shops: list[Shop]) -> None:
    while may_write_to(email=VICTIM):
        pass
    invite_member(
        shop_id=shops[0].pk, email=VICTIM, role=Role.OWNER, invited_by_id=None, now=NOW, is_asked_by_shop=False
    )
    assert Email.objects.filter(to=VICTIM).count() == 1


def test_first_letters_hold_nothing_that_a_stranger_wrote(
    api: APIClient, shops: list[Shop], django_capture_on_commit_callbacks: OnCommit
) -> None:
    inviter = person(name="Click evil.example now")
    Shop.objects.filter(pk=shops[0].pk).update(name="Prize! www.evil.example")
    with django_capture_on_commit_callbacks(execute=True):
        apply(api, 1)
        api.post("/api/v1/auth/registration/", {"email": "b@example.com", "password": PASSWORD, "name": LURE})
        invite_member(shop_id=shops[0].pk, email="c@example.com", role=Role.VIEWER, invited_by_id=inviter.pk, now=NOW)

    assert len(mail.outbox) == 3
    for letter in mail.outbox:
        assert isinstance(letter, mail.EmailMultiAlternatives)
        html = str(letter.alternatives[0][0])
        for words in ("evil.example", "URGENT", "Prize"):
            assert words not in f"{letter.subject}{letter.body}{html}", letter.subject


@pytest.mark.parametrize(
    "name",
    [
        "https://evil.example",
        "evil.example/login",
        "WWW.evil",
        "mail me@evil",
        "Call 0803 123 4567",
        "a" * 61,
        "Ada\nhttp://x",
    ],
)
def test_a_name_that_can_be_followed_or_dialled_is_left_out(name: str) -> None:
    assert readable_name(name, otherwise="-") == "-"


@pytest.mark.parametrize(
    "name", ["Amina Bello", "Ama O’Brien-Mensah", "Ɗan Maraya", "Shop 24", "Dr. Ada", "J. R. Okafor"]
)
def test_names_are_said_as_they_are(name: str) -> None:
    assert readable_name(name) == name


def test_line_breaks_in_a_name_end_no_line() -> None:
    assert readable_name("Amina\r\nBcc: x") == "Amina Bcc: x"


@pytest.mark.parametrize(
    ("address", "sent_to"),
    [
        ("ada@faß.example", "ada@xn--fa-hia.example"),
        ("ada@bücher.example", "ada@xn--bcher-kva.example"),
        ("ada@Example.com", "ada@example.com"),
    ],
)
def test_a_domain_is_that_of_idna_2008(
    address: str, sent_to: str, django_capture_on_commit_callbacks: OnCommit
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        queue_email(to=address, template="account_exists", context={}, dedup_key="k", now=NOW)

    assert mail.outbox[0].to == [sent_to]
    assert deliverable(address) == sent_to


@pytest.mark.parametrize("address", ["ada@☃.example", "ada@a..example", "ada", "ada@", "ãda@example.com"])
def test_an_address_without_such_a_form_is_given_up_with_the_reason(address: str) -> None:
    letter = Email.objects.create(to="a@example.com", subject="S", text="T", dedup_key="k", created_at=NOW, due_at=NOW)
    with connection.cursor() as cursor:  # as it was written before addresses were judged
        cursor.execute('UPDATE notifications_email SET "to" = %s WHERE id = %s', [address, letter.pk])

    with pytest.raises(UndeliverableError):
        deliverable(address)
    assert not deliver_email(email_id=letter.pk, now=NOW)

    letter.refresh_from_db()
    assert letter.given_up_at is not None
    assert "no address that mail can be sent to" in letter.last_error
    assert mail.outbox == []
