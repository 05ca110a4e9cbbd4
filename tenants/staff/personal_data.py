"""Personal data about people's work in shops, and its removal."""

from datetime import datetime

from django.utils.translation import gettext

from accounts.errors import ErasureBlockedError
from accounts.services.personal_data import Rows, Subject
from tenants.models import Invitation, Membership, Role, ShopApplication, ShopEventKind
from tenants.shops.audit_trail import record_event
from tenants.staff.locks import lock_memberships

COLUMNS = frozenset({"tenants.Invitation.email"})
APPLICATION = ("shop_name", "slug", "status", "email", "contact_name", "phone", "address", "city", "created_at")


def collect(subject: Subject) -> dict[str, Rows]:
    """Return a person's memberships, invitations and applications."""
    found: dict[str, Rows] = {}
    if subject.user_id is not None:
        found["memberships"] = list(
            Membership.objects.filter(user_id=subject.user_id)
            .order_by("pk")
            .values("shop__slug", "shop__name", "role", "created_at")
        )
    if subject.is_email_theirs:
        invitations = Invitation.objects.filter(email=subject.email).order_by("created_at", "pk")
        found["invitations"] = list(invitations.values("shop__slug", "role", "created_at", "accepted_at", "revoked_at"))
        applications = ShopApplication.objects.filter(email=subject.email).order_by("created_at", "pk")
        found["shop_applications"] = list(applications.values(*APPLICATION))
    return found


def obstacles(subject: Subject) -> list[str]:
    """Name the shops that would be left without an owner."""
    alone = [
        member.shop.name
        for member in _memberships(subject)
        if member.role == Role.OWNER
        and not Membership.objects.filter(shop_id=member.shop_id, role=Role.OWNER).exclude(pk=member.pk).exists()
    ]
    return [
        (
            gettext("You are the last owner of %(name)s: make another member its owner, or close and delete it first.")
            % {"name": name}
        )
        for name in alone
    ]


def erase(subject: Subject, nobody: str, now: datetime) -> None:
    """Leave every shop, and take the address off invitations."""
    if subject.user_id is not None:
        shop_ids = (
            Membership.objects.filter(user_id=subject.user_id).order_by("shop_id").values_list("shop_id", flat=True)
        )
        for shop_id in list(shop_ids):
            _leave(shop_id, subject, now)
    if subject.is_email_theirs:
        waiting = Invitation.objects.filter(email=subject.email)
        waiting.filter(accepted_at__isnull=True, revoked_at__isnull=True).update(revoked_at=now)
        waiting.update(email=nobody)


def _memberships(subject: Subject) -> list[Membership]:
    if subject.user_id is None:
        return []
    found = Membership.objects.filter(user_id=subject.user_id).select_related("shop")
    return list(found.order_by("shop__name", "pk"))


def _leave(shop_id: int, subject: Subject, now: datetime) -> None:
    """Leave a shop and remove the person's name from its trail; of two owners forgotten at once, one stays."""
    everybody = lock_memberships(shop_id=shop_id)
    own = next(member for member in everybody if member.user_id == subject.user_id)
    if own.role == Role.OWNER and not any(m.role == Role.OWNER and m.pk != own.pk for m in everybody):
        raise ErasureBlockedError(gettext("You are the last owner of %(shop)s.") % {"shop": own.shop.name})
    record_event(
        shop_id=shop_id,
        actor_id=None,
        kind=ShopEventKind.MEMBER_LEFT,
        details={"role": own.role, "erased": True},
        now=now,
    )
    Membership.objects.filter(pk=own.pk).delete()
