"""The switch of language at the foot of pages."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts.redirects import is_own_path, is_own_url
from accounts.services.languages import choose_language
from kit.text.languages import is_language, keep_language


@csrf_exempt  # a token would open a session of forms on every page; the origin is looked at instead
@require_POST
def switch_language(request: HttpRequest) -> HttpResponse:
    """Keep the language that was chosen, in the browser and with the account, and go back to the page.

    Raises:
        PermissionDenied: a page of another site sent the form.
    """
    origin = request.headers.get("Origin")
    if origin is not None and not ("://" in origin and is_own_url(origin)):
        raise PermissionDenied
    wanted = request.POST.get("next", "")
    response = HttpResponseRedirect(wanted if is_own_path(wanted) else "/")
    language = request.POST.get("language", "")
    if is_language(language):
        keep_language(response, language)
        if request.user.is_authenticated:
            choose_language(user=request.user, language=language)
    return response
