"""Refusals in the API's description, each under its code with an example."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.utils.functional import lazy
from django_stubs_ext import StrOrPromise
from drf_spectacular.utils import OpenApiExample, OpenApiResponse

from kit.api.envelope import ErrorEnvelope
from kit.errors import DomainError, error_body, with_codes
from kit.web.versions import ChangedMeanwhileError

REQUEST_ID = "0199f2c17c1e7a53b1de3f2a9a1c5d11"  # of examples
NOTHING = {"type": "null", "description": "Nothing; `message` says what was done."}
Details = Mapping[type[DomainError], Any]


def refusal(description: str, *errors: type[DomainError], details: Any = None) -> OpenApiResponse:
    """Describe the refusals of one status.

    Args:
        details: the `errors` of the examples.
    """
    examples = [_example(error, details) for error in errors]
    return OpenApiResponse(ErrorEnvelope, description, examples=examples)


def refusals(*errors: type[DomainError], details: Details | None = None) -> dict[int, OpenApiResponse]:
    """Describe the refusals of a call by status, each with its code and what it means.

    Args:
        details: the `errors` of an example, by its class.
    """
    by_status: dict[int, list[type[DomainError]]] = defaultdict(list)
    for error in errors:
        by_status[error.status].append(error)
    return {
        status: OpenApiResponse(
            ErrorEnvelope,
            _listed(tuple(of_status)),
            examples=[_example(error, (details or {}).get(error)) for error in of_status],
        )
        for status, of_status in by_status.items()
    }


def sent(name: str, value: Any) -> OpenApiExample:
    """Show a body that is sent."""
    return OpenApiExample(name, value=value, request_only=True)


def answer(name: str, value: Any, *, status: int = 200) -> OpenApiExample:
    """Show an answer's data; the envelope is put around it."""
    return OpenApiExample(name, value=value, response_only=True, status_codes=[str(status)])


def _in_words(errors: tuple[type[DomainError], ...]) -> str:
    return "\n".join(f"- `{error.code}`: {error.default_message}" for error in errors)


_listed = lazy(_in_words, str)  # in the language of the description's reader, not of the process's start


def _example(error: type[DomainError], details: Any) -> OpenApiExample:
    return error_example(error.code, error.default_message, details)


def error_example(code: str, message: StrOrPromise, errors: Any = None, *, status: int | None = None) -> OpenApiExample:
    """Show the body of a refusal.

    Args:
        status: of an example that stands beside those of other answers.
    """
    value = error_body(code=code, message=message, errors=with_codes(errors, code), request_id=REQUEST_ID)
    return OpenApiExample(code, value=value, response_only=True, status_codes=[str(int(status))] if status else None)


CHANGED_MEANWHILE = refusal(
    "It was changed after you read it, so nothing was written: `errors.current` has the saved values.",
    ChangedMeanwhileError,
    details={"current": {}},
)
