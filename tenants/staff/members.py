"""Members of a shop, and their roles."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext
from psycopg import errors

from accounts.services.languages import speaking_to
from kit.db.roles import as_platform
from kit.web.versions import Seen, check_version
from notifications.services import notify, queue_email
from tenants.access import ROLE_SUMMARIES, can
from tenants.capabilities import MANAGE_STAFF
from tenants.errors import AlreadyMemberError, LastOwnerError, NotStaffError
from tenants.models import Invitation, Membership, Role, ShopEventKind
from tenants.shops.addresses import shop_url
from tenants.shops.audit_trail import record_event
from tenants.staff.locks import lock_memberships, member_version
from tenants.staff.selectors import lock_unanswered_by


def add_member(*, shop_id: int, user_id: int, role: Role, now: datetime) -> Membership:
    """Let a person work in a shop.

    Raises:
        AlreadyMemberError: the person works there already; the role stays as it is.
    """
    try:
        with transaction.atomic():
            return Membership.objects.create(shop_id=shop_id, user_id=user_id, role=role, created_at=now)
    except IntegrityError as error:
        if isinstance(error.__cause__, errors.UniqueViolation):
            raise AlreadyMemberError from error
        raise


@as_platform()
def change_role(
    *, shop_id: int, member_id: int, role: Role, actor_id: int, now: datetime, seen: Seen = None
) -> Membership:
    """Give a member another role; its permissions apply from the next request on.

    Args:
        seen: the versions that it may be made from; None: any version.

    Raises:
        ChangedMeanwhileError: it was made from another version; nothing is changed.
        NotStaffError: the shop has no such membership.
        LastOwnerError: the shop would have no owner.
    """
    with transaction.atomic():
        everybody = lock_memberships(shop_id=shop_id)
        member = _one_of(everybody, member_id)
        check_version(seen=seen, current=member_version(member))
        before, role = Role(member.role), Role(role)
        if before == role:
            return member
        if role != Role.OWNER:
            _keep_an_owner(everybody, without=member)
        member.role = role
        member.save(update_fields=["role"])
        _record(member, ShopEventKind.ROLE_CHANGED, actor_id, now, before=before.value, after=role.value)
        if not can(role, MANAGE_STAFF):
            _withdraw_offers_of(member, actor_id, now)
        _tell(member, "shop_role_changed", now)
    return member


@as_platform()
def remove_member(*, shop_id: int, member_id: int, actor_id: int, now: datetime, seen: Seen = None) -> Membership:
    """Remove a member from a shop at once, with the invitations that the member sent.

    Args:
        seen: the versions of the role that it may be removed in; None: whatever it is.

    Raises:
        NotStaffError: the shop has no such membership.
        LastOwnerError: the shop would have no owner.
        ChangedMeanwhileError: the role is another one by now; nothing is changed.
    """
    with transaction.atomic():
        everybody = lock_memberships(shop_id=shop_id)
        member = _one_of(everybody, member_id)
        check_version(seen=seen, current=member_version(member))
        if member.user_id == actor_id:
            return _leave(everybody, member, now)
        _keep_an_owner(everybody, without=member)
        _record(member, ShopEventKind.MEMBER_REMOVED, actor_id, now, role=member.role)
        _withdraw_offers_of(member, actor_id, now)
        _tell(member, "shop_member_removed", now)
        Membership.objects.filter(pk=member.pk).delete()
    return member


@as_platform()
def leave_shop(*, shop_id: int, user_id: int, now: datetime) -> Membership:
    """End one's own work in a shop.

    Raises:
        NotStaffError: the person does not work there.
        LastOwnerError: the shop would have no owner.
    """
    with transaction.atomic():
        everybody = lock_memberships(shop_id=shop_id)
        own = next((member for member in everybody if member.user_id == user_id), None)
        if own is None:
            raise NotStaffError(gettext("You don't work in this shop."))
        return _leave(everybody, own, now)


def _leave(everybody: list[Membership], member: Membership, now: datetime) -> Membership:
    _keep_an_owner(everybody, without=member)
    _record(member, ShopEventKind.MEMBER_LEFT, member.user_id, now, role=member.role)
    for other in everybody:
        if other.role == Role.OWNER and other.pk != member.pk:
            with speaking_to(user_id=other.user_id):
                notify(
                    user_id=other.user_id,
                    kind="shop.member_left",
                    title=(gettext("%(user)s has left %(shop)s") % {"user": member.user, "shop": member.shop.name}),
                    body=(
                        gettext("%(role)s until today, %(email)s.")
                        % {"role": member.get_role_display(), "email": member.user.email}
                    ),
                    url=shop_url(member.shop, "/dashboard/staff/"),
                    dedup_key=f"member-left-{member.pk}",
                    now=now,
                )
    Membership.objects.filter(pk=member.pk).delete()
    return member


def _one_of(everybody: list[Membership], member_id: int) -> Membership:
    member = next((one for one in everybody if one.pk == member_id), None)
    if member is None:
        raise NotStaffError
    return member


def _keep_an_owner(everybody: list[Membership], *, without: Membership) -> None:
    if without.role == Role.OWNER and not any(
        one.role == Role.OWNER and one.user.is_active for one in everybody if one.pk != without.pk
    ):
        raise LastOwnerError


def _withdraw_offers_of(member: Membership, actor_id: int, now: datetime) -> None:
    """Withdraw the invitations that a removed member has sent."""
    offers = lock_unanswered_by(shop_id=member.shop_id, user_id=member.user_id)
    Invitation.objects.filter(pk__in=[offer.pk for offer in offers]).update(revoked_at=now)
    for offer in offers:
        record_event(
            shop_id=member.shop_id,
            actor_id=actor_id,
            kind=ShopEventKind.INVITATION_REVOKED,
            subject=offer.email,
            details={"role": offer.role},
            now=now,
        )


def _record(member: Membership, kind: ShopEventKind, actor_id: int, now: datetime, **details: Any) -> None:
    record_event(
        shop_id=member.shop_id, actor_id=actor_id, kind=kind, subject=member.user.email, details=details, now=now
    )


def _tell(member: Membership, template: str, now: datetime) -> None:
    """Notify the member concerned, on the site and by e-mail, in their language."""
    key = f"{template}-{member.pk}-{int(now.timestamp() * 1000)}"
    with speaking_to(user_id=member.user_id):
        role = Role(member.role)
        context = {
            "name": member.user.get_short_name(),
            "shop": member.shop,
            "role": str(role.label),
            "summary": str(ROLE_SUMMARIES[role]),
        }
        is_removed = template == "shop_member_removed"
        names = {"role": str(role.label).lower(), "shop": member.shop.name}
        title = gettext("You no longer work in %(shop)s") if is_removed else gettext("You are %(role)s of %(shop)s now")
        if not is_removed:
            context["link"] = shop_url(member.shop, "/dashboard/")
        notify(
            user_id=member.user_id,
            kind=template.replace("_", ".", 1),
            title=title % names,
            body=gettext("Your account, orders and basket stay as they are.")
            if is_removed
            else str(ROLE_SUMMARIES[role]),
            url="/account/shops/" if is_removed else str(context["link"]),
            dedup_key=key,
            now=now,
        )
        queue_email(to=member.user.email, template=template, context=context, dedup_key=key, now=now)
