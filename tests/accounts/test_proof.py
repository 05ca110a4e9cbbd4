"""Proving an address never makes good what somebody else has set up: an account opened with a victim's address."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.core import mail
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks
from rest_framework.test import APIClient

from accounts.adapter import AccountAdapter
from accounts.errors import PasswordChangedError
from accounts.models import Address, User
from accounts.selectors import is_email_verified
from accounts.services.proof import EmailProved, take_account
from kit.wiring import Follows
from tenants.models import Membership, Role, Shop
from tests.world.factories.people import address_of, person
from tests.world.staff import invite
from tests.world.wiring import wired

pytestmark = pytest.mark.django_db
OnCommit = DjangoCaptureOnCommitCallbacks
VICTIM = "victim@example.com"
ATTACKERS = "four harmattan kites"
VICTIMS = "seven baobab umbrellas"
AUTH = "/api/v1/auth/"


class Attacker:
    """An attacker who had opened an account with the victim's address when that needed no proof, and uses it."""

    def __init__(self) -> None:
        self.api, self.browser = APIClient(HTTP_HOST="kasuwa.localhost"), Client(HTTP_HOST="kasuwa.localhost")
        self.user = person(email=VICTIM, password=ATTACKERS)
        self.tokens = self.api.post(f"{AUTH}login/", {"email": VICTIM, "password": ATTACKERS}).json()["data"]
        self.api.post(f"{AUTH}registration/resend-email/", {"email": VICTIM})
        self.browser.force_login(self.user)
        address_of(self.user, is_default=True)
        Authenticator.objects.create(user=self.user, type=Authenticator.Type.TOTP, data={"secret": "x"})
        SocialAccount.objects.create(user=self.user, provider="dummy", uid="attacker")
        EmailAddress.objects.create(user=self.user, email="attacker@example.com", verified=True)

    def ways_in(self) -> set[str]:
        """Return all that still opens the account to the attacker."""
        login = self.api.post(f"{AUTH}login/", {"email": VICTIM, "password": ATTACKERS})
        refresh = {"refresh": self.tokens["refresh"]}
        bearer: dict[str, Any] = {"HTTP_AUTHORIZATION": f"Bearer {self.tokens['access']}"}
        found = {
            "password": login.status_code == 200,
            "access token": self.api.get(f"{AUTH}user/", **bearer).status_code == 200,
            "refresh token": self.api.post(f"{AUTH}token/refresh/", refresh).status_code == 200,
            "session": self.browser.get("/account/profile/").status_code == 200,
            "second factor": Authenticator.objects.filter(user=self.user).exists(),
            "other provider": SocialAccount.objects.filter(user=self.user).exists(),
            "other address": EmailAddress.objects.filter(user=self.user).exclude(email=VICTIM).exists(),
            "suggested address": Address.objects.filter(user=self.user, is_default=True).exists(),
        }
        return {name for name, is_open in found.items() if is_open}


@pytest.fixture
def attacker(django_capture_on_commit_callbacks: OnCommit) -> Attacker:
    with django_capture_on_commit_callbacks(execute=True):
        return Attacker()


@pytest.fixture
def confirm_path(attacker: Attacker) -> str:
    return _path_in(str(mail.outbox[0].body))


def _path_in(text: str) -> str:
    found = re.search(r"http://kasuwa\.localhost:8000(\S+)", text)
    assert found
    return found[1]


def _ask_for_reset(client: Client, on_commit: OnCommit) -> str:
    with on_commit(execute=True):
        client.post("/account/password/reset/", {"email": VICTIM})
    page: str = client.get(_path_in(str(mail.outbox[-1].body)))["Location"]
    return page


def test_before_any_proof_the_account_is_the_attackers(attacker: Attacker) -> None:
    """The control: every way in is really tried."""
    assert len(attacker.ways_in()) == 8
    assert not is_email_verified(user=attacker.user)


def test_the_letters_link_alone_confirms_nothing(attacker: Attacker, confirm_path: str, client: Client) -> None:
    key = confirm_path.rstrip("/").rsplit("/", 1)[1]

    assert client.get(confirm_path).status_code == 200
    assert client.post(confirm_path).status_code == 422
    weak = client.post(confirm_path, {"password1": "short"})
    assert 'id="id_password1_error"' in weak.content.decode()
    refused = APIClient(HTTP_HOST="kasuwa.localhost").post(f"{AUTH}registration/verify-email/", {"key": key})
    assert (refused.status_code, refused.json()["code"]) == (400, "new_password_needed")

    assert not is_email_verified(user=attacker.user)
    assert len(attacker.ways_in()) == 8


def test_confirming_on_the_page_gives_the_account_to_the_reader(
    attacker: Attacker, confirm_path: str, client: Client
) -> None:
    confirmed = client.post(confirm_path, {"password1": VICTIMS})

    assert (confirmed.status_code, confirmed["Location"]) == (302, "/account/profile/")
    assert client.get("/account/profile/").status_code == 200
    assert is_email_verified(user=attacker.user)
    assert attacker.ways_in() == set()
    assert "This link does not work" in Client(HTTP_HOST="kasuwa.localhost").get(confirm_path).content.decode()


def test_confirming_by_api_gives_the_account_to_the_reader(attacker: Attacker, confirm_path: str) -> None:
    key, api = confirm_path.rstrip("/").rsplit("/", 1)[1], APIClient(HTTP_HOST="kasuwa.localhost")

    confirmed = api.post(f"{AUTH}registration/verify-email/", {"key": key, "new_password": VICTIMS})

    assert confirmed.status_code == 200
    assert attacker.ways_in() == set()
    assert api.post(f"{AUTH}login/", {"email": VICTIM, "password": VICTIMS}).status_code == 200


