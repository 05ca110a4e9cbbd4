"""`Idempotency-Key` on unsafe calls (draft-ietf-httpapi-idempotency-key-header).

A view's method that is marked with `takes_key` is done once for a key: the same call again gets the first answer, with
`Idempotent-Replayed: true`; another request with the key is refused (422), and so is one that comes while the first is
worked on (409). Refusals are not kept: the call may be corrected, or come again once its obstacle is gone.
Permissions are checked before the key is looked at.
"""

import contextlib
import hashlib
import json
import re
from collections.abc import Callable
from functools import cache, wraps
from http import HTTPStatus
from typing import Any, TypeVar
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import DatabaseError, connection, transaction
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext
from rest_framework.request import Request
from rest_framework.response import Response

from kit.api.moments import MomentEncoder
from kit.errors import InvalidInputError
from kit.ids import uuid7
from kit.web.headers import header_of
from kit.work.idempotent_calls import Answer, Call, CallInProgressError, claim_call, keep_answer, release_call

H = TypeVar("H", bound=Callable[..., Response])
Guest = Callable[[Request], str]

KEY_HEADER = "Idempotency-Key"
KEY_VARIABLE = "HTTP_IDEMPOTENCY_KEY"
REPLAYED_HEADER = "Idempotent-Replayed"
LONGEST_KEY = 100
SHORTEST_OF_GUESTS = 20  # where callers without an account or a token are told apart by their keys alone


def takes_key(*, in_transaction: bool = True, guest: Guest | None = None) -> Callable[[H], H]:
    """Mark a view's method whose calls may carry an Idempotency-Key.

    Args:
        in_transaction: whether the work and the answer are committed together. False for work that asks the network or
            writes to Redis; such work has to be harmless when it is done again after a crash.
        guest: returns the identity of a caller without an account, such as the owner of a cart; empty without one.
    """

    def mark(handler: H) -> H:
        @wraps(handler)
        def answer_once(view: Any, request: Request, *args: Any, **named: Any) -> Response:
            key = _key_of(request, least=1 if guest is None else SHORTEST_OF_GUESTS)
            if not key:
                return handler(view, request, *args, **named)
            call = _call(request, key=key, guest=guest(request) if guest else "")
            return _once(call, lambda: handler(view, request, *args, **named), in_transaction=in_transaction)

        answer_once.shortest_key = 1 if guest is None else SHORTEST_OF_GUESTS  # type: ignore[attr-defined]
        return answer_once  # type: ignore[return-value]

    return mark


def shortest_key(view: type[Any], method: str) -> int:
    """Return the least length of the Idempotency-Key of a view's method; 0 where it takes none."""
    least: int = getattr(getattr(view, method.lower(), None), "shortest_key", 0)
    return least


@cache
def key_pattern(least: int) -> str:
    """Return the pattern of a key: printable ASCII, as it is or in quotes, as a string of RFC 9651 is."""
    inner = f"[ -~]{{{max(least - 2, 0)},{LONGEST_KEY - 2}}}"
    bare = f"[!#-~]{inner}[!-~]" if least > 1 else f"[!#-~](?:{inner}[!-~])?"
    return f'^(?:{bare}|"[ -~]{{{least},{LONGEST_KEY}}}")$'


def _once(call: Call, work: Callable[[], Response], *, in_transaction: bool) -> Response:
    """Do a call's work, or repeat its answer.

    Raises:
        CallInProgressError: another is doing it.
    """
    holder = uuid7()
    kept = claim_call(call=call, holder=holder, now=timezone.now())
    if kept is not None:
        return _replay(kept)
    try:
        with transaction.atomic() if in_transaction else contextlib.nullcontext():
            response = work()
            is_kept = _keep(response, call=call, holder=holder, may_be_late=not in_transaction)
    except BaseException:
        _release(call, holder)
        raise
    if not is_kept:
        _release(call, holder)
    return response


def _keep(response: Response, *, call: Call, holder: UUID, may_be_late: bool) -> bool:
    """Write the answer to a call that was done; return whether it was.

    Args:
        may_be_late: whether the work stays done where another has begun it meanwhile.

    Raises:
        CallInProgressError: it does not, and another has.
    """
    if response.status_code >= HTTPStatus.BAD_REQUEST:
        return False
    if not keep_answer(call=call, holder=holder, answer=_answer_of(response)) and not may_be_late:
        raise CallInProgressError
    return True


def _release(call: Call, holder: UUID) -> None:
    with contextlib.suppress(DatabaseError):  # then the claim ends by itself
        release_call(call=call, holder=holder)


def _key_of(request: Request, *, least: int) -> str:
    """Return a call's key, empty without one; it may stand in quotes, as a string of RFC 9651 does.

    Raises:
        InvalidInputError: it is too short or too long, or has characters that no header should have.
    """
    if KEY_VARIABLE not in request.META:
        return ""
    key = header_of(request, KEY_HEADER).strip()
    if not re.fullmatch(key_pattern(least), key):
        words = gettext("An Idempotency-Key has %(least)s to %(most)s printable ASCII characters here.")
        raise InvalidInputError(details={KEY_HEADER: [words % {"least": least, "most": LONGEST_KEY}]})
    return key[1:-1] if key.startswith('"') else key


def _call(request: Request, *, key: str, guest: str) -> Call:
    caller = f"user-{request.user.pk}" if request.user.is_authenticated else f"guest-{guest}"
    match = request.resolver_match
    scope = [caller, getattr(connection, "schema_name", ""), request.method, match.route if match else ""]
    asked = [request.path, _fingerprint(request.data)]
    return Call(scope=json.dumps(scope), key=key, request_hash=hashlib.sha256(json.dumps(asked).encode()).hexdigest())


def _fingerprint(data: Any) -> Any:
    """Return a body as JSON can say it; of a file, its name and a hash of its content."""
    if isinstance(data, QueryDict):
        return {name: [_fingerprint(value) for value in data.getlist(name)] for name in sorted(data)}
    if isinstance(data, UploadedFile):
        content = hashlib.sha256()
        for chunk in data.chunks():
            content.update(chunk)
        data.seek(0)
        return [data.name, content.hexdigest()]
    return json.loads(json.dumps(data, sort_keys=True))


def _answer_of(response: Response) -> Answer:
    data = json.loads(json.dumps(response.data, cls=MomentEncoder))
    message = str(getattr(response, "message", ""))
    return Answer(status=response.status_code, headers=dict(response.headers), message=message, data=data)


def _replay(kept: Answer) -> Response:
    response = Response(kept.data, status=kept.status, headers={**kept.headers, REPLAYED_HEADER: "true"})
    response.message = kept.message  # type: ignore[attr-defined]
    return response
