"""Writing a shop's audit trail."""

from datetime import datetime
from typing import Any

from kit.db.roles import as_platform
from kit.request_id import current_request_id
from tenants.models import ShopEvent, ShopEventKind


@as_platform()
def record_event(
    *,
    shop_id: int,
    actor_id: int | None,
    kind: ShopEventKind,
    now: datetime,
    subject: str = "",
    details: dict[str, Any] | None = None,
) -> None:
    """Append an action in a shop and its actor; call it in the transaction of the action.

    Args:
        actor_id: None where the platform did it by itself.
        subject: what it was done to, such as an e-mail address or a host.
    """
    event = ShopEvent(
        shop_id=shop_id,
        actor_id=actor_id,
        kind=kind,
        subject=subject,
        details=details or {},
        request_id=current_request_id(),
        created_at=now,
    )
    ShopEvent.objects.bulk_create([event])
