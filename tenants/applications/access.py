"""Access of a browser or program to applications: its user's, and those whose key it has sent."""

from uuid import UUID

from django.http import HttpRequest

from tenants.applications.selectors import get_own_application
from tenants.models import ShopApplication

SESSION_KEY = "shop_applications"
REMEMBERED = 10
KEY_HEADER = "X-Application-Key"


def remember_application(request: HttpRequest, application: ShopApplication) -> None:
    """Keep a guest's key to an application in the session."""
    known = dict(request.session.get(SESSION_KEY, {}))
    known[str(application.pk)] = application.access_key
    request.session[SESSION_KEY] = dict(list(known.items())[-REMEMBERED:])


def application_for(request: HttpRequest, application_id: UUID) -> ShopApplication:
    """Return an application that this browser may see.

    Raises:
        ApplicationNotFoundError: there is none, or this browser may not see it.
    """
    shown = request.GET.get("key", "")
    key = shown or request.session.get(SESSION_KEY, {}).get(str(application_id), "")
    user_id = request.user.pk if request.user.is_authenticated else None
    application = get_own_application(application_id=application_id, user_id=user_id, access_key=key)
    if shown and application.applicant_id is None:
        remember_application(request, application)
    return application
