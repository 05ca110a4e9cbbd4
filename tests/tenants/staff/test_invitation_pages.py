"""An invitation as the person sees it: from the link to the dashboard, and every way in which it can fail."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from accounts.selectors import is_email_verified
from notifications.models import Email
from tenants.models import Invitation, Role, Shop
from tenants.shops.selectors import members_of, role_in
from tenants.staff.members import add_member
from tests.world.clock import NOW
from tests.world.factories.people import person
from tests.world.staff import invite

pytestmark = pytest.mark.django_db
EMAIL = "bola@example.com"


@pytest.fixture
def shop(shops: list[Shop]) -> Shop:
    return shops[0]


@pytest.fixture
def bola(make_user: Callable[..., User]) -> User:
    return make_user(EMAIL, name="Bola Ade")


def open_page(client: Client, token: str, *, status: int = 200) -> str:
    answer = client.get(f"/invitations/{token}/")
    assert answer.status_code == status
    assert "no-store" in answer.headers["Cache-Control"]
    return answer.content.decode()


def join(client: Client, token: str, password: str = "four harmattan kites") -> Any:
    return client.post(f"/invitations/{token}/join/", {"name": "Bola Ade", "password1": password})


def test_somebody_without_an_account_is_in_the_dashboard_with_one_form_and_no_second_letter(
    client: Client, shop: Shop
) -> None:
    token = invite(shop, EMAIL, Role.MANAGER)
    page = open_page(client, token)
    assert shop.name in page
    assert "Manager" in page
    assert EMAIL not in page
    letters = Email.objects.count()

    answer = join(client, token)

    assert answer.headers["Location"].endswith("indigo-fabrics.kasuwa.localhost:8000/dashboard/")
    bola = User.objects.get(email=EMAIL)
    assert (role_in(bola, shop), is_email_verified(user=bola), bola.name) == (Role.MANAGER, True, "Bola Ade")
    assert client.session["_auth_user_id"] == str(bola.pk)
    assert Email.objects.count() == letters


@pytest.mark.parametrize("password", ["", "short", "password12345"])
def test_a_weak_password_opens_nothing(client: Client, shop: Shop, password: str) -> None:
    token = invite(shop, EMAIL, Role.MANAGER)
    refused = join(client, token, password)
    assert refused.status_code == 422
    assert 'id="id_password1_error"' in refused.content.decode()
    assert not User.objects.filter(email=EMAIL).exists()
    assert Invitation.objects.get().accepted_at is None


def test_who_has_signed_in_unproved_proves_the_address_by_accepting(client: Client, shop: Shop) -> None:
    bola = person(email=EMAIL)
    token = invite(shop, EMAIL, Role.MANAGER)
    client.force_login(bola)
    assert "Accept" in open_page(client, token)
    assert client.post(f"/invitations/{token}/accept/").status_code == 302
    assert (role_in(bola, shop), is_email_verified(user=bola)) == (Role.MANAGER, True)


def test_an_account_that_was_proved_is_not_taken_by_the_link(client: Client, shop: Shop, bola: User) -> None:
    """The link may have been passed on: an owner's password is not set by it."""
    token = invite(shop, EMAIL, Role.MANAGER)
    assert "Sign in to accept" in open_page(client, token)
    assert join(client, token).status_code == 403
    before, bola_now = bola.password, User.objects.get(pk=bola.pk)
    assert bola_now.password == before
    assert role_in(bola, shop) is None
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("changes", [{"accepted_at": NOW}, {"revoked_at": NOW}])
def test_a_spent_link_proves_and_opens_nothing(client: Client, shop: Shop, changes: dict[str, object]) -> None:
    token = invite(shop, EMAIL, Role.VIEWER)
    Invitation.objects.update(**changes)
    assert join(client, token).status_code == 409
    assert not User.objects.filter(email=EMAIL).exists()
    bola = person(email=EMAIL)
    client.force_login(bola)
    assert client.post(f"/invitations/{token}/accept/").status_code == 409
    assert not is_email_verified(user=bola)


def test_accepting_leads_to_the_dashboard_and_the_link_then_too(client: Client, shop: Shop, bola: User) -> None:
    token = invite(shop, EMAIL, Role.VIEWER)
    client.force_login(bola)
    assert "Accept" in open_page(client, token)
    answer = client.post(f"/invitations/{token}/accept/")
    assert answer.headers["Location"].endswith("indigo-fabrics.kasuwa.localhost:8000/dashboard/")
    assert role_in(bola, shop) == Role.VIEWER
    assert "You work in Indigo Fabrics" in open_page(client, token)


def test_a_visitor_who_accepts_is_sent_to_sign_in_and_comes_back(client: Client, shop: Shop) -> None:
    token = invite(shop, EMAIL, Role.VIEWER)
    answer = client.post(f"/invitations/{token}/accept/")
    assert answer.status_code == 302
    assert "/account/sign-in/?next=" in answer.headers["Location"]
    assert token in answer.headers["Location"]


def test_somebody_else_reads_the_masked_address_and_can_not_accept(
    client: Client, shop: Shop, make_user: Callable[..., User]
) -> None:
    token = invite(shop, EMAIL, Role.OWNER)
    ada = make_user("ada@example.com")
    client.force_login(ada)
    page = open_page(client, token)
    assert "b•••@example.com" in page
    assert EMAIL not in page
    for action in ("accept", "decline"):
        assert client.post(f"/invitations/{token}/{action}/").status_code == 403
    assert role_in(ada, shop) is None
    assert Invitation.objects.get().revoked_at is None


