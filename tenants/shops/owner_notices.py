"""Notices to a shop's owners, on the site and by e-mail, each in their language."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django_stubs_ext import StrOrPromise

from accounts.services.languages import speaking_to
from notifications.services import notify, queue_email
from tenants.models import Role, Shop
from tenants.shops.selectors import members_of


@dataclass(frozen=True, slots=True)
class Notice:
    """Text of a notice to owners."""

    title: str
    body: str


def send_to_owners(
    shop: Shop,
    write: Callable[[], Notice | None],
    *,
    kind: str,
    url: str,
    action: StrOrPromise,
    key: str,
    now: datetime,
) -> None:
    """Tell every owner, each in their language; no one where there is no news.

    Args:
        write: writes the notice in the language that is active then.
        action: the label of the link.
        key: sets the notice apart from the shop's others.
    """
    for member in members_of(shop_id=shop.pk):
        if member.role != Role.OWNER:
            continue
        with speaking_to(user_id=member.user_id):
            notice = write()
            if notice is None:
                return
            dedup_key = f"shop-{shop.pk}-{key}-{member.user_id}"
            notify(
                user_id=member.user_id,
                kind=kind,
                title=notice.title,
                body=notice.body,
                url=url,
                dedup_key=dedup_key,
                now=now,
            )
            context = {"title": notice.title, "body": notice.body, "shop": shop, "link": url, "action": str(action)}
            queue_email(to=member.user.email, template="shop_status", context=context, dedup_key=dedup_key, now=now)
