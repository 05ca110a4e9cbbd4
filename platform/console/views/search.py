"""The search in the head of every page of the console."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from console.access import operators_only
from console.filters import typed
from console.selectors.search import only_hit, search_everything
from kit.api.throttling import throttled_page
from kit.text.parts import has_parts


@operators_only
@throttled_page("console-search", method="GET")
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show the rows found, by kind; a whole number, reference or address of one row alone opens it."""
    term = typed(request, "q")
    groups = search_everything(term)
    if hit := only_hit(groups, term):
        return redirect(hit.url)
    context = {"term": term, "groups": groups, "is_too_short": bool(term) and not has_parts(term)}
    return render(request, "console/search.html", context)
