"""Change the days within which a shop takes units back."""

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext

from catalogue.discovery.selectors.categories import category_tree
from checkout.models import ReturnTerms
from checkout.returning.windows import market_days
from kit.errors import Fault, InvalidInputError
from tenants.models import ShopEventKind
from tenants.shops.audit_trail import record_event

MOST_DAYS = 365
MOST_CATEGORIES = 50


def set_return_terms(
    *, shop_id: int, days: int | None, categories: Mapping[str, int], actor_id: int | None, now: datetime
) -> ReturnTerms:
    """Set a shop's days, and those of categories; they hold for what is asked for from now on.

    Args:
        days: None: as the market has it.
        categories: days by the slug of a category; they hold for what is below it too.

    Raises:
        InvalidInputError: fewer days than the market gives, or a category that there is not.
    """
    _check("days", days, at_least=settings.RETURN_DAYS)
    known = {node.slug for node in category_tree().nodes}
    if unknown := sorted(set(categories) - known):
        message = gettext("There is no category %(slug)s.") % {"slug": unknown[0]}
        raise InvalidInputError(message, details={"categories": [Fault(message, "unknown_category")]})
    if len(categories) > MOST_CATEGORIES:
        message = gettext("Set days for %(most)s categories at most.") % {"most": MOST_CATEGORIES}
        raise InvalidInputError(message, details={"categories": [message]})
    for slug, count in categories.items():
        of_market = market_days(slug)
        _check("categories", count, at_least=settings.RETURN_DAYS if of_market is None else of_market)
    with transaction.atomic():
        terms, _ = ReturnTerms.objects.update_or_create(
            shop_id=shop_id,
            defaults={
                "days": days,
                "categories": dict(sorted(categories.items())),
                "changed_by_id": actor_id,
                "changed_at": now,
            },
        )
        record_event(
            shop_id=shop_id,
            actor_id=actor_id,
            kind=ShopEventKind.RETURN_TERMS_CHANGED,
            subject="",
            details={"days": days, "categories": ", ".join(f"{slug}: {count}" for slug, count in categories.items())},
            now=now,
        )
    return terms


def _check(name: str, days: int | None, *, at_least: int) -> None:
    if days is not None and not at_least <= days <= MOST_DAYS:
        message = gettext("Give a whole number of days from %(least)s to %(most)s.") % {
            "least": at_least,
            "most": MOST_DAYS,
        }
        raise InvalidInputError(message, details={name: [Fault(message, "fewer_than_least")]})
