"""The one way in which a shop's status changes."""

from datetime import datetime
from typing import Any

from django.db import transaction

from kit.db.roles import as_platform
from kit.wiring import tell
from kit.work import outbox
from tenants.events import ShopChanged
from tenants.life.hooks import StatusChange
from tenants.life.lifecycle import check_transition
from tenants.models import Shop, ShopEventKind, ShopStatus
from tenants.shops.audit_trail import record_event
from tenants.shops.profile import forget_hosts
from tenants.shops.selectors import get_shop

NOTE_LENGTH = 300


def move(shop: Shop, *, to: ShopStatus, actor_id: int | None, now: datetime, reason: str = "", **columns: Any) -> Shop:
    """Give a locked shop another status, with all consequences.

    The dates and the status to go back to are emptied unless `columns` sets them: each belongs to one status.

    Raises:
        ShopStatusError: the status does not follow from the one it has.
    """
    check_transition(shop, to)
    before = shop.status
    changes: dict[str, Any] = {
        "status": to.value,
        "status_at": now,
        "status_note": reason.strip()[:NOTE_LENGTH],
        "status_before": "",
        "returns_on": None,
        "closes_at": None,
        "delete_after": None,
        **columns,
    }
    with transaction.atomic():
        return write(shop, before=before, changes=changes, actor_id=actor_id, reason=reason, now=now)


def write(
    shop: Shop, *, before: str, changes: dict[str, Any], actor_id: int | None, reason: str, now: datetime
) -> Shop:
    """Write a locked shop's columns about its status and its audit trail, and emit the event."""
    with as_platform():  # no shop's role may write its own status
        Shop.objects.filter(pk=shop.pk).update(**changes)
    changed = get_shop(shop_id=shop.pk)
    record_event(
        shop_id=shop.pk,
        actor_id=actor_id,
        kind=ShopEventKind.STATUS_CHANGED,
        details={"before": before, "after": changed.status, "reason": reason.strip(), **_dates(changed)},
        now=now,
    )
    forget_hosts(shop_id=shop.pk, slug=shop.slug)
    tell(StatusChange(shop=changed, before=before, reason=reason.strip(), now=now))
    outbox.emit(ShopChanged(shop.pk, before=before, after=changed.status), now=now)
    return changed


def _dates(shop: Shop) -> dict[str, str]:
    dates = {name: getattr(shop, name) for name in ("returns_on", "closes_at", "delete_after")}
    return {name: value.isoformat() for name, value in dates.items() if value is not None}
