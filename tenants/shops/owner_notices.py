"""Notices to a shop's owners, on the site and by e-mail, each in their language."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django_stubs_ext import StrOrPromise

from accounts.services.languages import speaking_to
from kit.text.languages import speaking
from notifications.services import Letter, SiteNotice, notify, notify_each, queue_email, queue_emails
from tenants.models import Role, Shop
from tenants.shops.selectors import members_of, owners_of


@dataclass(frozen=True, slots=True)
class Notice:
    """Text of a notice to owners.

    Args:
        paragraphs: what the letter says in place of the body, where that is a summary.
    """

    title: str
    body: str
    paragraphs: tuple[str, ...] = ()


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


def send_to_owners_of_each(
    shops: Sequence[Shop],
    write: Callable[[Shop], Notice],
    *,
    kind: str,
    url: Callable[[Shop], str],
    action: StrOrPromise,
    key: str,
    now: datetime,
) -> None:
    """Tell the owners of many shops, each in their language, in as many statements as for one shop.

    Args:
        write: writes a shop's notice in the language that is active then.
        kind: one that always arrives, so that no choices have to be read.
        action: the label of the link.
        key: sets the notice apart from the shops' others.
    """
    by_id, notices, letters = {shop.pk: shop for shop in shops}, [], []
    for owner in owners_of(shop_ids=by_id):
        shop = by_id[owner.shop_id]
        with speaking(owner.language):
            notice, dedup_key = write(shop), f"shop-{shop.pk}-{key}-{owner.user_id}"
            notices.append(SiteNotice(owner.user_id, kind, notice.title, notice.body, url(shop), dedup_key))
            context = {"title": notice.title, "body": notice.body, "paragraphs": notice.paragraphs}
            context |= {"shop": shop, "link": url(shop), "action": str(action)}
            letters.append(Letter.written(to=owner.email, template="shop_status", context=context, dedup_key=dedup_key))
    notify_each(notices, now=now)
    queue_emails(letters, now=now)
