"""Reservations of ample stock, in a form that can be sent together with the commit.

Its statement differs from that of `reserving`: it divides by zero unless every line is reserved and some stock is left,
so that the commit behind it in the same round trip is not run then. `reserving` finds the line at fault, in another
transaction. The gain is described in `checkout.placing.commit_along`.
"""

from collections.abc import Sequence
from functools import lru_cache

from psycopg import errors

from catalogue.services.reservations import WantedLine, as_arrays, reservation_text
from kit.db.pipeline import Query, written
from kit.db.sql import REMEMBERED

PLENTY = "o.available > o.quantity"
ALL_OR_ERROR = "SELECT 1 / (count(*) = count(t.variant_id))::int FROM wanted w LEFT JOIN taken t USING (variant_id)"


def reserving_plenty(*, schema_name: str, lines: Sequence[WantedLine]) -> Query[None]:
    """Return the query that reserves lines where more is there than is wanted, at the price that was read.

    It fails (`is_scarce`) where that is not so.
    """
    return Query(_text(schema_name), as_arrays(lines), written)


def is_scarce(error: BaseException) -> bool:
    """Return whether `reserving_plenty` has failed for want of plenty."""
    return isinstance(error.__cause__, errors.DivisionByZero)


@lru_cache(maxsize=REMEMBERED)
def _text(schema_name: str) -> str:
    return reservation_text(schema_name, enough=PLENTY, found=ALL_OR_ERROR)
