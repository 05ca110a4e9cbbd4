"""The table of a shop's statuses, their transitions and what each allows (docs/lifecycle.md)."""

from django.utils.translation import gettext

from tenants.access import Capability
from tenants.errors import ShopClosedError, ShopStatusError, ShopSuspendedError
from tenants.models import Shop, ShopStatus

DRAFT, LIVE, HOLIDAY = ShopStatus.DRAFT, ShopStatus.LIVE, ShopStatus.HOLIDAY
SUSPENDED, CLOSING, CLOSED, DELETED = (
    ShopStatus.SUSPENDED,
    ShopStatus.CLOSING,
    ShopStatus.CLOSED,
    ShopStatus.DELETED,
)

# From a status to those that may follow it.
TRANSITIONS: dict[ShopStatus, frozenset[ShopStatus]] = {
    DRAFT: frozenset({LIVE, SUSPENDED, CLOSING}),
    LIVE: frozenset({HOLIDAY, SUSPENDED, CLOSING}),
    HOLIDAY: frozenset({LIVE, SUSPENDED, CLOSING}),
    SUSPENDED: frozenset({DRAFT, LIVE, HOLIDAY, CLOSING}),
    CLOSING: frozenset({DRAFT, LIVE, SUSPENDED, CLOSED}),
    CLOSED: frozenset({DRAFT, LIVE, DELETED}),
    DELETED: frozenset({CLOSED}),  # restored from an archive
}

RUNNING = frozenset({DRAFT, LIVE, HOLIDAY})
ON_SHOW = frozenset({LIVE, HOLIDAY})
FULFILLING = frozenset({DRAFT, LIVE, HOLIDAY, SUSPENDED, CLOSING})
PAYABLE = frozenset({DRAFT, LIVE, HOLIDAY, CLOSING, CLOSED})


def allows(status: str, capability: Capability) -> bool:
    """Return whether a shop's status lets its staff change what a capability is about."""
    return status in RUNNING or status in capability.also_while


def check_allows(shop: Shop, capability: Capability) -> None:
    """Refuse a change that a shop's status does not let its staff make.

    Raises:
        ShopSuspendedError: the platform has suspended the shop.
        ShopClosedError: the shop is closing, closed or deleted.
    """
    if allows(shop.status, capability):
        return
    if shop.status == SUSPENDED:
        raise ShopSuspendedError
    if shop.status == CLOSING:
        raise ShopClosedError(gettext("This shop is closing. You can finish open orders and change nothing else."))
    raise ShopClosedError


def is_on_show(status: str) -> bool:
    """Return whether buyers may look at the shop and its products: it sells, or will again on a known day."""
    return status in ON_SHOW


def may_fulfil(status: str) -> bool:
    """Return whether a shop can still ship paid orders."""
    return status in FULFILLING


def may_be_paid_out(status: str) -> bool:
    """Return whether the platform may pay out what it owes the shop; while suspended it holds it."""
    return status in PAYABLE


def check_transition(shop: Shop, to: ShopStatus) -> None:
    """Refuse a transition that the shop's status does not allow.

    Raises:
        ShopStatusError: the message tells the status, and the allowed ones.
    """
    possible = TRANSITIONS[ShopStatus(shop.status)]
    if to in possible:
        return
    labels = [str(status.label).lower() for status in ShopStatus if status in possible]
    names = {
        "status": shop.get_status_display().lower(),
        "wanted": str(to.label).lower(),
        "possible": gettext(" or ").join(labels),
    }
    raise ShopStatusError(
        gettext("This shop is %(status)s and can't become %(wanted)s; only %(possible)s.") % names,
        details={"status": shop.status, "possible": tuple(status.value for status in ShopStatus if status in possible)},
    )