def test_who_has_signed_in_confirms_with_one_button(
    client: Client, django_capture_on_commit_callbacks: OnCommit
) -> None:
    client.force_login(person(email="amina@example.com"))
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/account/email/resend/")
    path, elsewhere = _path_in(str(mail.outbox[0].body)), Client(HTTP_HOST="kasuwa.localhost")
    elsewhere.force_login(person())

    assert elsewhere.post(path).status_code == 422
    assert client.post(path).status_code == 302
    assert is_email_verified(user=User.objects.get(email="amina@example.com"))
    assert client.get("/account/profile/").status_code == 200


def test_a_reset_proves_the_address_and_ends_what_was_there(
    attacker: Attacker, client: Client, django_capture_on_commit_callbacks: OnCommit
) -> None:
    page = _ask_for_reset(client, django_capture_on_commit_callbacks)
    client.post(page, {"password1": VICTIMS, "password2": VICTIMS})

    assert is_email_verified(user=attacker.user)
    assert attacker.ways_in() == set()


def test_a_reset_by_api_proves_the_address_and_ends_what_was_there(
    attacker: Attacker, django_capture_on_commit_callbacks: OnCommit
) -> None:
    api = APIClient(HTTP_HOST="kasuwa.localhost")
    with django_capture_on_commit_callbacks(execute=True):
        api.post(f"{AUTH}password/reset/", {"email": VICTIM.upper()})
    uid, _, token = _path_in(str(mail.outbox[-1].body)).rstrip("/").rsplit("/", 1)[1].partition("-")
    done = api.post(f"{AUTH}password/reset/confirm/", {"uid": uid, "token": token, "new_password1": VICTIMS})

    assert done.status_code == 200
    assert is_email_verified(user=attacker.user)
    assert attacker.ways_in() == set()


def test_a_reset_of_a_proved_account_keeps_its_second_factor(
    client: Client, django_capture_on_commit_callbacks: OnCommit
) -> None:
    user = person(email=VICTIM, is_email_verified=True)
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    page = _ask_for_reset(client, django_capture_on_commit_callbacks)
    client.post(page, {"password1": VICTIMS, "password2": VICTIMS})

    user.refresh_from_db()
    assert user.check_password(VICTIMS)
    assert Authenticator.objects.filter(user=user).exists()


def test_an_invitation_gives_the_account_to_its_reader(attacker: Attacker, client: Client, shops: list[Shop]) -> None:
    token = invite(shops[0], VICTIM, Role.MANAGER)
    page = client.get(f"/invitations/{token}/").content.decode()
    assert "never confirmed" in page

    joined = client.post(f"/invitations/{token}/join/", {"name": "Victim", "password1": VICTIMS})

    assert joined["Location"].endswith("/dashboard/")
    assert Membership.objects.get(shop=shops[0], user=attacker.user).role == Role.MANAGER
    assert attacker.ways_in() == set()


def test_the_attacker_cannot_accept_what_was_sent_to_the_victim(attacker: Attacker, shops: list[Shop]) -> None:
    invite(shops[0], VICTIM, Role.MANAGER)
    bearer: dict[str, Any] = {"HTTP_AUTHORIZATION": f"Bearer {attacker.tokens['access']}"}

    assert attacker.api.get("/api/v1/invitations/", **bearer).json()["data"] == []
    assert not Membership.objects.filter(user=attacker.user).exists()


def test_a_password_change_under_way_does_not_undo_the_proof(attacker: Attacker) -> None:
    """The attacker's form was checked before the victim's link was followed, and is saved after it."""
    stale = User.objects.get(pk=attacker.user.pk)
    assert stale.check_password(ATTACKERS)
    take_account(user=attacker.user, password=VICTIMS)

    with pytest.raises(PasswordChangedError):
        AccountAdapter().set_password(stale, "attackers next password")

    assert User.objects.get(pk=attacker.user.pk).check_password(VICTIMS)


def test_an_address_that_an_account_had_before_resets_nothing(
    client: Client, django_capture_on_commit_callbacks: OnCommit
) -> None:
    user = person(email="old@example.com", is_email_verified=True)
    User.objects.filter(pk=user.pk).update(email="new@example.com")
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/account/password/reset/", {"email": "old@example.com"})
        client.post("/account/password/reset/", {"email": "new@example.com"})

    assert {tuple(letter.to): "new password" in letter.subject for letter in mail.outbox} == {
        ("old@example.com",): False,
        ("new@example.com",): True,
    }
    user.refresh_from_db()
    assert not is_email_verified(user=user)


def test_a_link_for_an_address_that_the_account_no_longer_has_is_broken(
    attacker: Attacker, confirm_path: str, client: Client
) -> None:
    User.objects.filter(pk=attacker.user.pk).update(email="moved@example.com")

    assert "This link does not work" in client.get(confirm_path).content.decode()
    assert "This link does not work" in client.post(confirm_path, {"password1": VICTIMS}).content.decode()
    assert User.objects.get(pk=attacker.user.pk).check_password(ATTACKERS)


def test_the_other_apps_are_told_once(attacker: Attacker, confirm_path: str, client: Client) -> None:
    told: list[str] = []
    with wired(follows=[Follows(EmailProved, lambda proved: told.append(proved.user.email))]):
        client.post(confirm_path, {"password1": VICTIMS})
        take_account(user=attacker.user, password=ATTACKERS)
    assert told == [VICTIM]


def test_another_providers_word_joins_no_account() -> None:
    assert not settings.SOCIALACCOUNT_EMAIL_AUTHENTICATION
    assert not settings.SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT
