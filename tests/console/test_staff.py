"""Operators see who works in a shop and is invited, and give a shop an owner that has none."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from console.models import AuditEntry
from tenants.models import Invitation, Role, Shop, ShopEvent
from tenants.shops.selectors import role_in
from tenants.staff.invitations import accept_own_invitation
from tests.world.clock import NOW
from tests.world.shops import make_shop
from tests.world.staff import invite

pytestmark = pytest.mark.django_db
EMAIL = "bola@example.com"
DATA = {"email": EMAIL, "reason": "The owner has died; the family asked us."}


@pytest.fixture
def console(client: Client, operator: User) -> Client:
    client.force_login(operator)
    return client


def test_a_shop_s_page_shows_people_and_invitations(console: Client, shops: list[Shop]) -> None:
    invite(shops[0], EMAIL, Role.MANAGER)
    page = console.get(f"/operator/shops/{shops[0].slug}/").content.decode()
    assert "fabrics@example.com" in page
    assert EMAIL in page
    assert "This shop has no owner" not in page


def test_a_shop_without_an_owner_gets_one_by_invitation(
    console: Client, operator: User, make_user: Callable[..., User]
) -> None:
    shop = make_shop("indigo")
    assert "This shop has no owner" in console.get("/operator/shops/indigo/").content.decode()
    answer = console.post("/operator/shops/indigo/owner/", DATA, follow=True)
    assert "We have invited bola@example.com to own" in answer.content.decode()
    entry = AuditEntry.objects.get(action="shop.owner_invited")
    assert (entry.actor, entry.subject, entry.reason) == (operator, "shop:indigo", DATA["reason"])
    assert ShopEvent.objects.get(shop=shop, kind="member.invited").actor == operator
    bola = make_user(EMAIL)
    accept_own_invitation(
        invitation_id=Invitation.objects.get().pk, user_id=bola.pk, now=Invitation.objects.get().created_at
    )
    assert role_in(bola, shop) == Role.OWNER


@pytest.mark.parametrize(
    "data", [{"email": EMAIL}, {"reason": "No address at all"}, {"email": "x", "reason": "Why not"}]
)
def test_without_address_or_reason_nothing_is_sent(console: Client, data: dict[str, str]) -> None:
    make_shop("indigo")
    console.post("/operator/shops/indigo/owner/", data)
    assert not Invitation.objects.exists()
    assert not AuditEntry.objects.exists()


def test_a_shop_with_an_owner_is_left_to_them(console: Client, shops: list[Shop]) -> None:
    answer = console.post(f"/operator/shops/{shops[0].slug}/owner/", DATA, follow=True)
    assert "has an owner" in answer.content.decode()
    assert not Invitation.objects.exists()
    assert not AuditEntry.objects.exists()


def test_an_owner_whose_account_is_closed_leaves_a_shop_without(console: Client, shops: list[Shop]) -> None:
    User.objects.filter(email="fabrics@example.com").update(is_active=False)
    console.post(f"/operator/shops/{shops[0].slug}/owner/", DATA)
    assert Invitation.objects.get().role == Role.OWNER
    assert Invitation.objects.get().expires_at > NOW
