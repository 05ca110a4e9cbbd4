"""Make many shops for a trial."""

from collections.abc import Callable
from datetime import datetime

from tenants.models import Shop, ShopStatus
from tenants.services.provisioning import provision_shop


def trial_slugs(*, count: int, prefix: str) -> list[str]:
    """Return the addresses of a trial's shops that are not there yet."""
    wanted = [f"{prefix}-{number:05d}" for number in range(1, count + 1)]
    taken = set(Shop.objects.filter(slug__in=wanted).values_list("slug", flat=True))
    return [slug for slug in wanted if slug not in taken]


def provision_trial_shops(
    *, slugs: list[str], status: str = ShopStatus.LIVE, now: datetime, advance: Callable[[], None] = lambda: None
) -> int:
    """Make shops without owners, each in a transaction of its own; return how many.

    Raises:
        InvalidSlugError, ReservedSlugError, SlugTakenError: as from `provision_shop`; those before are there.
    """
    for slug in slugs:
        provision_shop(slug=slug, name=slug.replace("-", " ").title(), owner_id=None, now=now, status=status)
        advance()
    return len(slugs)
