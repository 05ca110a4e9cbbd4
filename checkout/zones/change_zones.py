"""Add, change and remove delivery zones of a shop."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop

from checkout.errors import DeliveryZoneNotFoundError, LastZoneError, TooManyZonesError
from checkout.fulfilment.services.zones import Zone, read_zones, write_zones
from checkout.zones.checking import MOST_ZONES, checked_zone
from checkout.zones.compiling import store_zones
from kit.web.versions import Seen, check_version, version_of
from tenants.models import Shop, ShopEventKind
from tenants.shops.audit_trail import record_event
from tenants.shops.checklist_steps import DELIVERY, finish_step
from tenants.shops.selectors import lock_shop


def zone_version(zone: Zone) -> str:
    """Return the version of a zone with its methods."""
    return version_of({name: json.dumps(value, default=str) for name, value in asdict(zone).items()})


def find_zone(zones: Sequence[Zone], zone_id: UUID) -> Zone:
    """Return the zone with an id.

    Raises:
        DeliveryZoneNotFoundError: the shop has none.
    """
    for zone in zones:
        if zone.id == zone_id:
            return zone
    raise DeliveryZoneNotFoundError


def add_zone(*, shop: Shop, zone: Zone, actor_id: int | None, now: datetime) -> Zone:
    """Add a zone; a shop that had set none keeps its standard one beside it.

    Raises:
        TooManyZonesError: the shop has as many as it may have.
        InvalidInputError: it can't be stored, or another one covers a part of it; nothing is changed.
    """
    with transaction.atomic():
        locked, zones = _lock_zones(shop)
        if len(zones) >= MOST_ZONES:
            raise TooManyZonesError
        new = checked_zone(zone, others=zones, currency=locked.currency)
        _store(locked, [*zones, new], actor_id=actor_id, subject=gettext_noop("delivery zone added"), now=now)
    return new


def change_zone(
    *, shop: Shop, zone_id: UUID, revise: Callable[[Zone], Zone], actor_id: int | None, now: datetime, seen: Seen = None
) -> Zone:
    """Change a zone, its methods with it; the new values are computed from the current ones under the shop's lock.

    Args:
        seen: the versions that it may be made from; None: any version.

    Raises:
        DeliveryZoneNotFoundError: the shop has no such zone.
        ChangedMeanwhileError: it was made from another version; nothing is changed.
        InvalidInputError: it can't be stored, or another one covers a part of it; nothing is changed.
    """
    with transaction.atomic():
        locked, zones = _lock_zones(shop)
        current = find_zone(zones, zone_id)
        check_version(seen=seen, current=zone_version(current))
        others = [zone for zone in zones if zone.id != zone_id]
        new = checked_zone(revise(current), others=others, currency=locked.currency)
        changed = [new if zone.id == zone_id else zone for zone in zones]
        _store(locked, changed, actor_id=actor_id, subject=gettext_noop("delivery zone changed"), now=now)
    return new


def remove_zone(*, shop: Shop, zone_id: UUID, actor_id: int | None, now: datetime, seen: Seen = None) -> None:
    """Remove a zone with its methods; orders keep what they were placed with.

    Args:
        seen: the versions that may be removed; None: any version.

    Raises:
        DeliveryZoneNotFoundError: the shop has no such zone.
        ChangedMeanwhileError: it has another version; nothing is changed.
        LastZoneError: it is the only one; nothing is changed.
    """
    with transaction.atomic():
        locked, zones = _lock_zones(shop)
        gone = find_zone(zones, zone_id)
        check_version(seen=seen, current=zone_version(gone))
        left = [zone for zone in zones if zone is not gone]
        if not left:
            raise LastZoneError
        _store(locked, left, actor_id=actor_id, subject=gettext_noop("delivery zone removed"), now=now)


def _lock_zones(shop: Shop) -> tuple[Shop, list[Zone]]:
    """Lock the shop, so that its zones are changed by one at a time, and read them."""
    locked = lock_shop(shop_id=shop.pk)
    return locked, read_zones(schema_name=locked.schema_name)


def _store(shop: Shop, zones: Sequence[Zone], *, actor_id: int | None, subject: str, now: datetime) -> None:
    write_zones(schema_name=shop.schema_name, zones=zones)
    store_zones(shop=shop, zones=zones, now=now)
    finish_step(shop_id=shop.pk, step=DELIVERY, actor_id=actor_id, now=now)
    kind = ShopEventKind.PROFILE_CHANGED
    record_event(shop_id=shop.pk, actor_id=actor_id, kind=kind, subject=subject, details={"fields": ["zones"]}, now=now)
