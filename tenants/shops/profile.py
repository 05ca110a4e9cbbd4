"""Change a shop's public profile."""

from collections.abc import Collection
from datetime import datetime
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext, gettext_noop

from kit.errors import InvalidInputError
from kit.stored.parts import RowsFormed
from kit.text.inputs import checked_text
from kit.text.numbers import grouped
from kit.text.phones import stored_phone
from kit.web.versions import Seen, check_version, version_of
from kit.work import outbox
from tenants.events import ShopChanged
from tenants.models import Domain, Shop, ShopEventKind
from tenants.shops import host_cache
from tenants.shops.addresses import shop_host
from tenants.shops.audit_trail import record_event
from tenants.shops.selectors import lock_shop

# Columns that may be changed, with their names in the shop's trail, which are shown in the reader's language.
PROFILE = {
    "name": gettext_noop("name"),
    "tagline": gettext_noop("tagline"),
    "description": gettext_noop("description"),
    "city": gettext_noop("city"),
    "country": gettext_noop("country"),
    "banner": gettext_noop("banner"),
    "logo": gettext_noop("logo"),
    "shipping_minor": gettext_noop("delivery rate"),
    "delivery_policy": gettext_noop("delivery policy"),
    "returns_policy": gettext_noop("returns policy"),
    "contact_email": gettext_noop("contact e-mail"),
    "contact_phone": gettext_noop("contact phone"),
}

LEAST_REQUESTS, MOST_REQUESTS = 10, 1_000_000


def profile_version(shop: Shop, fields: Collection[str] = tuple(PROFILE)) -> str:
    """Return the version of a shop's profile, or of some of its columns."""
    return version_of({name: getattr(shop, name) for name in fields})


def update_profile(
    *,
    shop_id: int,
    actor_id: int | None,
    now: datetime,
    seen: Seen = None,
    seen_fields: Collection[str] = tuple(PROFILE),
    **changes: Any,
) -> Shop:
    """Change a shop's profile: columns among `PROFILE`, with their new values.

    Columns with the same value are no change: they enter neither the trail nor the event.

    Args:
        actor_id: None where the platform does it by itself.
        seen: the `profile_version` of `seen_fields` that the change was made from.

    Raises:
        ShopNotFoundError: there is no such shop.
        ChangedMeanwhileError: the profile was changed meanwhile; nothing is written.
        InvalidInputError: the new phone number is none.
        ValueError: a column is not part of the profile.
    """
    if unknown := changes.keys() - PROFILE:
        raise ValueError(f"Not part of a shop's profile: {', '.join(sorted(unknown))}.")
    with transaction.atomic():
        shop = lock_shop(shop_id=shop_id)
        check_version(seen=seen, current=profile_version(shop, seen_fields))
        changes = _with_stored_phone(shop, changes)
        new = {name: value for name, value in changes.items() if getattr(shop, name) != value}
        if not new:
            return shop
        fields = sorted(new)
        record_event(
            shop_id=shop_id,
            actor_id=actor_id,
            kind=ShopEventKind.PROFILE_CHANGED,
            subject=", ".join(PROFILE[name] for name in fields)[:254],
            details={"fields": fields},
            now=now,
        )
        outbox.emit(ShopChanged(shop_id, fields=tuple(fields)), now=now)
        return _change(shop_id, new)


def set_rate_limit(*, shop_id: int, requests_per_minute: int | None) -> Shop:
    """Set a shop's limit of requests per minute, or reset it to the default.

    Raises:
        ShopNotFoundError: there is no such shop.
        InvalidInputError: the limit is too low to work with.
    """
    if requests_per_minute is not None and not LEAST_REQUESTS <= requests_per_minute <= MOST_REQUESTS:
        message = gettext("Give a whole number from %(least_requests)s to %(most_requests)s.") % {
            "least_requests": LEAST_REQUESTS,
            "most_requests": grouped(MOST_REQUESTS),
        }
        raise InvalidInputError(message, details={"requests_per_minute": [message]})
    return _change(shop_id, {"rate_limit_per_minute": requests_per_minute})


def forget_hosts(*, shop_id: int, slug: str) -> None:
    """Drop a shop's hosts from all caches: now for this transaction, after the commit for the others."""
    custom = Domain.objects.filter(tenant_id=shop_id).order_by("domain").values_list("domain", flat=True)
    hosts = {shop_host(slug), *custom}
    host_cache.forget(*hosts)
    if connection.in_atomic_block:
        transaction.on_commit(partial(host_cache.forget, *hosts))


def follow_formed_shops(formed: RowsFormed) -> None:
    """Tell of shops whose stored names and texts have got another form."""
    if formed.model != Shop._meta.label:  # noqa: SLF001 - documented
        return
    for shop in Shop.objects.filter(pk__in=formed.keys).order_by("pk"):
        outbox.emit(ShopChanged(shop.pk, fields=tuple(sorted(formed.fields))), now=formed.now)
        forget_hosts(shop_id=shop.pk, slug=shop.slug)


def _with_stored_phone(shop: Shop, changes: dict[str, Any]) -> dict[str, Any]:
    """Return changes with the phone number as E.164; one that stays as it is is not judged again."""
    name = "contact_phone"
    if changes.get(name, shop.contact_phone) == shop.contact_phone:
        return changes
    dialled_in = partial(stored_phone, country=str(changes.get("country", shop.country)))
    return changes | {name: checked_text(name, dialled_in, changes[name])}


def _change(shop_id: int, changes: dict[str, Any]) -> Shop:
    with transaction.atomic():
        shop = lock_shop(shop_id=shop_id)
        Shop.objects.filter(pk=shop_id).update(**changes)
        forget_hosts(shop_id=shop.pk, slug=shop.slug)
    return Shop.objects.get(pk=shop_id)
