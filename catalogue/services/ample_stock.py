"""Reservations of ample stock, in a form that can be sent together with the commit.

The statement divides by zero unless every line is reserved and some stock is left. The pipeline stops there, so the
commit behind it does not run. `reserve_query` then finds the lines at fault in another transaction. The gain is
described in `checkout.placing.pipelined_commit`.
"""

from collections.abc import Sequence
from functools import lru_cache

from psycopg import errors

from catalogue.services.reservations import WantedLine, as_arrays, reservation_text
from kit.db.pipeline import Query, written
from kit.db.sql import REMEMBERED

MORE_THAN_WANTED = "o.available > o.quantity"
ALL_OR_ERROR = "SELECT 1 / (count(*) = count(t.variant_id))::int FROM wanted w LEFT JOIN taken t USING (variant_id)"


def reserve_ample_query(*, schema_name: str, lines: Sequence[WantedLine]) -> Query[None]:
    """Return the query that reserves lines of which more is in stock than is wanted, at the price that was read.

    It fails (`is_scarce`) where a line has less stock or another price.
    """
    return Query(_text(schema_name), as_arrays(lines), written)


def is_scarce(error: BaseException) -> bool:
    """Return whether `reserve_ample_query` failed because some stock is not ample."""
    return isinstance(error.__cause__, errors.DivisionByZero)


@lru_cache(maxsize=REMEMBERED)
def _text(schema_name: str) -> str:
    return reservation_text(schema_name, enough=MORE_THAN_WANTED, found=ALL_OR_ERROR)
