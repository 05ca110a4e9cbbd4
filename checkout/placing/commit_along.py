"""Commit an order in the same round trip that reserves its stock, where the stock is ample.

Between taking the stock and the commit, `place_order` looks at what it got, and the rows stay locked for as long as
Python takes to do so. For a hot variant that time counts: with eight processes on two cores, orders of one hot variant
reach 0.9 of the rate of orders spread over all variants with the commit in the pipeline, and 0.7 without
(docs/performance.md). So where the stock read is larger than the quantity requested, the reservation is sent in a form
that fails unless all of it is reserved and some stock is left; after a failure a pipeline runs no further statement, so
no commit either. The order is then placed in the careful form, which tells the lines at fault and what has sold out.

Take this file out, and `place_order` is the careful form alone.
"""

from collections.abc import Callable
from typing import TypeVar

from django.db import DataError, connection

from catalogue.services.plenty import is_scarce, reserving_plenty
from checkout.placing.drafting import Draft
from checkout.pricing.quote import Quote
from kit.db.pipeline import COMMIT, ask_all

T = TypeVar("T")


def committing_along(place: Callable[[bool], T]) -> T:
    """Place an order that may commit along, and, where stock turned out to be scarce, again as one that may not.

    Inside a transaction there is nothing to commit.
    """
    if not connection.in_atomic_block:
        try:
            return place(True)
        except DataError as error:
            if not is_scarce(error):
                raise
    return place(False)


def has_plenty(quote: Quote) -> bool:
    """Return whether, by what was read, something would be left of everything that is wanted."""
    return all(line.offer.available > line.line.quantity for line in quote.counted if line.offer)


def write_reserve_and_commit(draft: Draft) -> None:
    """Write every row, take the stock and commit, or none of it."""
    stock = [reserving_plenty(schema_name=part.shop.schema_name, lines=part.wanted) for part in draft.parts]
    ask_all([*draft.inserts(), *stock, COMMIT])
