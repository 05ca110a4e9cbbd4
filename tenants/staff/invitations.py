"""Ask people to work in a shop, and take their answers."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import get_language, gettext, gettext_lazy

from accounts.models import User
from accounts.selectors import find_user, get_user, is_email_verified
from accounts.services.languages import speaking_to
from accounts.services.letters_asked_for import check_may_write_to, readable_name
from accounts.services.proof import open_proved_account, prove_email, take_account
from kit.db.roles import as_platform
from kit.text import rules
from kit.text.inputs import checked_text
from kit.web.hosts import platform_url
from notifications.services import notify, queue_email
from tenants.access import ROLE_SUMMARIES
from tenants.errors import (
    AlreadyMemberError,
    EmailUnconfirmedError,
    InvitationForAnotherError,
    InvitationSpentError,
    SignInNeededError,
    TooManyInvitationsError,
)
from tenants.models import Invitation, Membership, Role, Shop, ShopEventKind, ShopStatus
from tenants.shops.addresses import shop_url
from tenants.shops.audit_trail import record_event
from tenants.shops.selectors import lock_shop, role_in
from tenants.staff.members import add_member
from tenants.staff.selectors import (
    InvitationState,
    count_invitations_since,
    count_open_invitations,
    get_invitation,
    hash_of,
    lock_invitation,
    lock_unanswered,
    masked,
    state_of,
)

INVITATION_DAYS = 7
MAX_OPEN = 50
MAX_A_DAY = 30
TOKEN_BYTES = 32
SPENT = {
    InvitationState.USED: gettext_lazy("This invitation has been accepted already."),
    InvitationState.EXPIRED: format_lazy(
        gettext_lazy("This invitation was good for {days} days. Ask the shop for a new one."), days=INVITATION_DAYS
    ),
    InvitationState.WITHDRAWN: InvitationSpentError.default_message,
}


@as_platform()
def invite_member(
    *,
    shop_id: int,
    email: str,
    role: Role,
    invited_by_id: int | None,
    now: datetime,
    is_asked_by_shop: bool = True,
    letter: str = "shop_invitation",
) -> Invitation:
    """Invite a person to a role in a shop, by e-mail; a second invitation replaces the first, with its link.

    Args:
        invited_by_id: None where the platform does it by itself.
        is_asked_by_shop: whether the letter counts against the mailbox's limit; an operator's does not.
        letter: name of the letter's template.

    Raises:
        AlreadyMemberError: the person works there already.
        TooManyInvitationsError: the shop has asked too many people, or too often today.
        TooManyLettersError: the address has been written to often enough.
        ShopNotFoundError: there is no such shop.
    """
    email, token = checked_text("email", rules.EMAIL, email), secrets.token_urlsafe(TOKEN_BYTES)
    if is_asked_by_shop:
        check_may_write_to(email=email)
    with transaction.atomic():
        shop = lock_shop(shop_id=shop_id)
        earlier = lock_unanswered(shop_id=shop_id, email=email)
        if Membership.objects.filter(shop_id=shop_id, user__email=email).exists():
            raise AlreadyMemberError
        Invitation.objects.filter(pk__in=[one.pk for one in earlier]).update(revoked_at=now)
        _check_limits(shop_id, now)
        invitation = Invitation.objects.create(
            shop=shop,
            email=email,
            role=Role(role),
            token_hash=hash_of(token),
            invited_by_id=invited_by_id,
            created_at=now,
            expires_at=now + timedelta(days=INVITATION_DAYS),
        )
        _record(invitation, ShopEventKind.MEMBER_INVITED, invited_by_id, now)
        _send(invitation, token, letter, now)
    return invitation


@as_platform()
def revoke_invitation(*, shop_id: int, invitation_id: UUID, revoked_by_id: int, now: datetime) -> Invitation:
    """Take an offer back; its link stops working.

    Raises:
        InvitationNotFoundError: the shop has made no such offer.
        InvitationSpentError: it was answered meanwhile.
    """
    with transaction.atomic():
        invitation = lock_invitation(Q(pk=invitation_id, shop_id=shop_id))
        _end(invitation, ShopEventKind.INVITATION_REVOKED, revoked_by_id, now)
    return invitation


def accept_invitation(*, token: str, user_id: int, now: datetime) -> Membership:
    """Start to work in a shop by the link in the e-mail, which proves the address: it was sent nowhere else.

    Raises:
        InvitationNotFoundError: the link is not one of ours.
        InvitationForAnotherError: it was sent to another address than this person's.
        InvitationSpentError: it is too old, was answered or taken back, or the shop has closed.
        AlreadyMemberError: the person works there already; the role stays as it is.
    """
    with transaction.atomic():
        user = get_user(user_id=user_id)
        if user.email == get_invitation(token=token).email:
            prove_email(user=user)
        return _accept(lock_invitation(Q(token_hash=hash_of(token))), user, now)


def join_by_invitation(*, token: str, name: str, password: str, now: datetime) -> Membership:
    """Accept an invitation by the link in the e-mail, with the account of its address, made here if needed.

    An account with this address that was never confirmed is given to the reader with the new password.

    Raises:
        InvitationNotFoundError: the link is not one of ours.
        SignInNeededError: there is an account whose owner has proved the address, or a closed one.
        InvalidInputError: the password is too weak.
        InvitationSpentError, AlreadyMemberError: as with `accept_invitation`; no account is opened or changed.
    """
    with transaction.atomic():
        email = get_invitation(token=token).email
        user = find_user(email=email)
        if user is None:
            user = open_proved_account(email=email, password=password, name=name)
        elif is_email_verified(user=user) or not user.is_active:
            raise SignInNeededError
        else:
            take_account(user=user, password=password)
        return _accept(lock_invitation(Q(token_hash=hash_of(token))), user, now)


def accept_own_invitation(*, invitation_id: UUID, user_id: int, now: datetime) -> Membership:
    """Start to work in a shop by an offer that was made to a person's own address.

    Raises:
        InvitationNotFoundError: no such offer was made to this person.
        EmailUnconfirmedError, InvitationSpentError, AlreadyMemberError: as with the link.
    """
    with transaction.atomic():
        user = get_user(user_id=user_id)
        return _accept(lock_invitation(Q(pk=invitation_id, email=user.email)), user, now)


def decline_invitation(*, token: str, user_id: int | None, now: datetime) -> Invitation:
    """Decline the invitation of a link; the link's holder needs no account.

    Raises:
        InvitationNotFoundError: the link is not one of ours.
        InvitationForAnotherError: another user is signed in.
        InvitationSpentError: it was answered already, or withdrawn.
    """
    with transaction.atomic():
        invitation = lock_invitation(Q(token_hash=hash_of(token)))
        if user_id is not None:
            _check_addressee(invitation, get_user(user_id=user_id))
        _end(invitation, ShopEventKind.INVITATION_DECLINED, user_id, now)
    return invitation


def decline_own_invitation(*, invitation_id: UUID, user_id: int, now: datetime) -> Invitation:
    """Decline an invitation to the person's own address.

    Raises:
        InvitationNotFoundError: this person has no such invitation.
        EmailUnconfirmedError: the person has not confirmed the address.
        InvitationSpentError: it was answered already, or withdrawn.
    """
    with transaction.atomic():
        user = get_user(user_id=user_id)
        invitation = lock_invitation(Q(pk=invitation_id, email=user.email))
        _check_addressee(invitation, user)
        _end(invitation, ShopEventKind.INVITATION_DECLINED, user_id, now)
    return invitation


def _accept(invitation: Invitation, user: User, now: datetime) -> Membership:
    _check_addressee(invitation, user)
    if role_in(user, invitation.shop) is not None:
        raise AlreadyMemberError
    state = state_of(invitation, now=now)
    if state is not InvitationState.OPEN:
        raise InvitationSpentError(SPENT[state])
    if not _takes_staff(invitation):
        raise InvitationSpentError(gettext("This shop has closed."))
    membership = add_member(shop_id=invitation.shop_id, user_id=user.pk, role=Role(invitation.role), now=now)
    Invitation.objects.filter(pk=invitation.pk).update(accepted_at=now)
    _record(invitation, ShopEventKind.MEMBER_JOINED, user.pk, now)
    _tell_inviter(invitation, user, now)
    return membership


def _takes_staff(invitation: Invitation) -> bool:
    """Return whether an invitation can still be accepted; in a closed shop only an owner's, who can reopen it."""
    if invitation.shop.status != ShopStatus.CLOSED:
        return invitation.shop.status != ShopStatus.DELETED
    inviter = invitation.invited_by
    return invitation.role == Role.OWNER and (inviter is None or inviter.is_operator)


