"""Fields of a form, kept in the session while its reader signs in, and shown again in the same form."""

from datetime import datetime

from django.http import HttpRequest

LEAVES_TO_SIGN_IN = "leaves_to_sign_in"  # name of the button that goes there
SECONDS = 3_600
MOST_FIELDS, LONGEST_FIELD = 60, 2_000
_KEY = "kept_fields"
_NOT_KEPT = {LEAVES_TO_SIGN_IN, "csrfmiddlewaretoken"}


def leaves_to_sign_in(request: HttpRequest) -> bool:
    """Return whether a form was sent by the button that goes to the sign-in page."""
    return LEAVES_TO_SIGN_IN in request.POST


def keep_fields(request: HttpRequest, *, form: str, now: datetime) -> None:
    """Keep the fields of a form that was sent, unjudged, in the session; those of another form go."""
    typed = [(name, value[:LONGEST_FIELD]) for name, value in request.POST.items() if name not in _NOT_KEPT]
    request.session[_KEY] = {"form": form, "at": now.timestamp(), "fields": dict(typed[:MOST_FIELDS])}


def kept_fields(request: HttpRequest, *, form: str, now: datetime) -> dict[str, str]:
    """Return the fields kept of a form in the last hour; once their reader has signed in, they are forgotten."""
    kept = request.session.get(_KEY) or {}
    if kept.get("form") != form:
        return {}
    if request.user.is_authenticated:
        forget_fields(request)
    fields: dict[str, str] = kept["fields"]
    return fields if now.timestamp() - kept["at"] <= SECONDS else {}


def forget_fields(request: HttpRequest) -> None:
    """Forget the fields that were kept."""
    request.session.pop(_KEY, None)
