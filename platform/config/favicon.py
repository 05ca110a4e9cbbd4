"""The icon at the address where browsers look for it by themselves, such as beside a PDF file."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.templatetags.static import static
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe


@cache_control(public=True, max_age=24 * 3600)
@require_safe
def favicon(_request: HttpRequest) -> HttpResponse:
    """Lead to the icon that pages name."""
    return HttpResponseRedirect(static("icons/favicon.svg"))
