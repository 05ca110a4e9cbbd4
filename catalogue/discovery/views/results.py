"""Template data of a search: results, facets, chips, orderings and the pages beside it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy, ngettext

from catalogue.discovery.price_notes import at_lower_prices
from catalogue.discovery.selectors.categories import CategoryTree, category_tree
from catalogue.discovery.selectors.facets import FacetOption, Facets, read_facets
from catalogue.discovery.selectors.query import ListingQuery, Ordering
from catalogue.discovery.selectors.requests import CURRENCY, Asked, read_query
from catalogue.discovery.selectors.search import SearchResult, search_listings
from catalogue.discovery.selectors.shops import currencies_on_sale
from catalogue.discovery.views.links import Links
from catalogue.discovery.views.price_bounds import Bound, read_bounds
from kit.errors import InvalidInputError
from kit.money import format_minor, symbol_of
from kit.text.numbers import grouped

SORTS = {
    Ordering.RELEVANCE: gettext_lazy("Best match"),
    Ordering.POPULAR: gettext_lazy("Popular"),
    Ordering.NEWEST: gettext_lazy("Newest"),
    Ordering.PRICE: gettext_lazy("Price, low to high"),
    Ordering.PRICE_DOWN: gettext_lazy("Price, high to low"),
}


@dataclass(frozen=True, slots=True)
class Results:
    """A search as a page asked for it, and its answer."""

    asked: Asked
    result: SearchResult
    links: Links
    is_exact: bool
    currency: str  # that the URL names
    bounds: Mapping[str, Bound]  # `from` and `to`


def read_results(request: HttpRequest, *, shop: str = "", shows_paused: bool = False) -> Results:
    """Run the search of a page's URL, within one shop where given; `shows_paused` if that is on holiday.

    Raises:
        Http404: it names a category or a shop that there is not.
        InvalidInputError: its cursor leads nowhere.
    """
    params = request.GET
    currency = _currency(params.get("currency", ""))
    bounds = read_bounds(params.get("from", ""), params.get("to", ""), currency)
    values = {
        "search": params.get("q", ""),
        "category": params.get("category", ""),
        "ordering": params.get("sort", "") if params.get("sort", "") in list(Ordering) else "",
        "min_price": bounds["from"].minor,
        "max_price": bounds["to"].minor,
        "currency": currency,
        "in_stock": params.get("in_stock", ""),
    }
    try:
        asked = read_query(values, shops=[shop] if shop else params.getlist("shop"))
    except InvalidInputError as error:
        raise Http404 from error
    if shows_paused:
        asked = replace(asked, query=replace(asked.query, shows_paused=True))
    is_exact = bool(params.get("exact"))
    result = search_listings(asked.query, cursor=params.get("cursor", ""), corrects=not is_exact)
    return Results(asked, result, Links(request), is_exact, currency, bounds)


def results_context(results: Results, *, in_shop: bool = False) -> dict[str, Any]:
    """Return the data of the results template."""
    result, links, asked = results.result, results.links, results.asked
    facets = read_facets(result.query, has_shops=not in_shop)
    chips = _chips(results, facets)
    page = result.page
    return {
        "results": results,
        "in_shop": in_shop,
        "query": asked.query,
        "cards": at_lower_prices(page.cards, timezone.now()),
        "count_text": _count_text(result),
        "show_text": _show_text(result),
        "place_text": _place_text(result),
        "asked": result.asked,
        "found_shops": result.shops,
        "searched": result.query.text,
        "exact_url": links.with_value(exact="1") if result.asked else "",
        "next_url": _turn(links, page.next_cursor),
        "previous_url": _turn(links, page.previous_cursor),
        "sorts": _sorts(asked.query),
        "chips": chips,
        "clear_url": links.only({"q": asked.query.text}) if len(chips) > 1 else "",
        "categories": _category_options(facets, asked),
        "shops": [_option(shop) for shop in facets.shops],
        "stock": [_option(FacetOption("1", gettext("In stock"), facets.in_stock, asked.query.in_stock_only))],
        "price_symbol": symbol_of(asked.query.price_currency),
        "currency": results.currency,
        "other_currencies": [] if in_shop else _other_currencies(results),
        "price_from": results.bounds["from"].shown,
        "price_to": results.bounds["to"].shown,
        "price_errors": {name: bound.error for name, bound in results.bounds.items()},
        "is_exact": results.is_exact,
        "filter_count": len(chips),
    }


def _currency(text: str) -> str:
    """Read a currency's code; what is none is not asked for."""
    return text if CURRENCY.fullmatch(text) else ""


