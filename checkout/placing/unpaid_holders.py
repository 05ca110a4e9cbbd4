"""Holders whose unpaid orders are counted together, and the texts of a refusal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext, ngettext

from checkout.errors import TooMuchUnpaidError
from checkout.pricing.lines import CartLine
from kit.db import redis


@dataclass(frozen=True, slots=True)
class Holder:
    """A holder whose unpaid orders are counted together, and the limit.

    Args:
        kind: email, account or network.
    """

    kind: str
    key: str
    most_orders: int
    most_pieces: int

    @classmethod
    def of(cls, kind: str, name: str) -> "Holder":
        """Return the holder of a name, which its key does not reveal."""
        digest = salted_hmac("checkout.unpaid", f"{kind}:{name}").hexdigest()[:24]
        return cls(kind, redis.prefixed(f"unpaid:{kind}:{digest}"), *settings.UNPAID_LIMITS[kind])


@dataclass(frozen=True, slots=True)
class Entry:
    """An order that counts; its number is empty while it is being placed."""

    basket_id: str
    at: int
    pieces: int
    number: str


def too_much_unpaid(
    holder: Holder, lines: Sequence[CartLine], entries: Sequence[Entry], now: datetime
) -> TooMuchUnpaidError:
    """Return the refusal of lines beyond a limit, with the limit and what to do now."""
    orders, pieces = len(entries), sum(line.quantity for line in lines)
    unpaid = sum(entry.pieces for entry in entries)
    details = {"counted_by": holder.kind, "orders": orders, "pieces": unpaid}
    if orders < holder.most_orders and pieces > holder.most_pieces:
        message = gettext(
            "One order can have %(most)d pieces before it is paid, and yours has %(pieces)d. Order fewer now, pay, and "
            "then order the rest."
        ) % {"most": holder.most_pieces, "pieces": pieces}
        return TooMuchUnpaidError(message, details=details)
    oldest = min((entry.at for entry in entries), default=int(now.timestamp()))
    minutes = max(1, settings.UNPAID_WINDOW_MINUTES - (int(now.timestamp()) - oldest) // 60)
    return TooMuchUnpaidError(_wait(holder.kind, minutes), details={**details, "retry_after_minutes": minutes})


def _wait(kind: str, minutes: int) -> str:
    match kind:
        case "network":
            text = ngettext(
                "Too much was ordered from your network and not paid. Pay or cancel an order, or try again in "
                "%(minutes)d minute.",
                "Too much was ordered from your network and not paid. Pay or cancel an order, or try again in "
                "%(minutes)d minutes.",
                minutes,
            )
        case "email":
            text = ngettext(
                "Too much was ordered for this e-mail address and not paid. Pay or cancel an order, sign in, or try "
                "again in %(minutes)d minute.",
                "Too much was ordered for this e-mail address and not paid. Pay or cancel an order, sign in, or try "
                "again in %(minutes)d minutes.",
                minutes,
            )
        case _:
            text = ngettext(
                "You have ordered a lot that is not paid. Pay or cancel an order, or try again in %(minutes)d minute.",
                "You have ordered a lot that is not paid. Pay or cancel an order, or try again in %(minutes)d minutes.",
                minutes,
            )
    return text % {"minutes": minutes}