def _end(invitation: Invitation, kind: ShopEventKind, actor_id: int | None, now: datetime) -> None:
    state = state_of(invitation, now=now)
    if state in {InvitationState.USED, InvitationState.WITHDRAWN}:
        raise InvitationSpentError(SPENT[state])
    invitation.revoked_at = now
    invitation.save(update_fields=["revoked_at"])
    _record(invitation, kind, actor_id, now)


def _check_addressee(invitation: Invitation, user: User) -> None:
    if user.email != invitation.email:
        message = gettext("This invitation was sent to %(masked)s. Sign in with that address to answer it.") % {
            "masked": masked(invitation.email)
        }
        raise InvitationForAnotherError(message)
    if not is_email_verified(user=user):
        raise EmailUnconfirmedError


def _check_limits(shop_id: int, now: datetime) -> None:
    if count_open_invitations(shop_id=shop_id, now=now) >= MAX_OPEN:
        raise TooManyInvitationsError(
            gettext("%(max_open)s invitations wait for an answer. Withdraw some of them first.")
            % {"max_open": MAX_OPEN}
        )
    if count_invitations_since(shop_id=shop_id, since=now - timedelta(days=1)) >= MAX_A_DAY:
        raise TooManyInvitationsError(
            gettext("A shop can send %(max_a_day)s invitations a day. Go on tomorrow.") % {"max_a_day": MAX_A_DAY}
        )


