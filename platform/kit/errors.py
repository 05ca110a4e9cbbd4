"""Refusals that the domain anticipates, each with a stable code."""

from typing import Any, ClassVar


class DomainError(Exception):
    """A refusal that a person can act upon.

    Args:
        message: the fault and the remedy; the class's own where left out.
        details: per field or per line, for forms and the API's `errors`.
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 400
    default_message: ClassVar[str] = "This can't be done."

    def __init__(self, message: str = "", *, details: Any = None) -> None:
        self.message = message or self.default_message
        self.details = details
        super().__init__(self.message)


def error_body(*, code: str, message: str, errors: Any = None) -> dict[str, Any]:
    """Return the body in which the API refuses a call."""
    return {"status": "error", "code": code, "message": message, "errors": errors}


class NotFoundError(DomainError):
    code, status = "not_found", 404
    default_message = "There is nothing here, or it is not yours to see."


class PermissionDeniedError(DomainError):
    code, status = "permission_denied", 403
    default_message = "Your role doesn't allow this."


class InvalidInputError(DomainError):
    code, status = "invalid", 400
    default_message = "Please correct the marked fields."


class ConflictError(DomainError):
    code, status = "conflict", 409
    default_message = "This was changed in the meantime. Reload the page and try again."


class BusyError(DomainError):
    code, status = "busy", 503
    default_message = "Many people are buying right now. Please try again in a few seconds."


class TooManyRequestsError(DomainError):
    code, status = "throttled", 429
    default_message = "That was a lot of requests in a short time. Wait a little, then carry on."

    def __init__(self, message: str = "", *, details: Any = None, retry_after: int = 1) -> None:
        super().__init__(message, details=details)
        self.retry_after = retry_after
