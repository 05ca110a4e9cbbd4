"""Invitations to the owners of a shop that was deleted and restored."""

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext

from accounts.selectors import confirmed_emails
from tenants.archives.reading import Archive
from tenants.archives.signing import Signature
from tenants.errors import AlreadyMemberError, TooManyInvitationsError
from tenants.models import Role, ShopEvent, ShopEventKind
from tenants.staff.invitations import invite_member

MEMBERSHIPS = "public/memberships.csv"
ENDED = (ShopEventKind.MEMBER_REMOVED, ShopEventKind.MEMBER_LEFT, ShopEventKind.ROLE_CHANGED)


def people_of(archive: Archive) -> dict[str, str]:
    """Return the roles of who worked in the shop, by address.

    Raises:
        ArchiveError: the archive's table of them cannot be read.
    """
    rows = archive.rows(MEMBERSHIPS, "email", "role")
    return {row["email"].strip().lower(): row["role"] for row in rows}


def invite_former_owners(archive: Archive, *, shop_id: int, now: datetime) -> list[str]:
    """Invite the owners named in the market's own archive; return what an operator has to do, as texts.

    The shop has no members until they accept. Only owners with a confirmed address are invited, and none who left or
    got another role since the archive was written.
    """
    people = people_of(archive)
    ended = _ended_since(archive.manifest.created_at, shop_id)
    owners = {email for email, role in people.items() if role == Role.OWNER and email not in ended}
    if archive.manifest.signature is not Signature.OURS:
        owners = set()
    invited = [email for email in sorted(confirmed_emails(emails=owners)) if _invite(email, shop_id, now)]
    left = [f"{email} ({role})" for email, role in people.items() if email not in {*invited, *ended}]
    said = [(gettext("Invited to own it again: %(invited)s.") % {"invited": ", ".join(invited)})] if invited else []
    if left:
        said.append(
            gettext("Worked there, not invited: %(left)s. The console invites an owner, who asks the others.")
            % {"left": ", ".join(left)}
        )
    if ended:
        said.append(
            gettext("Left or got another role since the archive, not invited: %(ended)s.")
            % {"ended": ", ".join(sorted(ended))}
        )
    return said


def _ended_since(moment: datetime, shop_id: int) -> Collection[str]:
    events = ShopEvent.objects.filter(shop_id=shop_id, kind__in=ENDED, created_at__gte=moment).exclude(subject="")
    return {email.lower() for email in events.order_by("pk").values_list("subject", flat=True)}


def _invite(email: str, shop_id: int, now: datetime) -> bool:
    try:
        invite_member(
            shop_id=shop_id,
            email=email,
            role=Role.OWNER,
            invited_by_id=None,
            now=now,
            is_asked_by_shop=False,
        )
    except (AlreadyMemberError, TooManyInvitationsError):
        return False
    return True
