"""Read the shops' facts and offers that a quote is made of; the one place that does."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from catalogue.selectors.offers import Offer, offers_query, read_offers
from checkout.pricing.basis import NO_RATES, Address, Rates
from checkout.pricing.choices import NO_CHOICES, Choices
from checkout.pricing.coupons.facts import NOBODY, CouponBuyerKey, CouponFacts
from checkout.pricing.coupons.reading import coupons_query
from checkout.pricing.delivery.asking import ask_carriers
from checkout.pricing.lines import CartLine
from checkout.pricing.offers.gifts import drop_missing_gifts
from checkout.pricing.quote import Quote, by_shop, quote
from checkout.pricing.terms import find_terms
from checkout.pricing.unready_shops import around_unready
from kit.db.pipeline import Query, ask_all
from tenants.shops import schema_names
from tenants.shops.selectors import ShopFacts, facts_query


@dataclass(frozen=True, slots=True)
class Seen:
    """Facts that the same request has just read: of shops by id, of offers by variant, of the coupons named."""

    facts: dict[int, ShopFacts]
    offers: dict[UUID, Offer]
    coupons: tuple[CouponFacts, ...] = ()


def read_quote(
    lines: Sequence[CartLine],
    *,
    now: datetime,
    unready: frozenset[int] = frozenset(),
    seen: Seen | None = None,
    address: Address | None = None,
    choices: Choices = NO_CHOICES,
    buyer: CouponBuyerKey = NOBODY,
) -> Quote:
    """Quote a cart, reading the shops and their stock in one round trip where the shops are in the cache.

    Carriers are asked where a method's price is theirs; therefore no transaction may be open then.

    Args:
        lines: what is in it.
        now: the moment at which offers hold.
        unready: shops whose schema can't be read at present, where the caller knows of some.
        seen: what need not be read again.
        address: the destination, as far as the buyer has given it.
        choices: what the buyer has chosen and entered beside the goods.
        buyer: by whom uses of coupons are counted, as far as that is known.
    """

    def read(found: frozenset[int]) -> Quote:
        left_out = unready | found
        reading = Reading(lines, left_out, seen, codes=choices.coupons, buyer=buyer)
        answers = reading.take(ask_all(reading.queries))
        asked: dict[str, Any] = {"unready": left_out, "address": address, "choices": choices, "now": now}
        quoted = _quote(lines, answers, **asked)
        if quoted.unasked:
            quoted = _quote(lines, answers, rates=ask_carriers(quoted.unasked), **asked)
        return drop_missing_gifts(quoted)

    return around_unready(read, shop_ids={line.shop_id for line in lines})


def read_quote_after(
    first: Sequence[Query[Any]],
    lines: Sequence[CartLine],
    *,
    unready: frozenset[int],
    address: Address,
    choices: Choices = NO_CHOICES,
    buyer: CouponBuyerKey = NOBODY,
    rates: Rates = NO_RATES,
    now: datetime,
) -> tuple[list[Any], Quote]:
    """Run other queries and quote a cart in the same round trip; the caller must handle unready shops.

    Carriers are not asked: the quote says what is left to ask.

    Returns:
        The answers, and the quote.
    """
    reading = Reading(lines, unready, None, codes=choices.coupons, buyer=buyer)
    answers = ask_all([*first, *reading.queries])
    found = reading.take(answers[len(first) :])
    quoted = _quote(lines, found, unready=unready, address=address, choices=choices, rates=rates, now=now)
    return answers[: len(first)], quoted


def _quote(lines: Sequence[CartLine], found: Seen, **asked: Any) -> Quote:
    """Quote lines by the facts and offers that were read; the shops' terms are remembered, but for the first time."""
    terms = find_terms(found.facts.values())
    facts: dict[str, Any] = {"shops": found.facts, "offers": found.offers, "coupons": found.coupons, "terms": terms}
    return quote(lines=lines, **facts, **asked)


class Reading:
    """The queries that a quote needs, and their results.

    Offers of shops whose schema's name the process knows are asked for together with the shops' facts; where the facts
    name another schema, offers are read again after them.
    """

    def __init__(
        self,
        lines: Sequence[CartLine],
        unready: frozenset[int],
        seen: Seen | None,
        *,
        codes: tuple[str, ...] = (),
        buyer: CouponBuyerKey = NOBODY,
    ) -> None:
        shop_ids = {line.shop_id for line in lines}
        self._coupons = [coupons_query(codes=codes, shop_ids=shop_ids, buyer=buyer)] if codes else []
        self._facts = dict(seen.facts) if seen else {}
        self._offers = dict(seen.offers) if seen else {}
        self._wanted = {
            shop_id: [line.variant_id for line in own]
            for shop_id, own in by_shop(line for line in lines if line.variant_id not in self._offers)
            if shop_id not in unready
        }
        self._unknown = shop_ids - self._facts.keys()
        self._guessed = {shop_id: name for shop_id in self._wanted if (name := self._schema_name(shop_id))}

    def _schema_name(self, shop_id: int) -> str | None:
        facts = self._facts.get(shop_id)
        return facts.schema_name if facts else schema_names.remembered(shop_id)

    @property
    def queries(self) -> list[Query[Any]]:
        """Return the queries that can be sent at once."""
        shops = [facts_query(self._unknown)] if self._unknown else []
        offers = [offers_query(name, self._wanted[shop_id]) for shop_id, name in self._guessed.items()]
        return [*self._coupons, *shops, *offers]

    def take(self, found: Sequence[Any]) -> Seen:
        """Take the results of `queries`; query again for variants that have moved to another shop."""
        answers = iter(found)
        coupons = next(answers) if self._coupons else ()
        if self._unknown:
            self._facts |= next(answers)
        right = {facts.id: facts.schema_name for facts in self._facts.values() if facts.has_schema}
        for (shop_id, name), offers in zip(self._guessed.items(), answers, strict=True):
            if right.get(shop_id) == name:
                self._offers |= offers
        missed = {
            right[shop_id]: self._wanted[shop_id]
            for shop_id in right.keys() & self._wanted.keys()
            if self._guessed.get(shop_id) != right[shop_id]
        }
        self._offers |= read_offers(missed)
        return Seen(self._facts, self._offers, coupons)
