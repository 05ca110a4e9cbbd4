"""The page of search results."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views import View

from catalogue.discovery.selectors.categories import category_tree
from catalogue.discovery.views.links import Links
from catalogue.discovery.views.results import Results, read_results, results_context
from kit.errors import InvalidInputError
from kit.web.hosts import platform_url


class SearchView(View):
    """Listings of all shops, searched, narrowed and ordered by the URL."""

    def get(self, request: HttpRequest) -> HttpResponse:
        try:
            results = read_results(request)
        except InvalidInputError:
            return redirect(Links(request).with_value())
        category = results.asked.category
        context = results_context(results) | {
            "title": _title(results),
            "crumbs": _crumbs(results),
            "canonical": platform_url(
                Links(request).only({"q": results.asked.query.text, "category": category.slug if category else ""})
            ),
        }
        return render(request, "discovery/search.html", context)


def _title(results: Results) -> str:
    words, category = results.result.query.text, results.asked.category
    if words:
        if category:
            return gettext("“%(words)s” in %(category)s") % {"words": words, "category": category.name}
        return gettext("Results for “%(words)s”") % {"words": words}
    return category.name if category else gettext("All products")


def _crumbs(results: Results) -> list[dict[str, str]]:
    if results.asked.category is None:
        return []
    path = category_tree().path_to(results.asked.category.id)
    links = results.links
    above = [{"label": node.name, "url": links.with_value(category=node.slug)} for node in path[:-1]]
    return [
        {"label": gettext("All products"), "url": links.without("category")},
        *above,
        {"label": path[-1].name, "url": ""},
    ]
