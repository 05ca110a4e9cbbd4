"""Asking people to work in a shop, and what they answer."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from accounts.selectors import is_email_verified
from notifications.models import Email, Notification
from tenants.errors import (
    AlreadyMemberError,
    EmailUnconfirmedError,
    InvitationForAnotherError,
    InvitationNotFoundError,
    InvitationSpentError,
    TooManyInvitationsError,
)
from tenants.models import Invitation, Membership, Role, Shop, ShopEvent, ShopEventKind
from tenants.shops.selectors import members_of, role_in
from tenants.staff import invitations
from tenants.staff.invitations import INVITATION_DAYS, accept_invitation, decline_invitation, invite_member
from tenants.staff.selectors import hash_of
from tests.world.clock import TODAY
from tests.world.staff import invite, token_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(shops: list[Shop]) -> Shop:
    return shops[0]


@pytest.fixture
def owner(shop: Shop) -> User:
    return members_of(shop_id=shop.pk)[0].user


def kinds(shop: Shop) -> list[str]:
    return list(ShopEvent.objects.filter(shop=shop).order_by("pk").values_list("kind", flat=True))


def test_an_invitation_is_a_letter_with_a_link_of_which_a_hash_is_kept(shop: Shop, owner: User) -> None:
    invitation = invite_member(
        shop_id=shop.pk, email=" Bola@Example.com ", role=Role.MANAGER, invited_by_id=owner.pk, now=TODAY
    )
    letter = Email.objects.get(to="bola@example.com")
    token = token_of("bola@example.com")
    assert letter.is_secret
    assert shop.name in letter.subject
    assert "Manager" in letter.text
    assert token not in invitation.token_hash
    assert invitation.token_hash == hash_of(token)
    assert invitation.expires_at == TODAY + timedelta(days=INVITATION_DAYS)
    event = ShopEvent.objects.get(shop=shop, kind=ShopEventKind.MEMBER_INVITED)
    assert (event.actor, event.subject, event.details) == (owner, "bola@example.com", {"role": "manager"})


def test_accepting_makes_a_member_and_tells_who_invited(shop: Shop, make_user: Callable[..., User]) -> None:
    owner, bola = members_of(shop_id=shop.pk)[0].user, make_user("bola@example.com", name="Bola")
    token = invite(shop, "bola@example.com", Role.FULFILMENT)
    membership = accept_invitation(token=token, user_id=bola.pk, now=TODAY)
    assert (membership.shop, membership.user, membership.role) == (shop, bola, Role.FULFILMENT)
    assert Invitation.objects.get(shop=shop).accepted_at == TODAY
    assert Notification.objects.get(user=owner).title == f"Bola has joined {shop.name}"
    assert kinds(shop)[-2:] == ["member.invited", "member.joined"]


def test_a_second_invitation_takes_the_place_of_the_first(shop: Shop, make_user: Callable[..., User]) -> None:
    bola = make_user("bola@example.com")
    first = invite(shop, "bola@example.com", Role.VIEWER)
    second = invite(shop, "bola@example.com", Role.MANAGER)
    assert first != second
    with pytest.raises(InvitationSpentError):
        accept_invitation(token=first, user_id=bola.pk, now=TODAY)
    assert role_in(bola, shop) is None
    assert accept_invitation(token=second, user_id=bola.pk, now=TODAY).role == Role.MANAGER


def test_a_member_is_not_invited(shop: Shop, owner: User) -> None:
    with pytest.raises(AlreadyMemberError):
        invite(shop, owner.email.upper(), Role.VIEWER)
    assert not Invitation.objects.exists()
    assert not Email.objects.exists()


def test_only_the_invited_address_may_accept_and_the_refusal_names_it_masked(
    shop: Shop, make_user: Callable[..., User]
) -> None:
    ada, token = make_user("ada@example.com"), invite(shop, "bola@example.com", Role.OWNER)
    with pytest.raises(InvitationForAnotherError, match=r"b•••@example\.com") as refusal:
        accept_invitation(token=token, user_id=ada.pk, now=TODAY)
    assert "bola" not in refusal.value.message
    with pytest.raises(InvitationForAnotherError):
        decline_invitation(token=token, user_id=ada.pk, now=TODAY)
    assert role_in(ada, shop) is None
    assert Invitation.objects.get().accepted_at is Invitation.objects.get().revoked_at is None


def test_an_unconfirmed_address_may_accept_by_the_link_alone(shop: Shop) -> None:
    bola = User.objects.create_user("bola@example.com")
    token = invite(shop, "bola@example.com", Role.OWNER)
    with pytest.raises(EmailUnconfirmedError):
        invitations.accept_own_invitation(invitation_id=Invitation.objects.get().pk, user_id=bola.pk, now=TODAY)
    assert role_in(bola, shop) is None
    accept_invitation(token=token, user_id=bola.pk, now=TODAY)
    assert (role_in(bola, shop), is_email_verified(user=bola)) == (Role.OWNER, True)


def _wait(shop: Shop, token: str, bola: User) -> None:
    Invitation.objects.update(created_at=TODAY - timedelta(days=8), expires_at=TODAY - timedelta(days=1))


def _revoke(shop: Shop, token: str, bola: User) -> None:
    invitation = Invitation.objects.get()
    invitations.revoke_invitation(
        shop_id=shop.pk, invitation_id=invitation.pk, revoked_by_id=members_of(shop_id=shop.pk)[0].user_id, now=TODAY
    )


def _decline(shop: Shop, token: str, bola: User) -> None:
    decline_invitation(token=token, user_id=None, now=TODAY)


def _accept_and_leave(shop: Shop, token: str, bola: User) -> None:
    accept_invitation(token=token, user_id=bola.pk, now=TODAY)
    Membership.objects.filter(user=bola).delete()


def _close(shop: Shop, token: str, bola: User) -> None:
    Shop.objects.filter(pk=shop.pk).update(status="closed")


@pytest.mark.parametrize("meanwhile", [_wait, _revoke, _decline, _accept_and_leave, _close])
def test_a_spent_invitation_lets_nobody_in(
    shop: Shop, make_user: Callable[..., User], meanwhile: Callable[..., None]
) -> None:
    bola, token = make_user("bola@example.com"), invite(shop, "bola@example.com", Role.MANAGER)
    meanwhile(shop, token, bola)
    before = kinds(shop)
    with pytest.raises(InvitationSpentError):
        accept_invitation(token=token, user_id=bola.pk, now=TODAY)
    assert role_in(bola, shop) is None
    assert kinds(shop) == before


def test_a_made_up_link_leads_nowhere(shop: Shop, make_user: Callable[..., User]) -> None:
    bola = make_user("bola@example.com")
    with pytest.raises(InvitationNotFoundError):
        accept_invitation(token="made-up", user_id=bola.pk, now=TODAY)


def test_another_shop_can_not_withdraw_it(shops: list[Shop]) -> None:
    invite(shops[0], "bola@example.com", Role.MANAGER)
    invitation = Invitation.objects.get()
    with pytest.raises(InvitationNotFoundError):
        invitations.revoke_invitation(
            shop_id=shops[1].pk,
            invitation_id=invitation.pk,
            revoked_by_id=members_of(shop_id=shops[1].pk)[0].user_id,
            now=TODAY,
        )
    assert Invitation.objects.get().revoked_at is None


def test_own_invitations_are_answered_by_id_and_others_are_not_there(
    shop: Shop, make_user: Callable[..., User]
) -> None:
    ada, bola = make_user("ada@example.com"), make_user("bola@example.com")
    invite(shop, "bola@example.com", Role.VIEWER)
    invitation = Invitation.objects.get()
    for answer in (invitations.accept_own_invitation, invitations.decline_own_invitation):
        with pytest.raises(InvitationNotFoundError):
            answer(invitation_id=invitation.pk, user_id=ada.pk, now=TODAY)
    invitations.accept_own_invitation(invitation_id=invitation.pk, user_id=bola.pk, now=TODAY)
    assert role_in(bola, shop) == Role.VIEWER
    with pytest.raises(InvitationSpentError):
        invitations.decline_own_invitation(invitation_id=invitation.pk, user_id=bola.pk, now=TODAY)


def test_a_shop_can_not_send_without_end(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(invitations, "MAX_A_DAY", 2)
    for _ in range(2):
        invite(shop, "bola@example.com", Role.VIEWER)
    with pytest.raises(TooManyInvitationsError):
        invite(shop, "bola@example.com", Role.VIEWER)
    assert Email.objects.count() == 2
    assert Invitation.objects.filter(revoked_at__isnull=True).count() == 1
    invite(shop, "bola@example.com", Role.VIEWER, now=TODAY + timedelta(days=2))


def test_a_shop_can_not_have_any_number_of_open_invitations(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(invitations, "MAX_OPEN", 2)
    for name in ("a", "b"):
        invite(shop, f"{name}@example.com", Role.VIEWER)
    with pytest.raises(TooManyInvitationsError):
        invite(shop, "c@example.com", Role.VIEWER)
    invite(shop, "a@example.com", Role.MANAGER)
    invite(shop, "c@example.com", Role.VIEWER, now=timezone.now() + timedelta(days=INVITATION_DAYS, minutes=5))


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"role": "emperor"}, "invitation_role_known"),
        ({"accepted_at": TODAY, "revoked_at": TODAY}, "invitation_ended_once"),
        ({"expires_at": TODAY - timedelta(days=9)}, "invitation_lasts_a_while"),
    ],
)
def test_the_database_keeps_invitations_in_order(shop: Shop, changes: dict[str, Any], constraint: str) -> None:
    invite(shop, "bola@example.com", Role.VIEWER)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Invitation.objects.update(**changes)


def test_the_database_allows_one_open_invitation_each(shop: Shop) -> None:
    invite(shop, "bola@example.com", Role.VIEWER)
    values = Invitation.objects.values().get() | {"id": None, "token_hash": "x"}
    del values["id"]
    with pytest.raises(IntegrityError, match="invitation_one_open_each"), transaction.atomic():
        Invitation.objects.create(**values)
