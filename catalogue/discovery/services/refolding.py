"""Rewrite listings whose words were folded by another release, while the market runs."""

from itertools import groupby
from operator import itemgetter
from time import monotonic
from uuid import UUID

from catalogue.discovery.services.projection import project_products
from kit.db.sql import fetch_all
from kit.work import rounds

AT_ONCE = 200
SECONDS = 40.0
# The condition is that of the index `listing_other_folding`, which is empty once all are written.
OTHERS = """
SELECT shop_id, id FROM public.discovery_listing
 WHERE NOT (search @@ '''f:2'''::tsquery) AND (shop_id, id) > (%(shop_id)s, %(id)s) ORDER BY shop_id, id LIMIT %(limit)s
"""
FIRST = (0, "00000000-0000-0000-0000-000000000000")


def fold_listings(*, seconds: float = SECONDS) -> int:
    """Rewrite listings with an older folding for some time, in batches; return the number examined.

    An error of one shop is logged, and does not stop the others.

    Processes of the previous release write the older folding until they exit, so this task runs repeatedly.
    """
    ends_at, done, place = monotonic() + seconds, 0, FIRST
    while monotonic() < ends_at:
        rows = fetch_all(OTHERS, {"shop_id": place[0], "id": place[1], "limit": AT_ONCE})
        groups = [(shop_id, [row[1] for row in group]) for shop_id, group in groupby(rows, itemgetter(0))]
        rounds.each_by_itself(groups, _write, name="Listings of shop")
        done += len(rows)
        if len(rows) < AT_ONCE:
            break
        place = rows[-1]
    return done


def _write(listings: tuple[int, list[UUID]]) -> None:
    shop_id, ids = listings
    project_products(shop_id=shop_id, product_ids=ids)
