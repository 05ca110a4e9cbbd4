"""Roles change, people go, and an owner stays."""

from collections.abc import Callable

import pytest
from django.db.models import Model
from django.test import Client

from accounts.models import User
from notifications.models import Email, Notification
from tenants.errors import InvitationSpentError, LastOwnerError, NotStaffError
from tenants.models import Invitation, Membership, Role, Shop, ShopEvent
from tenants.shops.selectors import members_of, role_in
from tenants.staff.invitations import accept_invitation
from tenants.staff.members import add_member, change_role, leave_shop, remove_member
from tests.world.clock import TODAY
from tests.world.staff import invite

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(shops: list[Shop]) -> Shop:
    return shops[0]


@pytest.fixture
def owner(shop: Shop) -> Membership:
    return members_of(shop_id=shop.pk)[0]


@pytest.fixture
def bola(shop: Shop, make_user: Callable[..., User]) -> Membership:
    return add_member(shop_id=shop.pk, user_id=make_user("bola@example.com").pk, role=Role.MANAGER, now=TODAY)


def last_event(shop: Shop) -> tuple[str, str, int | None, dict[str, str]]:
    event = ShopEvent.objects.filter(shop=shop).latest("pk")
    return event.kind, event.subject, event.actor_id, event.details


def test_a_role_is_changed_and_the_person_told(shop: Shop, owner: Membership, bola: Membership) -> None:
    change_role(shop_id=shop.pk, member_id=bola.pk, role=Role.VIEWER, actor_id=owner.user_id, now=TODAY)
    assert role_in(bola.user, shop) == Role.VIEWER
    assert last_event(shop) == (
        "member.role_changed",
        "bola@example.com",
        owner.user_id,
        {"before": "manager", "after": "viewer"},
    )
    assert "Viewer" in Email.objects.get(to="bola@example.com").text
    assert Notification.objects.get(user=bola.user).title == f"You are viewer of {shop.name} now"


def test_the_same_role_again_is_no_change(shop: Shop, owner: Membership, bola: Membership) -> None:
    change_role(shop_id=shop.pk, member_id=bola.pk, role=Role.MANAGER, actor_id=owner.user_id, now=TODAY)
    assert not ShopEvent.objects.filter(shop=shop, kind="member.role_changed").exists()
    assert not Email.objects.exists()


def test_a_person_is_removed_and_told(shop: Shop, owner: Membership, bola: Membership) -> None:
    remove_member(shop_id=shop.pk, member_id=bola.pk, actor_id=owner.user_id, now=TODAY)
    assert role_in(bola.user, shop) is None
    assert last_event(shop) == ("member.removed", "bola@example.com", owner.user_id, {"role": "manager"})
    assert "no longer" in Email.objects.get(to="bola@example.com").subject


def test_a_person_leaves_and_the_owners_are_told(shop: Shop, owner: Membership, bola: Membership) -> None:
    leave_shop(shop_id=shop.pk, user_id=bola.user_id, now=TODAY)
    assert role_in(bola.user, shop) is None
    assert last_event(shop) == ("member.left", "bola@example.com", bola.user_id, {"role": "manager"})
    assert "has left" in Notification.objects.get(user=owner.user).title


def test_removing_oneself_is_leaving(shop: Shop, owner: Membership, bola: Membership) -> None:
    remove_member(shop_id=shop.pk, member_id=bola.pk, actor_id=bola.user_id, now=TODAY)
    assert last_event(shop)[0] == "member.left"


def test_the_last_owner_stays_an_owner(shop: Shop, owner: Membership, bola: Membership) -> None:
    before = ShopEvent.objects.count()
    with pytest.raises(LastOwnerError):
        leave_shop(shop_id=shop.pk, user_id=owner.user_id, now=TODAY)
    with pytest.raises(LastOwnerError):
        remove_member(shop_id=shop.pk, member_id=owner.pk, actor_id=bola.user_id, now=TODAY)
    with pytest.raises(LastOwnerError):
        change_role(shop_id=shop.pk, member_id=owner.pk, role=Role.MANAGER, actor_id=bola.user_id, now=TODAY)
    assert role_in(owner.user, shop) == Role.OWNER
    assert ShopEvent.objects.count() == before