def _other_currencies(results: Results) -> list[dict[str, str]]:
    """Return links to the prices in other currencies, without bounds, which would mean other amounts there."""
    query, links = results.asked.query, results.links
    if not query.compares_prices:
        return []
    return [
        {"label": symbol_of(code), "url": links.with_value(currency=code, **{"from": "", "to": ""})}
        for code in currencies_on_sale()
        if code != query.price_currency
    ]


def _turn(links: Links, cursor: str) -> str:
    return links.with_value() + ("&" if "?" in links.with_value() else "?") + f"cursor={cursor}" if cursor else ""


def _count_text(result: SearchResult) -> str:
    count = grouped(result.count)
    if not result.is_count_exact:
        return gettext("%(count)s+ products") % {"count": count}
    return ngettext("%(count)s product", "%(count)s products", result.count) % {"count": count}


def _show_text(result: SearchResult) -> str:
    count = grouped(result.count)
    if not result.is_count_exact:
        return gettext("Show %(count)s+ products") % {"count": count}
    return ngettext("Show %(count)s product", "Show %(count)s products", result.count) % {"count": count}


def _place_text(result: SearchResult) -> str:
    if not result.page.cards:
        return ""
    first = result.page.position + 1
    last = result.page.position + len(result.page.cards)
    place = {"first": grouped(first), "last": grouped(last), "total": grouped(result.count)}
    if not result.is_count_exact:
        return gettext("%(first)s–%(last)s of more than %(total)s") % place
    return gettext("%(first)s–%(last)s of %(total)s") % place


def _sorts(query: ListingQuery) -> list[dict[str, Any]]:
    shown = [ordering for ordering in SORTS if query.text or ordering is not Ordering.RELEVANCE]
    return [{"value": item.value, "label": SORTS[item], "selected": item is query.sort} for item in shown]


def _option(option: FacetOption) -> dict[str, Any]:
    return {
        "value": option.value,
        "label": option.label,
        "count": option.count_text,
        "count_label": option.count_label,
        "checked": option.is_checked,
    }


def _category_options(facets: Facets, asked: Asked) -> list[dict[str, Any]]:
    """Return the way up, the chosen category and those below it."""
    options = [_option(option) for option in facets.categories]
    if asked.category is None:
        return options
    tree: CategoryTree = category_tree()
    above = [
        {"value": node.slug, "label": node.name, "count": "", "checked": False}
        for node in tree.path_to(asked.category.id)[:-1]
    ]
    return [{"value": "", "label": gettext("All categories"), "count": "", "checked": False}, *above, *options]


def _chips(results: Results, facets: Facets) -> list[dict[str, str]]:
    links, asked = results.links, results.asked
    query = asked.query
    chips: list[dict[str, str]] = []
    if asked.category is not None:
        chips.append({"label": asked.category.name, "url": links.without("category")})
    chips += [
        {"label": shop.label, "url": links.without("shop", shop.value)} for shop in facets.shops if shop.is_checked
    ]
    bounds = (
        ("from", query.min_price_minor, gettext("From %(price)s")),
        ("to", query.max_price_minor, gettext("Up to %(price)s")),
    )
    for name, minor, words in bounds:
        if minor is not None:
            label = words % {"price": format_minor(minor, query.price_currency)}
            chips.append({"label": label, "url": links.without(name)})
    if query.in_stock_only:
        chips.append({"label": gettext("In stock"), "url": links.without("in_stock")})
    return chips
