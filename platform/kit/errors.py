"""Refusals that the domain anticipates, each with a stable code."""

from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise


class DomainError(Exception):
    """A refusal that a person can act upon.

    Args:
        message: the fault and the remedy; the class's own where left out.
        details: per field or per line, for forms and the API's `errors`.
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 400
    default_message: ClassVar[StrOrPromise] = gettext_lazy("This can't be done.")

    def __init__(self, message: StrOrPromise = "", *, details: Any = None) -> None:
        self.message = str(message or self.default_message)
        self.details = _looked_up(details)
        super().__init__(self.message)


def error_body(*, code: str, message: StrOrPromise, errors: Any = None) -> dict[str, Any]:
    """Return the body in which the API refuses a call; its message may be looked up when it is sent."""
    return {"status": "error", "code": code, "message": message, "errors": errors}


def success_body(data: Any, *, message: StrOrPromise = "") -> dict[str, Any]:
    """Return the body in which the API answers a call that it has done."""
    return {"status": "success", "message": message, "data": data}


def _looked_up(details: Any) -> Any:
    """Return details with their texts in the language that is active now, as the message is."""
    if isinstance(details, Promise):
        return str(details)
    if isinstance(details, dict):
        return {key: _looked_up(value) for key, value in details.items()}
    if isinstance(details, list):
        return [_looked_up(value) for value in details]
    return details


class NotFoundError(DomainError):
    code, status = "not_found", 404
    default_message = gettext_lazy("There is nothing here, or it is not yours to see.")


class PermissionDeniedError(DomainError):
    code, status = "permission_denied", 403
    default_message = gettext_lazy("Your role doesn't allow this.")


class InvalidInputError(DomainError):
    code, status = "invalid", 400
    default_message = gettext_lazy("Please correct the marked fields.")


class ConflictError(DomainError):
    code, status = "conflict", 409
    default_message = gettext_lazy("This was changed in the meantime. Reload the page and try again.")


class BusyError(DomainError):
    code, status = "busy", 503
    default_message = gettext_lazy("Many people are buying right now. Please try again in a few seconds.")


class TooManyRequestsError(DomainError):
    code, status = "throttled", 429
    default_message = gettext_lazy("That was a lot of requests in a short time. Wait a little, then carry on.")

    def __init__(self, message: StrOrPromise = "", *, details: Any = None, retry_after: int = 1) -> None:
        super().__init__(message, details=details)
        self.retry_after = retry_after
