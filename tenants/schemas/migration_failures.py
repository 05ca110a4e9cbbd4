"""Record of a shop's failed migration, kept until one succeeds."""

from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext_noop
from django_tenants.utils import get_public_schema_name, schema_context

from tenants.models import MigrationFailure
from tenants.schemas.state import ShopsState, ShopState

REASON_LENGTH = 4_000


def record_failure(shop: ShopState, reason: str) -> None:
    """Record why a shop could not be migrated, in place of an earlier reason; the database sets the time."""
    told = (reason.strip() or gettext_noop("No reason was given.")).replace("\0", "")[:REASON_LENGTH]
    with schema_context(get_public_schema_name()):
        MigrationFailure.objects.update_or_create(
            shop_id=shop.shop_id,
            defaults={"reason": told, "failed_at": Now(), "attempts": F("attempts") + 1},
            create_defaults={"reason": told, "failed_at": Now()},
        )


def forget_failure(shop: ShopState) -> None:
    """Delete the record of a shop's failed migration; no statement where there is none."""
    if shop.failed_attempts:
        with schema_context(get_public_schema_name()):
            MigrationFailure.objects.filter(shop_id=shop.shop_id).delete()


def forget_recovered(state: ShopsState) -> None:
    """Forget the failures of shops that are well again, however they became so."""
    for shop in state.shops:
        if not shop.pending and not shop.is_missing:
            forget_failure(shop)
