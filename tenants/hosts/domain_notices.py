"""Notices to a shop's owners about a domain."""

from datetime import datetime
from enum import Enum
from hashlib import sha256

from django.utils.translation import gettext, gettext_lazy

from accounts.services.languages import speaking_to
from kit.text.sentences import as_sentence
from kit.web.hosts import host_url
from notifications.services import notify, queue_email
from tenants.models import Role, Shop
from tenants.shops.addresses import shop_host
from tenants.shops.selectors import members_of

# The page is open at the slug's host too, wherever the shop lives: a domain that does not work must not keep
# its owner from undoing it.
DOMAINS_PAGE = "/dashboard/settings/domains/"


class DomainNotice(Enum):
    """Notice about a domain: kind, headline, and consequence."""

    VERIFIED = (
        "domain.verified",
        gettext_lazy("{host} leads to your shop"),
        (
            gettext_lazy(
                "We have found the TXT record. Keep it: we look for it every week. You can now make this your shop’s "
                "main address."
            )
        ),
    )
    MOVED = (
        "domain.moved",
        gettext_lazy("Your shop is at {host}"),
        (
            gettext_lazy(
                "Links lead there from now on, and your other addresses send visitors on to it. If it does not open, "
                "choose another main address on your page of domains, which stays open at the market’s own address."
            )
        ),
    )
    MISSING = (
        "domain.missing",
        gettext_lazy("The TXT record of {host} is missing"),
        (
            gettext_lazy(
                "It shows us that the domain is still yours. Put it back within seven days; after that, the domain no "
                "longer leads to your shop."
            )
        ),
    )
    LAPSED = (
        "domain.lapsed",
        gettext_lazy("{host} no longer leads to your shop"),
        (
            gettext_lazy(
                "Its TXT record has been missing for seven days, so another owner may have the domain by now. Your "
                "shop is at its address on the market. Put the record back, and the domain is yours again."
            )
        ),
    )
    REMOVED = (
        "domain.removed",
        gettext_lazy("{host} was taken off your shop"),
        gettext_lazy("The market’s operators removed it. Your shop is at its address on the market."),
    )


def tell_owners(*, shop: Shop, notice: DomainNotice, host: str, now: datetime, reason: str = "") -> None:
    """Notify every owner on the site and by e-mail; call it in the transaction of the change."""
    kind, title, text = notice.value
    link = host_url(shop_host(shop.slug), DOMAINS_PAGE)
    for member in members_of(shop_id=shop.pk):
        if member.role != Role.OWNER:
            continue
        key = f"{kind}-{shop.pk}-{_short(host)}-{member.user_id}-{int(now.timestamp())}"
        with speaking_to(user_id=member.user_id):
            headline = str(title).format(host=host)
            body = (
                (gettext("%(text)s Their reason: %(reason)s") % {"text": text, "reason": as_sentence(reason)})
                if reason
                else str(text)
            )
            notify(user_id=member.user_id, kind=kind, title=headline, body=body, url=link, dedup_key=key, now=now)
            queue_email(
                user_id=member.user_id,
                to=member.user.email,
                template="domain_notice",
                context={"shop": shop, "title": headline, "text": str(text), "reason": reason, "link": link},
                dedup_key=key,
                now=now,
            )


def _short(host: str) -> str:
    """Return a key for a host that fits where the host may not."""
    return sha256(host.encode()).hexdigest()[:12]
