"""A lock of shops' rows that others may hold at the same time; it needs an open transaction."""

from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True, slots=True)
class ShopState:
    """Facts of a shop that its listings repeat."""

    id: int
    schema_name: str
    name: str
    currency: str
    is_selling: bool


def lock_shop_state(*, shop_id: int) -> ShopState | None:
    """Read a shop's row and keep it from changing until the transaction ends; None for one that is deleted.

    Projections of one shop may run side by side; a change of its status or name waits for them, and they for it, so
    that no listing is written from outdated facts.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, schema_name, name, currency, status = 'live' FROM public.tenants_shop"
            " WHERE id = %s AND status <> 'deleted' FOR SHARE",
            [shop_id],
        )
        row = cursor.fetchone()
    return None if row is None else ShopState(*row)
