"""Many at once post the same sale, or move the same balances."""

from kit.ids import uuid7
from payouts.models import Account, Journal
from payouts.selectors import shop_balances
from payouts.services.posting import SaleShare
from tests.world.ledger import assert_books_hold, make_shop, sell
from tests.world.races import all_at_once

THREADS = 20


def test_twenty_threads_book_one_payment_once(live_database: str) -> None:
    shop = make_shop("indigo")
    part = SaleShare(shop.pk, uuid7(), 92_000, 8_000)

    def post(_: int) -> bool:
        return sell("ks-sale-1", [part], fees_minor=1_500) is not None

    assert all_at_once(post, THREADS) == {True: 1, False: THREADS - 1}
    assert Journal.objects.count() == 1
    assert shop_balances(shop_id=shop.pk).pending_minor == 92_000
    assert Account.objects.filter(shop__isnull=True).count() == 3
    assert_books_hold()


def test_sales_over_the_same_shops_in_any_order_never_deadlock(live_database: str) -> None:
    shops = [make_shop(f"shop-{number}") for number in range(4)]

    def post(number: int) -> str:
        turned = shops[number % 4 :] + shops[: number % 4]
        for again in range(5):
            shares = [SaleShare(shop.pk, uuid7(), 92, 8) for shop in (turned if again % 2 else turned[::-1])]
            sell(f"ks-{number}-{again}", shares, fees_minor=3)
        return "posted"

    assert all_at_once(post, THREADS) == {"posted": THREADS}
    assert Journal.objects.count() == THREADS * 5
    assert [shop_balances(shop_id=shop.pk).pending_minor for shop in shops] == [92 * THREADS * 5] * 4
    assert_books_hold()
