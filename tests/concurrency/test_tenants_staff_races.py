"""Two owners leave, and one link is used twice, at the same moment; with controls that show the race."""

from collections.abc import Callable
from threading import Barrier
from typing import Any

import pytest

from accounts.models import User
from kit.errors import DomainError
from tenants.models import Invitation, Membership, Role, Shop, ShopEvent
from tenants.shops.selectors import members_of
from tenants.staff import invitations, members
from tenants.staff import selectors as invitation_selectors
from tests.world.clock import TODAY
from tests.world.races import all_at_once
from tests.world.staff import invite

pytestmark = pytest.mark.usefixtures("live_database")


@pytest.fixture
def shop(shops: list[Shop], make_user: Callable[..., User]) -> Shop:
    """A shop with two owners."""
    second = make_user("second@example.com")
    members.add_member(shop_id=shops[0].pk, user_id=second.pk, role=Role.OWNER, now=TODAY)
    return shops[0]


def outcome(act: Callable[[], Any]) -> str:
    try:
        act()
    except DomainError as error:
        return error.code
    return "done"


def owners_left(shop: Shop) -> int:
    return Membership.objects.filter(shop=shop, role=Role.OWNER).count()


def both_leave(shop: Shop) -> dict[str, int]:
    people = [member.user_id for member in members_of(shop_id=shop.pk)]
    return all_at_once(
        lambda number: outcome(lambda: members.leave_shop(shop_id=shop.pk, user_id=people[number], now=TODAY)), 2
    )


def test_two_owners_who_leave_at_once_leave_one(shop: Shop) -> None:
    assert both_leave(shop) == {"done": 1, "last_owner": 1}
    assert owners_left(shop) == 1


def test_two_owners_who_remove_each_other_leave_one(shop: Shop) -> None:
    first, second = members_of(shop_id=shop.pk)
    pairs = [(first, second), (second, first)]

    def remove(number: int) -> str:
        actor, other = pairs[number]
        return outcome(
            lambda: members.remove_member(shop_id=shop.pk, member_id=other.pk, actor_id=actor.user_id, now=TODAY)
        )

    answers = all_at_once(remove, 2)
    assert answers["done"] == 1
    assert owners_left(shop) == 1


def test_the_control_without_the_lock_leaves_a_shop_without_owner(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = Barrier(2)

    def unlocked(*, shop_id: int) -> list[Membership]:
        found = members_of(shop_id=shop_id)
        seen.wait(timeout=60)
        return found

    monkeypatch.setattr(members, "lock_memberships", unlocked)
    assert both_leave(shop) == {"done": 2}
    assert owners_left(shop) == 0


def accept_twice(shop: Shop, make_user: Callable[..., User]) -> dict[str, int]:
    bola, token = make_user("bola@example.com"), invite(shop, "bola@example.com", Role.MANAGER)
    return all_at_once(
        lambda _: outcome(lambda: invitations.accept_invitation(token=token, user_id=bola.pk, now=TODAY)), 4
    )


def test_one_link_used_at_once_makes_one_member(shop: Shop, make_user: Callable[..., User]) -> None:
    assert accept_twice(shop, make_user) == {"done": 1, "already_member": 3}
    assert Membership.objects.filter(user__email="bola@example.com").count() == 1
    assert ShopEvent.objects.filter(kind="member.joined").count() == 1


def test_a_link_is_accepted_or_withdrawn_never_both(shop: Shop, make_user: Callable[..., User]) -> None:
    bola, token = make_user("bola@example.com"), invite(shop, "bola@example.com", Role.MANAGER)
    offer, owner_id = Invitation.objects.get(), members_of(shop_id=shop.pk)[0].user_id
    acts: list[Callable[[], Any]] = [
        lambda: invitations.accept_invitation(token=token, user_id=bola.pk, now=TODAY),
        lambda: invitations.revoke_invitation(
            shop_id=shop.pk, invitation_id=offer.pk, revoked_by_id=owner_id, now=TODAY
        ),
    ]
    answers = all_at_once(lambda number: outcome(acts[number]), 2)
    assert answers == {"done": 1, "invitation_spent": 1}
    offer.refresh_from_db()
    assert (offer.accepted_at is not None) == Membership.objects.filter(user=bola).exists()


def test_the_control_without_the_lock_takes_two_answers(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    token = invite(shop, "bola@example.com", Role.MANAGER)
    offer, owner_id = Invitation.objects.get(), members_of(shop_id=shop.pk)[0].user_id
    seen = Barrier(2)

    def unlocked(condition: Any) -> Invitation:
        found = invitation_selectors._the_one(invitation_selectors._with_people(), condition)
        seen.wait(timeout=60)
        return found

    monkeypatch.setattr(invitations, "lock_invitation", unlocked)
    acts: list[Callable[[], Any]] = [
        lambda: invitations.decline_invitation(token=token, user_id=None, now=TODAY),
        lambda: invitations.revoke_invitation(
            shop_id=shop.pk, invitation_id=offer.pk, revoked_by_id=owner_id, now=TODAY
        ),
    ]
    assert all_at_once(lambda number: outcome(acts[number]), 2) == {"done": 2}
    assert ShopEvent.objects.filter(subject="bola@example.com").count() == 3


def test_two_invitations_of_one_person_at_once_leave_one_open(shop: Shop) -> None:
    owner_id = members_of(shop_id=shop.pk)[0].user_id

    def ask(_: int) -> str:
        return outcome(
            lambda: invitations.invite_member(
                shop_id=shop.pk, email="bola@example.com", role=Role.VIEWER, invited_by_id=owner_id, now=TODAY
            )
        )

    assert all_at_once(ask, 4) == {"done": 4}
    assert Invitation.objects.filter(revoked_at__isnull=True).count() == 1
