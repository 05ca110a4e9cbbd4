"""Transactions that change a shop's goods."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db import transaction
from django_tenants.utils import schema_context

from tenants.errors import ShopNotFoundError
from tenants.shops.locks import ShopState, lock_shop_state

if TYPE_CHECKING:
    from tenants.models import Shop


@contextmanager
def editing_goods(shop: "Shop") -> Iterator[ShopState]:
    """Open a transaction in a shop's schema that keeps the shop from being deleted or restored until it ends.

    The shop's row is locked before any of its tables, as deletions and restores do, so that neither waits for the other
    in a circle (docs/locking.md).

    Raises:
        ShopNotFoundError: the shop has been deleted.
    """
    with transaction.atomic():
        state = lock_shop_state(shop_id=shop.pk)
        if state is None:
            raise ShopNotFoundError
        with schema_context(state.schema_name):
            yield state
