"""Links that hold a basket: variants and quantities in the address itself, short enough for a chat.

`/buy/AZrm…:2,AZrn…/` asks for two of one variant and one of another. A variant is written as the 22 characters of its
id in URL-safe base 64 (RFC 4648, section 5, without padding); its usual form of 36 characters is read as well.
"""

import base64
from collections.abc import Iterable, Mapping
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy

from checkout.cart.store import MAX_QUANTITY
from kit.errors import DomainError
from kit.web.hosts import platform_url

MOST_LINES = 20
CODE_LENGTH = 22


class BrokenLinkError(DomainError):
    """The address is none that we have made: cut off on its way, or mistyped."""

    code, status = "broken_link", 404
    default_message = gettext_lazy("This link is incomplete. Ask the person who sent it to send it again.")


def buy_url(wanted: Mapping[UUID, int]) -> str:
    """Return the absolute address of a link that asks for quantities of variants."""
    lines = ",".join(_written(variant_id, quantity) for variant_id, quantity in wanted.items())
    return platform_url(reverse("checkout:buy", urlconf=settings.PUBLIC_SCHEMA_URLCONF, args=[lines]))


def read_link(lines: str) -> dict[UUID, int]:
    """Return the quantities by variant that a link's address asks for; a variant named twice is asked for in sum.

    Raises:
        BrokenLinkError: it names no variant, too many, or a quantity that no basket holds.
    """
    wanted: dict[UUID, int] = {}
    for variant_id, quantity in _parsed(lines.split(",")):
        wanted[variant_id] = wanted.get(variant_id, 0) + quantity
    if len(wanted) > MOST_LINES or any(quantity > MAX_QUANTITY for quantity in wanted.values()):
        raise BrokenLinkError
    return wanted


def _parsed(lines: Iterable[str]) -> Iterable[tuple[UUID, int]]:
    for line in lines:
        code, colon, quantity = line.partition(":")
        yield _variant(code), _quantity(quantity) if colon else 1


def _written(variant_id: UUID, quantity: int) -> str:
    code = base64.urlsafe_b64encode(variant_id.bytes).decode().rstrip("=")
    return code if quantity == 1 else f"{code}:{quantity}"


def _variant(code: str) -> UUID:
    try:
        return UUID(bytes=base64.urlsafe_b64decode(f"{code}==")) if len(code) == CODE_LENGTH else UUID(code)
    except ValueError as error:
        raise BrokenLinkError from error


def _quantity(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 0 < len(text) <= len(str(MAX_QUANTITY)) and int(text)):
        raise BrokenLinkError
    return int(text)
