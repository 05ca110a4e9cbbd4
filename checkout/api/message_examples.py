"""Examples and refusals of messages in the API's description."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse

from checkout.api.examples import NUMBER
from checkout.errors import (
    ConversationClosedError,
    MessageNotFoundError,
    MessagePhotoError,
    PartNeededError,
    TooManyPhotosError,
)
from kit.api.private_files import IN_A_BUCKET
from kit.api.refusals import answer, refusal, refusals, sent
from kit.errors import DomainError, NotFoundError

MESSAGE_ID = "0199f2c1-9e00-7a53-b1de-3f2a9a1c5e01"
PHOTO_ID = "0199f2c1-9e00-7a53-b1de-3f2a9a1c5e02"
TEXT = "Is the lining of the tote cotton? My daughter can't wear wool."
MESSAGE: dict[str, Any] = {
    "id": MESSAGE_ID,
    "sub_order_number": f"{NUMBER}-1",
    "side": "buyer",
    "author_name": "You",
    "text": TEXT,
    "is_masked": False,
    "photos": [{"id": PHOTO_ID}],
    "sent_at": "2025-11-20T13:09:00.000Z",
    "read_by_buyer_at": "2025-11-20T13:09:00.000Z",
    "read_by_shop_at": None,
}
SHOPS: dict[str, Any] = {
    **MESSAGE,
    "side": "shop",
    "author_name": "Indigo Fabrics · Amina Bello",
    "text": "It is pure cotton, and can be washed at 40 °C.",
    "photos": [],
    "read_by_buyer_at": None,
    "read_by_shop_at": "2025-11-20T13:20:00.000Z",
}
MARKETS: dict[str, Any] = {
    **SHOPS,
    "side": "operator",
    "author_name": "Kasuwa",
    "text": "We have looked at the photos. Please send the replacement by Friday.",
    "read_by_shop_at": None,
}
CONVERSATION: dict[str, Any] = {
    "order_number": f"{NUMBER}-1",
    "buyer_name": "Ada Obi",
    "is_answered": False,
    "unread_count": 1,
    "last_message": {**MESSAGE, "author_name": "Ada Obi"},
}
ASK = sent("A question with a picture", {"text": TEXT, "photos": [PHOTO_ID]})
SENT = answer("The message", MESSAGE, status=201)
SEEN = sent("Up to the last one that was shown", {"last_message_id": MESSAGE_ID})
MARKED = answer("Done", {"marked": 2})
_DETAILS: dict[type[DomainError], Any] = {PartNeededError: {"sub_orders": (f"{NUMBER}-1", f"{NUMBER}-2")}}
SEND_REFUSALS = refusals(NotFoundError, PartNeededError, ConversationClosedError, MessagePhotoError, details=_DETAILS)
ANSWER_REFUSALS = refusals(NotFoundError, ConversationClosedError, MessagePhotoError)
MARKET_REFUSALS = refusals(NotFoundError, PartNeededError, ConversationClosedError, details=_DETAILS)
NO_ORDER = refusal("There is no such order, or part of it.", NotFoundError)
NO_PHOTO = refusal("There is no such picture.", MessageNotFoundError)
PHOTO_REFUSALS = refusals(NotFoundError, TooManyPhotosError)
PHOTO_FILE: dict[Any, Any] = {
    (200, "image/webp"): OpenApiResponse(OpenApiTypes.BINARY, "The picture."),
    302: IN_A_BUCKET,
}


def feed(one: dict[str, Any]) -> dict[str, Any]:
    """Return a feed with one row."""
    return {"next": None, "previous": None, "results": [one]}
