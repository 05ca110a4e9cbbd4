"""Listing, detail, search over the API and as pages: remembered and not, at 2,000 and at 200,000 listings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.core.cache import cache

from catalogue.discovery.models import Listing
from tenants.models import Shop
from tests.bench import market, shelves
from tests.bench.core.measure import against, compare
from tests.bench.core.options import Options
from tests.bench.core.results import Figure, Result, Target
from tests.bench.core.stand import Stand, load, rate

CLIENTS = 8
LIST, SEARCH = "/api/v1/listings/?page_size=20", "/api/v1/listings/?page_size=20&search={words}"
NEVER_SEEN = "&max_price=9{n}"  # above every price, and another number each time
WORDS = {
    "search": ("indigo+tote", "copper+kettle", "lamp+iseyin", "leather+sandal", "brass+drum", "raffia+basket+kano"),
    "broad search": ("tote", "indigo", "kano"),  # a tenth of all listings each
}
KINDS = ("listing", "detail", *WORDS)
KNOWN = 20
TURNS = 7  # at most, each with listings that no other asks for
MOST = 21_000
TARGETS = {
    "listing/cached": Target("ratio", at_least=1.0),
    "listing/uncached": Target("ratio", at_least=0.5),
    "detail/cached": Target("ratio", at_least=1.0),
    "detail/uncached": Target("ratio", at_least=0.5),
    "search/uncached": Target("ratio", at_least=0.4),
    "search at 200,000": Target("ratio", at_least=0.5),
}
NOTE = (
    "20 listings a page; “cached” asks for the same few addresses, “uncached” for what nobody has asked for before, "
    "with the cache emptied before each run; stock and prices of a detail are read fresh in both"
)


def run(stand: Stand, options: Options) -> Iterator[Result]:
    """Measure at 2,000 listings, fill up to 200,000, and measure again."""
    stand.migrate()
    few, many = options.pick((2_000, 200_000), (400, 2_000))
    shops = market.build(shops=options.pick(50, 4), products=0).shops
    shelves.stock_up(shops=shops, first=0, count=few)
    reader = _Reader(stand, options, stand.web(), stand.floor())
    small: dict[str, Result] = {}
    for kind in KINDS:
        for state in ("cached", "uncached"):
            result = reader.measure(f"{kind}/{state}", clients=CLIENTS)
            small[result.name] = result
            yield result
    for clients in options.pick((1, 32), ()):
        yield reader.measure("listing/uncached", clients=clients)
    for name, path in _pages(shops[0]).items():
        yield reader.page(name, path)
    shelves.stock_up(shops=shops, first=few, count=many - few)
    reader.forget_what_was_asked()
    for kind in KINDS:
        result = reader.measure(f"{kind}/uncached", clients=CLIENTS, size=f"/{many}")
        yield result
        before = small[f"reading/{kind}/uncached/{CLIENTS}-clients"]
        target = TARGETS["search at 200,000"] if kind == "search" else None
        yield against(f"reading/{kind}/{many}-over-{few}", result, before, target=target)


@dataclass(slots=True)
class _Reader:
    """A web server that is read from, and the yardstick's."""

    stand: Stand
    options: Options
    web: int
    floor: int
    _unasked: list[str] = field(default_factory=list)
    _known_listings: list[str] = field(default_factory=list)

    def measure(self, case: str, *, clients: int, size: str = "") -> Result:
        """Measure one kind of read, in one state of the cache."""
        kind, _, state = case.partition("/")
        turn = {"cached": self._known, "uncached": self._new}[state]
        return compare(
            f"reading/{case}{size}/{clients}-clients",
            lambda: turn(kind, clients),
            lambda: self._read(self.floor, "localhost", ["/list/"], clients),
            unit="reads/s",
            rounds=self.options.pick(3, 1),
            throw_first=True,
            yardstick_name="floor: 20-row list",
            target=None if size or clients != CLIENTS else TARGETS.get(case),
            note=NOTE,
        )

    def page(self, name: str, path: str) -> Result:
        """Measure a page as a browser gets it, for comparison."""
        return compare(
            f"reading/page {name}/{CLIENTS}-clients",
            lambda: self._read(self.web, self.stand.host, [path], CLIENTS),
            unit="reads/s",
            rounds=self.options.pick(3, 1),
            throw_first=True,
        )

    def forget_what_was_asked(self) -> None:
        """Begin with all listings anew, when there are others."""
        self._unasked = []

    def _known(self, kind: str, clients: int) -> Figure:
        paths = {
            "listing": [LIST, f"{LIST}&ordering=newest"],
            "detail": self._favourites(),
            **{words: [SEARCH.format(words=each) for each in WORDS[words]] for words in WORDS},
        }
        return self._read(self.web, self.stand.host, paths[kind], clients)

    def _new(self, kind: str, clients: int) -> Figure:
        cache.clear()
        if kind == "detail":
            return self._read_each(self._listings(min(MOST, Listing.objects.count()) // TURNS), clients)
        known = [LIST] if kind == "listing" else [SEARCH.format(words=each) for each in WORDS[kind]]
        return self._read(self.web, self.stand.host, [path + NEVER_SEEN for path in known], clients)

    def _favourites(self) -> list[str]:
        self._known_listings = self._known_listings or self._listings(KNOWN)
        return self._known_listings

    def _listings(self, count: int) -> list[str]:
        """Take listings that nobody has asked for yet."""
        if len(self._unasked) < count:
            ids = Listing.objects.filter(is_visible=True).order_by("?").values_list("id", flat=True)[:MOST]
            self._unasked = [f"/api/v1/listings/{listing_id}/" for listing_id in ids]
        taken, self._unasked = self._unasked[:count], self._unasked[count:]
        return taken

    def _read(self, port: int, host: str, paths: list[str], clients: int) -> Figure:
        arguments = {"host": host, "paths": paths}
        return rate(
            load(port=port, scenario="read", arguments=arguments, clients=clients, seconds=self.options.request_seconds)
        )

    def _read_each(self, paths: list[str], clients: int) -> Figure:
        arguments = {"host": self.stand.host, "paths": paths}
        return rate(
            load(port=self.web, scenario="read_each", arguments=arguments, clients=clients, operations=len(paths))
        )


def _pages(shop: Shop) -> dict[str, str]:
    listing = Listing.objects.filter(shop_id=shop.pk).order_by("id").first()
    assert listing is not None
    return {
        "/": "/",
        "/search/": "/search/?q=indigo+tote",
        "/products/": f"/products/{listing.pk}/",
        "/shops/": f"/shops/{shop.slug}/",
    }
