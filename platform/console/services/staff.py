"""Giving a shop an owner that has none."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy

from console.audit_actions import AuditAction
from console.errors import ShopHasOwnerError
from console.services.audit_log import record
from console.services.shops import subject_of
from tenants.models import Invitation, Membership, Role, Shop
from tenants.shops.selectors import members_of
from tenants.staff.invitations import invite_member

OWNER_INVITED = AuditAction(
    "shop.owner_invited",
    gettext_lazy("Owner invited"),
    gettext_lazy("%(who)s invited %(email)s to own the shop %(subject)s."),
)


def has_owner(members: Sequence[Membership]) -> bool:
    """Return whether a shop's staff includes an owner who can still sign in."""
    return any(member.role == Role.OWNER and member.user.is_active for member in members)


def invite_owner(*, shop: Shop, email: str, actor_id: int, reason: str, now: datetime) -> Invitation:
    """Invite an owner to a shop without one; they confirm their address and accept, as any invited person.

    Raises:
        ReasonMissingError: no reason was given.
        ShopHasOwnerError: the shop has an owner, who can invite others.
        AlreadyMemberError, TooManyInvitationsError: as when an owner invites.
    """
    with transaction.atomic():
        if has_owner(members_of(shop_id=shop.pk)):
            raise ShopHasOwnerError
        invitation = invite_member(
            shop_id=shop.pk,
            email=email,
            role=Role.OWNER,
            invited_by_id=actor_id,
            now=now,
            is_asked_by_shop=False,
        )
        record(
            actor_id=actor_id,
            action=OWNER_INVITED,
            subject=subject_of(shop),
            reason=reason,
            details={"email": invitation.email},
            now=now,
        )
    return invitation
