"""Facet counts: how many listings each further filter would leave; exact up to a limit, then "10,000+"."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext, ngettext
from psycopg import sql

from catalogue.discovery.selectors import versions
from catalogue.discovery.selectors.categories import CategoryTree, category_tree
from catalogue.discovery.selectors.pages import COUNT_LIMIT
from catalogue.discovery.selectors.query import ListingQuery, conditions
from kit.db.sql import fetch_all
from kit.db.statements import load_statement
from kit.text.numbers import grouped

SHOPS_SHOWN = 8

# A query with more than COUNT_LIMIT matches is counted facet by facet below.
SCAN = sql.SQL(load_statement(__package__, "facet_counts"))
COUNT_ONE = sql.SQL(
    "(SELECT {key} AS key, count(*) FROM (SELECT FROM discovery_listing l WHERE {conditions} LIMIT {limit}) counted)"
)


@dataclass(frozen=True, slots=True)
class FacetOption:
    """One value of a facet: what the filter takes, what people read, and how many it would leave."""

    value: str
    label: str
    count: int
    is_checked: bool = False

    @property
    def count_text(self) -> str:
        """Return the count for people."""
        return f"{grouped(COUNT_LIMIT)}+" if self.count > COUNT_LIMIT else grouped(self.count)

    @property
    def count_label(self) -> str:
        """Return the count with its noun, for people who do not see where it stands."""
        if self.count > COUNT_LIMIT:
            return gettext("%(count)s+ products") % {"count": grouped(COUNT_LIMIT)}
        return ngettext("%(count)s product", "%(count)s products", self.count) % {"count": grouped(self.count)}


@dataclass(frozen=True, slots=True)
class Facets:
    """Filters by which a result can be narrowed."""

    categories: list[FacetOption]
    shops: list[FacetOption]
    in_stock: int


@dataclass(frozen=True, slots=True)
class _Scan:
    categories: dict[int, int]
    shops: list[tuple[int, str, str, int]]
    in_stock: int
    total: int

    @property
    def is_cut(self) -> bool:
        return self.total > COUNT_LIMIT


def read_facets(query: ListingQuery, *, has_shops: bool = True) -> Facets:
    """Return the facets of a query: the categories below the chosen one, the shops where wanted, and the stock."""
    return versions.cached(
        version_key=versions.EVERYTHING,
        name=f"facets:{query!r}:{has_shops}",
        make=lambda: _read(query, category_tree(), has_shops=has_shops),
    )


def _read(query: ListingQuery, tree: CategoryTree, *, has_shops: bool) -> Facets:
    scan = _scan(query)
    return Facets(
        categories=_categories(query, scan, tree),
        shops=_shops(query, scan) if has_shops else [],
        in_stock=_counts(query, {1: "'i:1'"})[1] if scan.is_cut else scan.in_stock,
    )


def _scan(query: ListingQuery, chosen: Sequence[int] = ()) -> _Scan:
    where, params = conditions(query)
    statement = SCAN.format(
        conditions=sql.SQL(where),
        limit=sql.Literal(COUNT_LIMIT + 1),
        shops=sql.Literal(SHOPS_SHOWN),
        chosen_shops=sql.SQL("{}::bigint[]").format(sql.Literal(list(chosen))),
    )
    categories: dict[int, int] = {}
    shops: list[tuple[int, str, str, int]] = []
    single: Counter[str] = Counter()
    for facet, key, slug, label, count in fetch_all(statement, params):
        if facet == "category":
            categories[key] = count
        elif facet == "shop":
            shops.append((key, slug, label, count))
        else:
            single[facet] = count
    return _Scan(categories, shops, single["stock"], single["total"])


def _categories(query: ListingQuery, scan: _Scan, tree: CategoryTree) -> list[FacetOption]:
    below = tree.children_of(query.category_id)
    shown = [tree.by_id[query.category_id]] if query.category_id in tree.by_id else []
    if scan.is_cut:
        counts = _counts(query, {node.id: f"'c:{node.id}'" for node in [*shown, *below]})
    else:
        counts = Counter()
        for category_id, count in scan.categories.items():
            for node in tree.path_to(category_id):
                counts[node.id] += count
    chosen = [FacetOption(node.slug, node.name, counts[node.id], is_checked=True) for node in shown]
    return chosen + [FacetOption(node.slug, node.name, counts[node.id]) for node in below if counts[node.id]]


def _shops(query: ListingQuery, scan: _Scan) -> list[FacetOption]:
    """Count shops as if none was chosen: they are chosen beside each other, not one within another."""
    chosen = query.shop_ids
    if chosen:
        query = replace(query, shop_ids=())
        scan = _scan(query, chosen=chosen)
    counts = Counter({shop_id: count for shop_id, _, _, count in scan.shops})
    if scan.is_cut:
        counts = _counts(query, {shop_id: f"'s:{shop_id}'" for shop_id in counts})
    return [
        FacetOption(slug, name, counts[shop_id], is_checked=shop_id in chosen) for shop_id, slug, name, _ in scan.shops
    ]


def _counts(query: ListingQuery, terms: dict[int, str]) -> Counter[int]:
    """Count the listings that each term would leave, in one statement."""
    branches: list[sql.Composable] = []
    params: dict[str, Any] = {}
    for key, term in terms.items():
        where, params = conditions(query, extra_facet=term)
        branches.append(
            COUNT_ONE.format(key=sql.Literal(key), conditions=sql.SQL(where), limit=sql.Literal(COUNT_LIMIT + 1))
        )
    return Counter(dict(fetch_all(sql.SQL(" UNION ALL ").join(branches), params))) if branches else Counter()
