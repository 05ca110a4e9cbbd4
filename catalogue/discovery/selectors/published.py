"""Products of shops that are on sale."""

from collections.abc import Collection
from uuid import UUID

from catalogue.discovery.models import Listing


def published_ids(product_ids: Collection[UUID]) -> set[UUID]:
    """Return those of some products that are on sale, in one statement."""
    return set(Listing.objects.filter(pk__in=product_ids, is_published=True).values_list("pk", flat=True))
