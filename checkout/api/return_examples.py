"""Examples and refusals of returns in the API's description."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiResponse

from checkout.api.examples import DETAILS, NUMBER, VARIANT
from checkout.errors import (
    EscalationTooEarlyError,
    NotExchangeableError,
    NotReturnableError,
    RefundTooLargeError,
    ReplacementGoneError,
    ReturnNotFoundError,
    ReturnPhotoError,
    SeveralShopsError,
    TooManyPhotosError,
    UnitsNotLeftError,
    WrongReturnStepError,
)
from kit.api.private_files import IN_A_BUCKET
from kit.api.refusals import refusal, refusals
from kit.errors import DomainError, NotFoundError

RETURN_ID = "0199f2c1-9e00-7a53-b1de-3f2a9a1c5d01"
PHOTO_ID = "0199f2c1-9e00-7a53-b1de-3f2a9a1c5d02"
RETURN: dict[str, Any] = {
    "id": RETURN_ID,
    "sub_order_number": f"{NUMBER}-1",
    "status": "requested",
    "reason": "It arrived torn",
    "note": "The seam at the side is open.",
    "instructions": "",
    "lines": [{"line_id": VARIANT, "sku": "TOTE-INDIGO", "title": "Hand-woven aso-oke tote", "quantity": 1}],
    "photos": [{"id": PHOTO_ID}],
    "exchange": None,
    "refund_minor": None,
    "currency": "NGN",
    "steps": [
        {
            "move": "request",
            "status": "requested",
            "by": "buyer",
            "text": "It arrived torn",
            "moved_at": "2025-11-25T09:00:00.000Z",
        }
    ],
    "allowed_moves": ["cancel"],
    "requested_at": "2025-11-25T09:00:00.000Z",
    "status_at": "2025-11-25T09:00:00.000Z",
}
SHOPS: dict[str, Any] = {**RETURN, "allowed_moves": ["accept", "refuse", "ask"]}
MARKETS: dict[str, Any] = {**RETURN, "status": "escalated", "allowed_moves": ["accept", "refuse", "receive"]}
ASK = OpenApiExample(
    "One unit of a line",
    request_only=True,
    value={
        "lines": [{"line_id": VARIANT, "quantity": 1}],
        "reason": "It arrived torn",
        "note": "The seam at the side is open.",
        "photos": [PHOTO_ID],
    },
)
ASK_EXCHANGE = OpenApiExample(
    "Another size instead of money",
    request_only=True,
    value={
        "lines": [{"line_id": VARIANT, "quantity": 1, "exchange_variant_id": "0199f2c1-9e00-7a53-b1de-3f2a9a1c5d03"}],
        "reason": "It does not fit",
    },
)
RECEIVE = OpenApiExample(
    "Torn, so it is written off",
    request_only=True,
    value={"written_off": [{"line_id": VARIANT, "quantity": 1}], "delivery_minor": 50_000},
)
_DETAILS: dict[type[DomainError], Any] = {
    **DETAILS,
    NotReturnableError: {"lines": (VARIANT,)},
    NotExchangeableError: {"lines": (VARIANT,)},
    ReplacementGoneError: {"lines": (VARIANT,)},
}
ASK_REFUSALS = refusals(
    NotFoundError,
    NotReturnableError,
    NotExchangeableError,
    UnitsNotLeftError,
    SeveralShopsError,
    ReturnPhotoError,
    details=_DETAILS,
)
MOVE_REFUSALS = refusals(NotFoundError, ReturnNotFoundError, WrongReturnStepError)
SHOP_REFUSALS = refusals(ReturnNotFoundError, WrongReturnStepError)
ACCEPT_REFUSALS = refusals(ReturnNotFoundError, WrongReturnStepError, ReplacementGoneError, details=_DETAILS)
ESCALATE_REFUSALS = refusals(
    NotFoundError, ReturnNotFoundError, WrongReturnStepError, EscalationTooEarlyError, details=_DETAILS
)
RECEIVE_REFUSALS = refusals(
    ReturnNotFoundError, WrongReturnStepError, UnitsNotLeftError, RefundTooLargeError, details=_DETAILS
)
PHOTO_REFUSALS = refusals(NotFoundError, TooManyPhotosError)
NO_RETURN = refusal("There is no such return.", ReturnNotFoundError)
PHOTO_FILE: dict[Any, Any] = {
    (200, "image/webp"): OpenApiResponse(OpenApiTypes.BINARY, "The photo."),
    302: IN_A_BUCKET,
}