@pytest.mark.parametrize(
    ("changes", "heading"),
    [
        ({"created_at": NOW - timedelta(days=900), "expires_at": NOW - timedelta(days=880)}, "has expired"),
        ({"accepted_at": NOW}, "has been accepted"),
        ({"revoked_at": NOW}, "is no longer open"),
    ],
)
def test_a_spent_invitation_says_so_and_what_to_do(
    client: Client, shop: Shop, bola: User, changes: dict[str, object], heading: str
) -> None:
    token = invite(shop, EMAIL, Role.VIEWER)
    Invitation.objects.update(**changes)
    client.force_login(bola)
    assert heading in open_page(client, token)
    assert client.post(f"/invitations/{token}/accept/").status_code == 409
    assert role_in(bola, shop) is None


def test_a_made_up_link_is_not_found(client: Client, db: None) -> None:
    assert "can’t be found" in open_page(client, "made-up", status=404)
    for action in ("accept", "decline"):
        assert client.post(f"/invitations/made-up/{action}/").status_code in {302, 404}


def test_a_visitor_with_the_link_can_decline(client: Client, shop: Shop) -> None:
    token = invite(shop, EMAIL, Role.VIEWER)
    assert client.post(f"/invitations/{token}/decline/").status_code == 302
    assert Invitation.objects.get().revoked_at is not None


def test_looking_changes_nothing(client: Client, shop: Shop, bola: User) -> None:
    token = invite(shop, EMAIL, Role.VIEWER)
    client.force_login(bola)
    for action in ("accept", "decline"):
        assert client.get(f"/invitations/{token}/{action}/").status_code == 405
    assert role_in(bola, shop) is None


def test_own_shops_and_offers_are_on_the_account_s_page(client: Client, shops: list[Shop], bola: User) -> None:
    add_member(shop_id=shops[1].pk, user_id=bola.pk, role=Role.ACCOUNTANT, now=NOW)
    invite(shops[0], EMAIL, Role.MANAGER)
    offer = Invitation.objects.get()
    client.force_login(bola)
    page = client.get("/account/shops/").content.decode()
    assert "copper-kitchen.kasuwa.localhost:8000/dashboard/staff/leave/" in page
    assert "Indigo Fabrics invites you" in page
    assert client.post(f"/account/shops/invitations/{offer.pk}/accept/").status_code == 302
    assert role_in(bola, shops[0]) == Role.MANAGER
    again = client.post(f"/account/shops/invitations/{offer.pk}/decline/", follow=True)
    assert "already" in again.content.decode()


def test_an_unconfirmed_address_sees_no_offers(client: Client, shop: Shop) -> None:
    invite(shop, EMAIL, Role.MANAGER)
    offer = Invitation.objects.get()
    user = User.objects.create_user(EMAIL)
    client.force_login(user)
    page = client.get("/account/shops/").content.decode()
    assert "Indigo Fabrics invites you" not in page
    client.post(f"/account/shops/invitations/{offer.pk}/accept/")
    assert role_in(user, shop) is None


def test_the_api_lists_accepts_and_declines_one_s_own(
    api_client: APIClient, shops: list[Shop], bola: User, make_user: Callable[..., User]
) -> None:
    for shop in shops:
        invite(shop, EMAIL, Role.VIEWER)
    first, second = Invitation.objects.order_by("shop_id")
    api_client.force_authenticate(make_user("ada@example.com"))
    assert api_client.get("/api/v1/invitations/").json()["data"] == []
    for action in ("accept", "decline"):
        answer = api_client.post(f"/api/v1/invitations/{first.pk}/{action}/")
        assert (answer.status_code, answer.json()["code"]) == (404, "invitation_not_found")
    api_client.force_authenticate(bola)
    listed = api_client.get("/api/v1/invitations/").json()["data"]
    assert {offer["shop"]["slug"] for offer in listed} == {"indigo-fabrics", "copper-kitchen"}
    accepted = api_client.post(f"/api/v1/invitations/{first.pk}/accept/")
    assert (accepted.status_code, accepted.json()["data"]["role"]) == (201, "viewer")
    assert api_client.post(f"/api/v1/invitations/{first.pk}/accept/").json()["code"] == "already_member"
    assert api_client.post(f"/api/v1/invitations/{second.pk}/decline/").status_code == 204
    assert api_client.post(f"/api/v1/invitations/{second.pk}/accept/").json()["code"] == "invitation_spent"
    own = api_client.get("/api/v1/memberships/").json()["data"]
    assert [(one["shop"]["slug"], one["role"]) for one in own] == [("indigo-fabrics", "viewer")]
    assert len(members_of(shop_id=shops[1].pk)) == 1


def test_the_api_wants_a_sign_in(api_client: APIClient, shop: Shop) -> None:
    invite(shop, EMAIL, Role.VIEWER)
    offer = Invitation.objects.get()
    for path in ("memberships/", "invitations/"):
        assert api_client.get(f"/api/v1/{path}").status_code == 401
    assert api_client.post(f"/api/v1/invitations/{offer.pk}/accept/").status_code == 401
