"""Make many shops for a trial."""

from collections.abc import Callable
from datetime import datetime

from kit.errors import DomainError
from tenants.life.provisioning import provision_shop
from tenants.models import Shop, ShopStatus
from tenants.shops.slugs import check_slug


def trial_slugs(*, count: int, prefix: str) -> list[str]:
    """Return the addresses of a trial's shops that are not there yet.

    Raises:
        InvalidSlugError: no shop may have addresses that begin so.
    """
    wanted = [f"{prefix}-{number:05d}" for number in range(1, count + 1)]
    check_slug(wanted[0])
    taken = set(Shop.objects.filter(slug__in=wanted).values_list("slug", flat=True))
    return [slug for slug in wanted if slug not in taken]


def provision_trial_shops(
    *,
    slugs: list[str],
    currency: str,
    status: str = ShopStatus.LIVE,
    now: datetime,
    advance: Callable[[], None] = lambda: None,
) -> dict[str, str]:
    """Make shops without owners, each in its own transaction; return the reasons of failures, by address.

    A shop that cannot be made, because its name was taken meanwhile or an orphan schema has it, does not stop the
    others.
    """
    refused: dict[str, str] = {}
    for slug in slugs:
        try:
            name = slug.replace("-", " ").title()
            provision_shop(slug=slug, name=name, owner_id=None, now=now, currency=currency, status=status)
        except DomainError as error:
            refused[slug] = error.message
        advance()
    return refused
