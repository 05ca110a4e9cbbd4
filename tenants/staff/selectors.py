"""Selectors of invitations to a shop's staff."""

from datetime import datetime
from enum import Enum
from hashlib import sha256

from django.db.models import Q, QuerySet

from accounts.selectors import private_fields
from tenants.errors import InvitationNotFoundError
from tenants.models import Invitation


class InvitationState(Enum):
    """State of an invitation."""

    OPEN = "open"
    EXPIRED = "expired"
    USED = "used"
    WITHDRAWN = "withdrawn"


def state_of(invitation: Invitation, *, now: datetime) -> InvitationState:
    """Return the state of an invitation; declined and replaced ones count as withdrawn."""
    if invitation.accepted_at is not None:
        return InvitationState.USED
    if invitation.revoked_at is not None:
        return InvitationState.WITHDRAWN
    return InvitationState.OPEN if now < invitation.expires_at else InvitationState.EXPIRED


def hash_of(token: str) -> str:
    """Return the hash under which an invitation's token is stored."""
    return sha256(token.encode()).hexdigest()


def masked(email: str) -> str:
    """Return enough of an address for its owner to know it by."""
    name, _, domain = email.partition("@")
    return f"{name[:1]}•••@{domain}"


def get_invitation(*, token: str) -> Invitation:
    """Return the invitation that a link leads to, with its shop and who invites.

    Raises:
        InvitationNotFoundError: there is none, or the link is incomplete.
    """
    return _the_one(_with_people(), Q(token_hash=hash_of(token)))


def invitations_of(*, shop_id: int) -> list[Invitation]:
    """Return a shop's invitations that wait for an answer, expired ones too, newest first."""
    return list(_with_people().filter(_UNANSWERED, shop_id=shop_id).order_by("-created_at", "-pk"))


def invitations_for(*, email: str, now: datetime) -> list[Invitation]:
    """Return the invitations that a person can accept now, newest first; the address must be confirmed."""
    found = _with_people().filter(_UNANSWERED, email=email.lower(), expires_at__gt=now)
    return list(found.order_by("-created_at", "-pk"))


def count_open_invitations(*, shop_id: int, now: datetime) -> int:
    """Count the invitations that can still be accepted."""
    return Invitation.objects.filter(_UNANSWERED, shop_id=shop_id, expires_at__gt=now).count()


def count_invitations_since(*, shop_id: int, since: datetime) -> int:
    """Count the invitations that a shop has sent since a moment, in any state."""
    return Invitation.objects.filter(shop_id=shop_id, created_at__gt=since).count()


def lock_invitation(condition: Q) -> Invitation:
    """Lock one invitation; needs an open transaction.

    Raises:
        InvitationNotFoundError: none meets the condition.
    """
    return _the_one(_with_people().select_for_update(of=("self",)), condition)


def lock_unanswered(*, shop_id: int, email: str) -> list[Invitation]:
    """Lock a person's unanswered invitations to a shop; needs an open transaction."""
    found = Invitation.objects.select_for_update().filter(_UNANSWERED, shop_id=shop_id, email=email)
    return list(found.order_by("pk"))


def lock_unanswered_by(*, shop_id: int, user_id: int) -> list[Invitation]:
    """Lock the unanswered invitations to a shop that one person made; needs an open transaction."""
    found = Invitation.objects.select_for_update().filter(_UNANSWERED, shop_id=shop_id, invited_by_id=user_id)
    return list(found.order_by("pk"))


_UNANSWERED = Q(accepted_at__isnull=True, revoked_at__isnull=True)


def _with_people() -> QuerySet[Invitation]:
    return Invitation.objects.select_related("shop", "invited_by").defer(*private_fields("invited_by"))


def _the_one(invitations: QuerySet[Invitation], condition: Q) -> Invitation:
    found = invitations.filter(condition).first()
    if found is None:
        raise InvitationNotFoundError
    return found
