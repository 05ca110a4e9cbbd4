"""Histories that go on beside each other: their shops, their days, and what differs from what is on paper."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain

from django.conf import LazySettings

from accounts.models import User
from checkout.audit.money import MONEY_CHECKS
from checkout.models import SubOrder
from payouts.audit import AuditCheck
from payouts.audit.disputes import DISPUTE_CHECKS
from payouts.audit.ledger import LEDGER_CHECKS
from payouts.audit.payouts import PAYOUT_CHECKS
from payouts.audit.release import RELEASE_CHECKS
from payouts.models import BankAccount, ReleaseTerms
from payouts.release.round import run_round
from payouts.selectors import balances_of
from payouts.services.accounts import SHOP_KINDS, AccountKey, open_accounts
from tenants.models import Shop, ShopStatus
from tests.payouts.histories.history import History
from tests.payouts.histories.purses import Purse
from tests.payouts.histories.reckoning import Books, Sale
from tests.payouts.histories.selling import write
from tests.payouts.histories.transfers import hear_of, make_runs
from tests.world.books import make_operator
from tests.world.clock import DAY, NOW
from tests.world.ledger import rows

DAYS = 6  # how long each history goes on
CHECKS = (*LEDGER_CHECKS, *RELEASE_CHECKS, *PAYOUT_CHECKS, *DISPUTE_CHECKS, *MONEY_CHECKS)
PLACES = ("pending", "available", "reserved", "in_transit", "receivable")
COUNTRIES = ("NG", "NG", "GH", "KE")  # the market is registered in two of them
CURRENCIES = {"NG": "NGN", "KE": "NGN", "GH": "GHS"}
DEBITS = ("clearing:", "psp_fees", "platform_promotions", "dispute_losses")
SUMS = """
SELECT a.code, a.currency, sum(e.amount_minor) FROM payouts_entry e JOIN payouts_account a ON a.id = e.account_id
 WHERE a.shop_id IS NULL GROUP BY a.code, a.currency
