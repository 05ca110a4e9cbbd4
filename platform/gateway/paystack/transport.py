"""Transport for pypaystack2's clients, with our address, timeout, connections and error handling.

The library keeps its address in a class attribute, opens a connection for each call and has no timeout to set
(docs/adr/0005-payment-gateway.md). Its clients put requests together; this class sends them.
"""

import json
from http import HTTPMethod, HTTPStatus
from typing import Any, NoReturn

from pypaystack2.base_clients import BaseAPIClient
from pypaystack2.models import Response

from gateway.errors import (
    BalanceTooLowError,
    DuplicateReferenceError,
    OtpRequiredError,
    ProviderRefusedError,
    ProviderUnavailableError,
    UnreadableAnswerError,
)
from gateway.guard import refuse_inside_transaction
from gateway.http import Answer, Link
from gateway.paystack.names import LABEL
from gateway.stored_sentences import ANSWERED, NO_OBJECT, NOT_JSON, UNREADABLE_JSON

# No effect, and yet worth another try: the outcome is not a refusal.
TRY_AGAIN = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})
LONGEST_WAIT = 9  # digits of a number of seconds
# Refusals by code and by text: most of Paystack's own answers have the text alone.
KINDS: tuple[tuple[type[ProviderRefusedError], frozenset[str], tuple[str, ...]], ...] = (
    (
        DuplicateReferenceError,
        frozenset({"duplicate_reference", "duplicate_transfer_reference"}),
        ("duplicate transaction reference", "reference already exists on a transfer"),
    ),
    (OtpRequiredError, frozenset({"otp_required"}), ("otp requirement",)),
    (BalanceTooLowError, frozenset({"insufficient_balance"}), ("balance is not enough",)),
)

Passed = Response[None]  # pydantic would look for it anew on each call


class Transport(BaseAPIClient):
    """Mixin that replaces the sending of the library's clients; mix it in before one of them."""

    def __init__(self, link: Link, *, secret_key: str) -> None:
        super().__init__(secret_key=secret_key)
        self._link = link

    def _full_url(self, endpoint: str) -> str:
        return f"{self._link.base_url}{endpoint}"

    def ask(self, method: HTTPMethod, endpoint: str, payload: dict[str, Any] | None = None) -> Any:
        """Send a request of our own making where the library's is wrong; return the answer's body."""
        return body_of(self._handle_request(method, self._full_url(endpoint), payload))

    def _handle_request(
        self,
        method: HTTPMethod,
        url: str,
        data: dict[str, Any] | list[Any] | None = None,
        response_data_model_class: Any = None,
        raise_serialization_exception: bool = False,
    ) -> Response[None]:
        """Send a request and return an answer that was checked to be JSON and no refusal.

        Raises:
            ProviderUnavailableError: no answer in time, or one without the outcome.
            ProviderRefusedError: the answer is a refusal.
        """
        refuse_inside_transaction()
        answer = self._link.send(method.value, url, headers=self._headers, body=data)
        body = _read(answer)
        return Passed(
            status_code=HTTPStatus(answer.status),
            status=True,
            message=str(body.get("message") or ""),
            data=None,
            meta=None,
            type=None,
            code=None,
            raw=body,
        )


def body_of(response: Any) -> dict[str, Any]:
    """Return the body of an answer that a library client passed on."""
    body: dict[str, Any] = response.raw
    return body


def _read(answer: Answer) -> dict[str, Any]:
    status = answer.status
    if status in TRY_AGAIN or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise ProviderUnavailableError(
            ANSWERED.written(provider=LABEL, status=status), retry_after=_retry_after(answer)
        )
    try:
        body = json.loads(answer.content)
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise ProviderUnavailableError(NOT_JSON.written(provider=LABEL, status=status)) from error
    except (ValueError, RecursionError) as error:  # thousands of digits, or of brackets
        raise UnreadableAnswerError(UNREADABLE_JSON.written(provider=LABEL, status=status)) from error
    if not isinstance(body, dict):
        raise ProviderUnavailableError(NO_OBJECT.written(provider=LABEL, status=status))
    if status >= HTTPStatus.BAD_REQUEST or body.get("status") is False:
        _refuse(status, body)
    if status >= HTTPStatus.MULTIPLE_CHOICES:
        raise ProviderUnavailableError(ANSWERED.written(provider=LABEL, status=status))
    return body


def _refuse(status: int, body: dict[str, Any]) -> NoReturn:
    message, code = (
        str(body.get("message") or ANSWERED.written(provider=LABEL, status=status)),
        str(body.get("code") or ""),
    )
    said = message.lower()
    for kind, codes, texts in KINDS:
        if code in codes or any(each in said for each in texts):
            raise kind(message, code=code, status=status)
    raise ProviderRefusedError(message, code=code, status=status)


def _retry_after(answer: Answer) -> int | None:
    value = answer.headers.get("retry-after", "")
    return int(value) if len(value) <= LONGEST_WAIT and value.isdecimal() else None