def test_an_owner_whose_account_is_closed_does_not_count(shop: Shop, owner: Membership, bola: Membership) -> None:
    change_role(shop_id=shop.pk, member_id=bola.pk, role=Role.OWNER, actor_id=owner.user_id, now=TODAY)
    User.objects.filter(pk=bola.user_id).update(is_active=False)
    with pytest.raises(LastOwnerError):
        leave_shop(shop_id=shop.pk, user_id=owner.user_id, now=TODAY)
    User.objects.filter(pk=bola.user_id).update(is_active=True)
    leave_shop(shop_id=shop.pk, user_id=owner.user_id, now=TODAY)
    assert [member.user for member in members_of(shop_id=shop.pk)] == [bola.user]


def test_another_shop_s_people_are_out_of_reach(shops: list[Shop], bola: Membership) -> None:
    stranger = members_of(shop_id=shops[1].pk)[0]
    with pytest.raises(NotStaffError):
        change_role(shop_id=shops[1].pk, member_id=bola.pk, role=Role.VIEWER, actor_id=stranger.user_id, now=TODAY)
    with pytest.raises(NotStaffError):
        remove_member(shop_id=shops[1].pk, member_id=bola.pk, actor_id=stranger.user_id, now=TODAY)
    with pytest.raises(NotStaffError):
        leave_shop(shop_id=shops[0].pk, user_id=stranger.user_id, now=TODAY)
    assert role_in(bola.user, shops[0]) == Role.MANAGER


@pytest.mark.parametrize("end", ["demote", "remove"])
def test_who_may_no_longer_invite_leaves_no_door_open(
    shop: Shop, owner: Membership, bola: Membership, make_user: Callable[..., User], end: str
) -> None:
    change_role(shop_id=shop.pk, member_id=bola.pk, role=Role.OWNER, actor_id=owner.user_id, now=TODAY)
    accomplice = make_user("chidi@example.com")
    token = invite(shop, accomplice.email, Role.OWNER)
    Invitation.objects.update(invited_by=bola.user)
    if end == "demote":
        change_role(shop_id=shop.pk, member_id=bola.pk, role=Role.VIEWER, actor_id=owner.user_id, now=TODAY)
    else:
        remove_member(shop_id=shop.pk, member_id=bola.pk, actor_id=owner.user_id, now=TODAY)
    with pytest.raises(InvitationSpentError):
        accept_invitation(token=token, user_id=accomplice.pk, now=TODAY)
    assert last_event(shop)[:2] == ("member.invitation_revoked", accomplice.email)


@pytest.mark.parametrize("model", ["membership", "invitation", "shopevent"])
def test_the_raw_admin_shows_and_changes_nothing(client: Client, shop: Shop, bola: Membership, model: str) -> None:
    invite(shop, "chidi@example.com", Role.VIEWER)
    client.force_login(User.objects.create_superuser("root@example.com", "x"))
    models: dict[str, type[Model]] = {"membership": Membership, "invitation": Invitation, "shopevent": ShopEvent}
    row = models[model]._default_manager.latest("pk")
    assert client.get(f"/admin/tenants/{model}/").status_code == 200
    page = client.get(f"/admin/tenants/{model}/{row.pk}/change/")
    assert page.status_code == 200
    assert Invitation.objects.get().token_hash not in page.content.decode()
    assert client.get(f"/admin/tenants/{model}/add/").status_code == 403
    assert client.post(f"/admin/tenants/{model}/{row.pk}/change/", {"role": "owner"}).status_code == 403
    assert client.post(f"/admin/tenants/{model}/{row.pk}/delete/", {"post": "yes"}).status_code == 403