"""


@dataclass
class Market:
    """Histories beside each other, with the purse of each shop and the books of each currency."""

    seed: int
    histories: list[History] = field(default_factory=list)
    purses: dict[int, tuple[Purse, Books]] = field(default_factory=dict)
    books: dict[str, Books] = field(default_factory=dict)

    def live(self, settings: LazySettings) -> Iterator[str]:
        """Let all of them go on side by side, day by day; yield what differs from what is on paper."""
        chance = random.Random(self.seed)
        for day in range(DAYS):
            now = NOW + day * DAY
            settings.PAYOUT_FEES_FROM_SHOPS = chance.random() < 0.5
            write(chance, [order for history in self.histories for order in history.order(now)], now)
            for history in chance.sample(self.histories, len(self.histories)):
                history.live(now + timedelta(minutes=1))
            self._release(now + timedelta(hours=1))
            yield from make_runs(self.purses, now + timedelta(hours=2))
            hear_of(self.purses, chance, now + timedelta(hours=3))
            yield from chain(self._faults_of_places(f"on day {day}"), found_by(DISPUTE_CHECKS))
        for history in self.histories:
            history.let_go(NOW + DAYS * DAY)
        self._release(NOW + (DAYS + 30) * DAY)

    def faults(self) -> Iterator[str]:
        """Yield what the ledger has come to, where it is not what is on paper, and what the audit finds."""
        yield from self._faults_of_places("in the end")
        for currency, books in self.books.items():
            yield from self._faults_of_captures(currency, books)
        yield from found_by(CHECKS)

    def sales(self, books: Books) -> list[Sale]:
        """Return the sales of a currency."""
        return [sold.sale for history in self.histories if history.books is books for sold in history.sold]

    def _release(self, now: datetime) -> None:
        arrived = [part_id for history in self.histories for part_id in history.arrived]
        SubOrder.objects.filter(pk__in=arrived, status="new").update(status="delivered", status_at=now)
        run_round(now=now)
        for purse, _ in self.purses.values():
            purse.release(now)

    def _faults_of_places(self, when: str) -> Iterator[str]:
        """Yield the shops and the accounts of the market that have something else than on paper."""
        for shop_id, balances in balances_of(shop_ids=list(self.purses)).items():
            has = tuple(getattr(balances, f"{place}_minor") for place in PLACES)
            wanted = self.purses[shop_id][0].figures()
            if has != wanted:
                yield f"shop {shop_id} has {has} {when}, not {wanted}: {', '.join(PLACES)}"
        booked = {(code, currency): int(total) for code, currency, total in rows(SUMS)}
        for currency, books in self.books.items():
            found = {code: total for (code, of), total in booked.items() if of == currency}
            for code in sorted(found.keys() | books.keys()):
                total = found.get(code, 0) * (1 if code.startswith(DEBITS) else -1)
                if total != books[code]:
                    yield f"{code} in {currency} is {total} {when}, not {books[code]}"

    def _faults_of_captures(self, currency: str, books: Books) -> Iterator[str]:
        """Yield where what was captured is not what everybody has of it by now."""
        sales = self.sales(books)
        claims = [claim for sale in sales for claim in sale.claims]
        has = {
            "shops": sum(purse.total for purse, kept in self.purses.values() if kept is books),
            "banks, for them": sum(share.payable for each in claims if each.is_undecided for share in each.all_shares),
            "market": sum(part.commission - part.promotion for sale in sales for part in sale.parts),
            "states": sum(part.tax for sale in sales for part in sale.parts),
            "buyers": sum(sale.given_back for sale in sales) + sum(claim.lost for claim in claims),
            "paid out": books.paid_out + books.fees_of_shops,
        }
        captured = sum(sale.captured for sale in sales)
        if captured != sum(has.values()):
            yield f"{captured} {currency} was captured, and {sum(has.values())} is there: {has}"


def found_by(checks: Sequence[AuditCheck]) -> Iterator[str]:
    """Yield what some checks of the audit find, but for the schemas that these shops have not."""
    for check in checks:
        if check.name != "schemas":
            yield from (f"{check.name}: {finding}" for finding in check.find((), ()).findings)


def open_market(seed: int, count: int) -> Market:
    """Open one or two shops for each history to come, on terms that are drawn."""
    operator = User.objects.filter(is_operator=True).first() or make_operator()
    market, drawn = Market(seed), []
    for number in range(count):
        chance = random.Random(f"{seed}:{number}")
        country = chance.choice(COUNTRIES)
        books = market.books.setdefault(CURRENCIES[country], Books())
        shops = [
            (_shop(f"shop-{seed}-{number}-{place}", country), _purse(chance))
            for place in range(chance.choice([1, 1, 2]))
        ]
        market.histories.append(History(shops, chance, books, operator.pk))
        drawn += [(shop, purse, books) for shop, purse in shops]
    Shop.objects.bulk_create([shop for shop, *_ in drawn])
    market.purses |= {shop.pk: (purse, books) for shop, purse, books in drawn}
    _open_accounts([(shop, purse) for shop, purse, _ in drawn], operator.pk)
    return market


def _purse(chance: random.Random) -> Purse:
    return Purse(chance.choice([0, 0, 500, 10_000]), chance.randint(1, 6))


def _shop(slug: str, country: str) -> Shop:
    return Shop(
        schema_name=f"shop_{slug.replace('-', '_')}",
        slug=slug,
        name=slug,
        status=ShopStatus.LIVE,
        country=country,
        currency=CURRENCIES[country],
        created_at=NOW,
        status_at=NOW,
    )


def _open_accounts(shops: Sequence[tuple[Shop, Purse]], operator_id: int) -> None:
    """Open the accounts of all shops, in the ledger and at their banks, and write their terms."""
    for currency in sorted(set(CURRENCIES.values())):
        theirs = [shop.pk for shop, _ in shops if shop.currency == currency]
        keys = chain.from_iterable([AccountKey(kind, shop_id) for kind in SHOP_KINDS] for shop_id in theirs)
        open_accounts(keys=list(keys), currency=currency)
    BankAccount.objects.bulk_create(
        BankAccount(
            shop=shop,
            currency=shop.currency,
            bank_code="058",
            bank_name="Guaranty Trust Bank",
            number="0123456789",
            holder_name="OKAFOR ADAEZE",
            verified_at=NOW,
            usable_from=NOW,
            created_at=NOW,
        )
        for shop, _ in shops
    )
    ReleaseTerms.objects.bulk_create(
        ReleaseTerms(
            shop=shop,
            reserve_bps=purse.reserve_bps,
            reserve_days=purse.reserve_days,
            changed_by_id=operator_id,
            changed_at=NOW,
        )
        for shop, purse in shops
    )
