"""Listing, detail and search over the API: remembered and not, at 2,000 and at 200,000 listings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.core.cache import cache
from django.db import connection

from catalogue.discovery.models import Listing
from catalogue.discovery.services.vocabulary import refresh_vocabulary
from tests.bench import market
from tests.bench.core.measure import against, compare
from tests.bench.core.options import Options
from tests.bench.core.results import Figure, Result, Target
from tests.bench.core.stand import Stand, load, rate

CLIENTS = 8
LIST, SEARCH = "/api/v1/listings/?page_size=20", "/api/v1/listings/?page_size=20&search={words}"
NEVER_SEEN = "&max_price=9{n}"  # above every price, and another number each time
WORDS = ("indigo tote", "copper kettle", "lamp iseyin", "leather sandal", "brass drum", "raffia basket kano")
TARGETS = {
    "listing/cached": Target("ratio", at_least=1.0),
    "listing/uncached": Target("ratio", at_least=0.5),
    "detail/cached": Target("ratio", at_least=1.0),
    "detail/uncached": Target("ratio", at_least=0.5),
    "search/uncached": Target("ratio", at_least=0.4),
    "search at 200,000": Target("ratio", at_least=0.5),
}
NOTE = (
    "20 listings a page; “cached” asks for the same few pages, “uncached” for pages nobody has asked for before, "
    "with the cache emptied before each run"
)
# What the projection would hold, written straight into it (catalogue.discovery.services.projection_sql).
FILL = """
WITH made AS (
    SELECT gen_random_uuid() AS id, s.id AS shop_id, s.name AS shop_name, n, random() AS chance,
           (%(fabrics)s::text[])[1 + (random() * 9)::int] AS fabric,
           (%(kinds)s::text[])[1 + (random() * 9)::int] AS kind,
           (%(makers)s::text[])[1 + (random() * 7)::int] AS maker
      FROM generate_series(1, %(count)s) n
      JOIN (SELECT id, name, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS shops
              FROM tenants_shop) s ON s.place = n %% s.shops
), listed AS (
    INSERT INTO discovery_listing (id, shop_id, title, slug, description, brand, image, images, currency, price_minor,
        price_max_minor, is_in_stock, is_published, is_visible, popularity, rating_sum, rating_count, search,
        created_at, updated_at)
    SELECT id, shop_id, initcap(fabric) || ' ' || kind || ' from ' || maker || ' g' || n, 'g' || n,
           'A ' || lower(kind) || ' of ' || fabric || ', made by hand in ' || maker || '.', maker || ' Works', '', '[]',
           'NGN', 100000 + n, 100000 + n, TRUE, TRUE, TRUE, (1000 * chance ^ 4)::int, 0, 0,
           setweight(to_tsvector('english', fabric || ' ' || kind || ' from ' || maker || ' g' || n), 'A')
           || setweight(to_tsvector('english', maker || ' Works'), 'B')
           || setweight(to_tsvector('english', shop_name), 'C')
           || setweight(to_tsvector('english', 'A ' || kind || ' of ' || fabric || ', made by hand in ' || maker), 'D')
           || array_to_tsvector(ARRAY['s:' || shop_id, 'i:1']),
           now() - n * interval '1 second', now()
      FROM made
    RETURNING id, shop_id, price_minor, slug
)
INSERT INTO discovery_listingvariant (id, listing_id, shop_id, sku, options, price_minor, is_in_stock, position)
SELECT gen_random_uuid(), id, shop_id, slug, '{}', price_minor, TRUE, 0 FROM listed
"""


def run(stand: Stand, options: Options) -> Iterator[Result]:
    """Measure at 2,000 listings, fill up to 200,000, and measure again."""
    stand.migrate()
    market.build(shops=options.pick(50, 4), products=options.pick(2000, 40))
    reader = _Reader(stand, options, stand.web(), stand.floor())
    small: dict[str, Result] = {}
    for kind in ("listing", "detail", "search"):
        for state in ("cached", "uncached"):
            result = reader.measure(f"{kind}/{state}", clients=CLIENTS)
            small[result.name] = result
            yield result
    for clients in options.pick((1, 32), ()):
        yield reader.measure("listing/uncached", clients=clients)
    for path in ("/", "/search/?q=indigo+tote"):
        yield reader.page(path)
    count = options.pick(200_000, 2_000)
    _fill(count - Listing.objects.count())
    for kind in ("listing", "detail", "search"):
        result = reader.measure(f"{kind}/uncached", clients=CLIENTS, size=f"/{count}")
        yield result
        before = small[f"reading/{kind}/uncached/{CLIENTS}-clients"]
        target = TARGETS["search at 200,000"] if kind == "search" else None
        yield against(f"reading/{kind}/{count}-over-{options.pick(2000, 40)}", result, before, target=target)


@dataclass(slots=True)
class _Reader:
    """A web server that is read from, and the yardstick's."""

    stand: Stand
    options: Options
    web: int
    floor: int

    def measure(self, case: str, *, clients: int, size: str = "") -> Result:
        """Measure one kind of read, in one state of the cache."""
        kind, _, state = case.partition("/")
        paths = self._paths(kind, is_cached=state == "cached")
        return compare(
            f"reading/{case}{size}/{clients}-clients",
            lambda: self._read(self.web, self.stand.host, paths, clients, empties=state == "uncached"),
            lambda: self._read(self.floor, "localhost", ["/list/"], clients),
            unit="reads/s",
            rounds=self.options.pick(3, 1),
            yardstick_name="floor: 20-row list",
            target=None if size or clients != CLIENTS else TARGETS.get(case),
            note=NOTE,
        )

    def page(self, path: str) -> Result:
        """Measure a page as a browser gets it, for comparison."""
        return compare(
            f"reading/page {path.partition('?')[0]}/{CLIENTS}-clients",
            lambda: self._read(self.web, self.stand.host, [path], CLIENTS),
            unit="reads/s",
            rounds=self.options.pick(3, 1),
        )

    def _paths(self, kind: str, *, is_cached: bool) -> list[str]:
        if kind == "listing":
            return [LIST, f"{LIST}&ordering=newest"] if is_cached else [LIST + NEVER_SEEN]
        if kind == "search":
            found = [SEARCH.format(words=words.replace(" ", "+")) for words in WORDS]
            return found if is_cached else [path + NEVER_SEEN for path in found]
        ids = Listing.objects.filter(is_visible=True).order_by("?").values_list("id", flat=True)
        return [f"/api/v1/listings/{listing_id}/" for listing_id in ids[: 20 if is_cached else 20_000]]

    def _read(self, port: int, host: str, paths: list[str], clients: int, *, empties: bool = False) -> Figure:
        if empties:
            cache.clear()
        arguments = {"host": host, "paths": paths}
        return rate(
            load(port=port, scenario="read", arguments=arguments, clients=clients, seconds=self.options.seconds)
        )


def _fill(count: int) -> None:
    params = {
        "count": count,
        "kinds": list(market.KINDS),
        "fabrics": list(market.FABRICS),
        "makers": list(market.MAKERS),
    }
    with connection.cursor() as cursor:
        cursor.execute(FILL, params)
        cursor.execute("VACUUM ANALYZE discovery_listing, discovery_listingvariant")
        cursor.execute("CHECKPOINT")
    refresh_vocabulary()
    cache.clear()
