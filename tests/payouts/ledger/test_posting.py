"""Sales and refunds become balanced journals, once each."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kit.ids import uuid7
from payouts.models import Account, Balance, Journal
from payouts.selectors import account_totals, journal_entries, owed_to_shops, shop_balances, shop_entries
from payouts.services.accounts import open_shop_accounts
from payouts.services.journals import post
from payouts.services.posting import SaleShare, post_refund, prepare_sale
from tests.world.clock import NOW
from tests.world.ledger import (
    assert_books_hold,
    entry_sums,
    make_shop,
    rows,
    sell,
    settle_constraints,
    share,
    without_triggers,
)

pytestmark = pytest.mark.django_db

SALE_STATEMENTS = 1


def test_a_sale_is_owed_to_its_shops_and_the_platform_bears_the_fee() -> None:
    indigo, copper = make_shop("indigo"), make_shop("copper")

    journal = sell("ks-sale-1", [share(indigo, 940_000, 60_000), share(copper, 460_000, 40_000)], fees_minor=22_500)

    settle_constraints()
    assert journal is not None
    assert entry_sums() == {
        ("clearing:paystack", None): 1_477_500,
        ("psp_fees", None): 22_500,
        ("shop_pending", indigo.pk): -940_000,
        ("shop_pending", copper.pk): -460_000,
        ("commission", None): -100_000,
    }
    assert shop_balances(shop_id=indigo.pk).pending_minor == 940_000
    assert shop_balances(shop_id=indigo.pk).available_minor == 0
    assert owed_to_shops() == {"NGN": 1_400_000}
    assert [entry.amount_minor for entry in shop_entries(shop_id=copper.pk)] == [460_000]
    assert sum(entry.amount_minor for entry in journal_entries(journal_id=journal.pk)) == 0
    assert sum(total.amount_minor for total in account_totals()) == 0
    assert_books_hold()


def test_what_cannot_be_fulfilled_is_owed_to_the_buyer_until_it_is_refunded() -> None:
    shop, refund_id = make_shop("indigo"), uuid7()
    sell("ks-sale-1", [share(shop, 92_000, 8_000)], refundable_minor=50_000)
    assert entry_sums()["refunds_payable", None] == -50_000

    first = post_refund(
        provider="paystack", refund_id=refund_id, amount_minor=50_000, currency="NGN", occurred_at=NOW, now=NOW
    )
    second = post_refund(
        provider="paystack", refund_id=refund_id, amount_minor=50_000, currency="NGN", occurred_at=NOW, now=NOW
    )

    assert first is not None
    assert second is None
    assert entry_sums()["refunds_payable", None] == 0
    assert entry_sums()["clearing:paystack", None] == 100_000
    assert_books_hold()


def test_the_same_payment_is_booked_once() -> None:
    shop = make_shop("indigo")
    part = share(shop, 92_000, 8_000)

    assert sell("ks-sale-1", [part]) is not None
    assert sell("ks-sale-1", [part]) is None

    assert Journal.objects.count() == 1
    assert shop_balances(shop_id=shop.pk).pending_minor == 92_000
    assert_books_hold()


def test_parts_of_nothing_leave_no_entry() -> None:
    shop = make_shop("indigo")
    journal = sell("ks-sale-1", [share(shop, 100_000, 0)])

    assert journal is not None
    assert [entry.account_label for entry in journal_entries(journal_id=journal.pk)] == [
        "Held at Paystack",
        "Shop: pending",
    ]


@pytest.mark.parametrize(
    ("captured", "fees", "payable", "commission", "refundable"),
    [
        (100, 0, 90, 9, 0),
        (100, 0, 90, 11, 0),
        (0, 0, 0, 0, 0),
        (100, -1, 90, 10, 0),
        (100, 0, 110, -10, 0),
        (100, 0, 101, 0, -1),
    ],
)
def test_parts_that_do_not_sum_to_the_whole_are_refused(
    captured: int, fees: int, payable: int, commission: int, refundable: int
) -> None:
    shop = make_shop("indigo")
    with pytest.raises(ValueError, match="ks-odd"):
        post(
            prepare_sale(
                provider="paystack",
                reference="ks-odd",
                currency="NGN",
                captured_minor=captured,
                fees_minor=fees,
                shares=[SaleShare(shop.pk, uuid7(), payable, commission)],
                refundable_minor=refundable,
                occurred_at=NOW,
                now=NOW,
            )
        )
    assert not Journal.objects.exists()
    assert shop_balances(shop_id=shop.pk).total_minor == 0


def test_a_refund_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="Refund"):
        post_refund(provider="paystack", refund_id=uuid7(), amount_minor=0, currency="NGN", occurred_at=NOW, now=NOW)
    assert not Journal.objects.exists()


def test_accounts_are_opened_once_and_lazily() -> None:
    shop = make_shop("indigo")
    open_shop_accounts(shop_id=shop.pk, currency="NGN")
    assert Account.objects.filter(shop=shop).count() == 5
    assert Balance.objects.filter(account__shop=shop).count() == 5
    assert not Account.objects.filter(shop__isnull=True).exists()

    sell("ks-sale-1", [share(shop, 92_000, 8_000)])

    opened = Account.objects.filter(shop__isnull=True).values_list("code", flat=True)
    assert set(opened) == {"clearing:paystack", "commission"}


def test_a_shop_without_accounts_gets_them_with_its_first_sale() -> None:
    shop = make_shop("indigo")
    with without_triggers():
        Balance.objects.filter(account__shop=shop).delete()
        Account.objects.filter(shop=shop).delete()

    sell("ks-sale-1", [share(shop, 92_000, 8_000)])

    assert shop_balances(shop_id=shop.pk).pending_minor == 92_000
    assert_books_hold()


def test_a_shop_whose_balance_is_missing_is_not_booked_at_all() -> None:
    shop = make_shop("indigo")
    with without_triggers():
        Balance.objects.filter(account__shop=shop).delete()

    with pytest.raises(RuntimeError, match="missing"):
        sell("ks-sale-1", [share(shop, 92_000, 8_000)])

    assert not Journal.objects.exists()


def test_a_sale_takes_one_statement_however_many_shops(django_assert_max_num_queries: Any) -> None:
    shops = [make_shop(f"shop-{number}") for number in range(8)]
    sell("ks-warm-up", [share(shops[0], 92, 8)], fees_minor=1, refundable_minor=1)

    with django_assert_max_num_queries(SALE_STATEMENTS):
        sell("ks-sale-1", [share(shop, 92_000, 8_000) for shop in shops], fees_minor=100, refundable_minor=1)
    assert_books_hold()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sales=st.lists(
        st.tuples(
            st.lists(
                st.tuples(st.integers(0, 2), st.integers(0, 10**9), st.integers(0, 10_000)), min_size=1, max_size=4
            ),
            st.integers(0, 50_000),
            st.integers(0, 10**6),
            st.booleans(),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_whatever_is_sold_and_refunded_the_books_hold(
    sales: list[tuple[list[tuple[int, int, int]], int, int, bool]], db: None
) -> None:
    shops = [make_shop(f"shop-{uuid7().hex[-10:]}") for _ in range(3)]
    before = entry_sums()
    captured_total = fees_total = refunded_total = 0
    for parts, fees, refundable, is_refunded in sales:
        shares = [share(shops[i], total - total * bps // 10_000, total * bps // 10_000) for i, total, bps in parts]
        captured = sum(total for _, total, _ in parts) + refundable
        if captured == 0:
            continue
        reference = f"ks-{uuid7().hex}"
        sell(reference, shares, fees_minor=fees, refundable_minor=refundable)
        assert sell(reference, shares, fees_minor=fees, refundable_minor=refundable) is None
        captured_total, fees_total = captured_total + captured, fees_total + fees
        if is_refunded and refundable:
            post_refund(
                provider="paystack",
                refund_id=uuid7(),
                amount_minor=refundable,
                currency="NGN",
                occurred_at=NOW,
                now=NOW,
            )
            refunded_total += refundable
        settle_constraints()

    assert_books_hold()
    after = entry_sums()
    clearing = after.get(("clearing:paystack", None), 0) - before.get(("clearing:paystack", None), 0)
    assert clearing == captured_total - fees_total - refunded_total


def test_an_account_of_a_shop_needs_a_shop() -> None:
    with pytest.raises(IntegrityError, match="account_shop_"), transaction.atomic():
        Account.objects.create(code="shop_pending", currency="NGN")
    assert rows("SELECT count(*) FROM payouts_account") == [(0,)]
