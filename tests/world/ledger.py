"""Shared code of the ledger's tests: shops with accounts, sales, and sums straight from the tables."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection

from kit.ids import uuid7
from payouts.models import Journal
from payouts.services.accounts import open_shop_accounts
from payouts.services.journals import post
from payouts.services.posting import SaleShare, prepare_sale
from tenants.models import Shop, ShopStatus
from tests.world.clock import NOW


def make_shop(slug: str) -> Shop:
    """A shop's public row and its ledger accounts, without a schema."""
    shop: Shop = Shop.objects.create(
        schema_name=f"shop_{slug.replace('-', '_')}",
        slug=slug,
        name=slug.title(),
        status=ShopStatus.LIVE,
        currency="NGN",
        created_at=NOW,
        status_at=NOW,
    )
    open_shop_accounts(shop_id=shop.pk, currency=shop.currency)
    return shop


def share(shop: Shop, payable_minor: int, commission_minor: int) -> SaleShare:
    """A shop's share of a sale, for a new sub-order."""
    return SaleShare(shop.pk, uuid7(), payable_minor, commission_minor)


def sell(
    reference: str, shares: Sequence[SaleShare], *, fees_minor: int = 0, refundable_minor: int = 0
) -> Journal | None:
    """Post a sale whose captured amount is the sum of its parts."""
    captured = sum(part.payable_minor + part.commission_minor for part in shares) + refundable_minor
    return post(
        prepare_sale(
            provider="paystack",
            reference=reference,
            currency="NGN",
            captured_minor=captured,
            fees_minor=fees_minor,
            shares=shares,
            refundable_minor=refundable_minor,
            occurred_at=NOW,
            now=NOW,
        )
    )


def rows(statement: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Rows of a statement, as the database has them."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return list(cursor.fetchall())


def run(statement: str, params: Sequence[Any] = ()) -> None:
    """Run a statement as somebody with the database's password would."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


def settle_constraints() -> None:
    """Let deferred constraint triggers fire now instead of at commit."""
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run("SET CONSTRAINTS ALL DEFERRED")


@contextmanager
def without_triggers() -> Iterator[None]:
    """Have triggers and foreign keys look away, so that a row meets its own constraints alone."""
    settle_constraints()
    run("SET LOCAL session_replication_role = replica")
    yield
    run("SET LOCAL session_replication_role = origin")


def entry_sums() -> dict[tuple[str, int | None], int]:
    """Return the sum of entries, by code of account and shop."""
    found = rows(
        "SELECT a.code, a.shop_id, sum(e.amount_minor) FROM payouts_entry e "
        "JOIN payouts_account a ON a.id = e.account_id GROUP BY a.code, a.shop_id"
    )
    return {(code, shop_id): int(total) for code, shop_id, total in found}


def assert_books_hold() -> None:
    """Check that all entries and each journal sum to zero, and that balances equal entries."""
    assert rows("SELECT coalesce(sum(amount_minor), 0) FROM payouts_entry") == [(0,)]
    assert not rows("SELECT journal_id FROM payouts_entry GROUP BY journal_id, currency HAVING sum(amount_minor) <> 0")
    assert not rows(
        "SELECT b.account_id, b.amount_minor, sum(e.amount_minor) FROM payouts_balance b "
        "LEFT JOIN payouts_entry e ON e.account_id = b.account_id GROUP BY b.account_id, b.amount_minor "
        "HAVING b.amount_minor <> -coalesce(sum(e.amount_minor), 0)"
    )
