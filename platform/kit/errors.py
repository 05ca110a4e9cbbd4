"""Refusals that the domain anticipates, each with a stable code."""

from typing import Any, ClassVar, Self

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from kit.request_id import current_request_id


class Fault(str):
    """A message about one field, with its code for programs."""

    __slots__ = ("code",)
    code: str

    def __new__(cls, message: StrOrPromise, code: str) -> Self:
        fault = super().__new__(cls, message)
        fault.code = code
        return fault


class Facts(dict[str, Any]):
    """Values for programs within a refusal's details, which are no messages."""


class WordedError(Exception):
    """An exception whose text is a sentence for people, in English: it is stored, and shown by `in_words`."""


class DomainError(Exception):
    """A refusal that a person can act upon.

    Args:
        message: the fault and the remedy; the class's own where left out.
        details: per field or per line, for forms and the API's `errors`. A list holds messages, each with the refusal's
            code unless it has its own; a tuple holds facts, as `Facts` does.
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 400
    default_message: ClassVar[StrOrPromise] = gettext_lazy("This can't be done.")

    def __init__(self, message: StrOrPromise = "", *, details: Any = None) -> None:
        self.message = str(message or self.default_message)
        self.details = with_codes(details, self.code)
        super().__init__(self.message)


def error_body(*, code: str, message: StrOrPromise, errors: Any = None, request_id: str = "") -> dict[str, Any]:
    """Return the body in which the API refuses a call; its message may be looked up when it is sent.

    Args:
        request_id: of the call; that of the request which is being answered where left out.
    """
    return {
        "status": "error",
        "code": code,
        "message": message,
        "errors": _told(errors),
        "request_id": request_id or current_request_id(),
    }


def success_body(data: Any, *, message: StrOrPromise = "") -> dict[str, Any]:
    """Return the body in which the API answers a call that it has done."""
    return {"status": "success", "message": message, "data": data}


def with_codes(details: Any, code: str) -> Any:
    """Return details with their texts in the language that is active now, as the message is, each with a code."""
    if isinstance(details, Facts):
        return details
    if isinstance(details, dict):
        return {key: with_codes(value, code) for key, value in details.items()}
    if isinstance(details, list):
        return [Fault(each, code) if _is_bare(each) else with_codes(each, code) for each in details]
    return str(details) if isinstance(details, Promise) else details


def _is_bare(message: Any) -> bool:
    return isinstance(message, str | Promise) and not hasattr(message, "code")


def _told(errors: Any) -> Any:
    """Return the faults of a request as programs read them: messages that have a code, with it."""
    if isinstance(errors, Facts):
        return errors
    if isinstance(errors, dict):
        return {str(key): _told(value) for key, value in errors.items()}
    if isinstance(errors, list | tuple):
        return [_told(each) for each in errors]
    code = getattr(errors, "code", None) if isinstance(errors, str) else None
    return {"code": code, "message": str(errors)} if code else errors


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