def _record(invitation: Invitation, kind: ShopEventKind, actor_id: int | None, now: datetime) -> None:
    record_event(
        shop_id=invitation.shop_id,
        actor_id=actor_id,
        kind=kind,
        subject=invitation.email,
        details={"role": invitation.role},
        now=now,
    )


def _send(invitation: Invitation, token: str, letter: str, now: datetime) -> None:
    with speaking_to(email=invitation.email, otherwise=get_language() or ""):
        context = {
            "shop_name": readable_name(invitation.shop.name, otherwise=invitation.shop.slug),
            "role": invitation.get_role_display(),
            "summary": str(ROLE_SUMMARIES[Role(invitation.role)]),
            "inviter": _inviter_of(invitation),
            "days": INVITATION_DAYS,
            "expires_at": invitation.expires_at,
            "link": platform_url(f"/invitations/{token}/"),
        }
        queue_email(
            to=invitation.email,
            template=letter,
            context=context,
            dedup_key=f"shop-invitation-{invitation.pk}",
            now=now,
            is_secret=True,
        )


def _inviter_of(invitation: Invitation) -> str:
    """Return the inviter's name in the form for a letter to a person without an account."""
    inviter = invitation.invited_by
    if inviter is None or inviter.is_operator:
        return str(settings.PLATFORM_NAME)
    return readable_name(inviter.name) or readable_name(invitation.shop.name, otherwise=invitation.shop.slug)


def _tell_inviter(invitation: Invitation, user: User, now: datetime) -> None:
    shop: Shop = invitation.shop
    if invitation.invited_by_id is None or role_in(User(pk=invitation.invited_by_id), shop) is None:
        return
    with speaking_to(user_id=invitation.invited_by_id):
        notify(
            user_id=invitation.invited_by_id,
            kind="shop.member_joined",
            title=(gettext("%(user)s has joined %(shop)s") % {"user": user, "shop": shop.name}),
            body=(
                gettext("%(role)s, by your invitation to %(email)s.")
                % {"role": invitation.get_role_display(), "email": invitation.email}
            ),
            url=shop_url(shop, "/dashboard/staff/"),
            dedup_key=f"member-joined-{invitation.pk}",
            now=now,
        )
