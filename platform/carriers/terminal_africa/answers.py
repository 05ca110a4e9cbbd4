"""Answers of Terminal Africa: `{"status": true, "data": [{amount, currency, carrier_name, delivery_time, …}]}`.

Amounts are numbers of the currency's major unit, such as 12500 or 2508.75; times are texts, such as "Within 5 days."
"""

import json
import re
from collections.abc import Iterable
from decimal import ROUND_CEILING, Decimal
from typing import Any

from carriers.errors import RatesUnavailableError
from carriers.port import OfferedService
from kit.money import MINOR_PER_MAJOR, smallest_unit

MOST_SERVICES = 100
LARGEST = Decimal(10) ** 12
DAYS = re.compile(r"(?:(\d{1,3})\s*(?:-|–|to)\s*)?(\d{1,3})\s+(?:(?:working|business)\s+)?days?\b", re.IGNORECASE)
WITHIN = re.compile(r"\bwithin\b", re.IGNORECASE)
SAME_DAY, NEXT_DAY = re.compile(r"\bsame[ -]day\b", re.IGNORECASE), re.compile(r"\bnext[ -]day\b", re.IGNORECASE)


def read_body(content: bytes) -> list[Any]:
    """Return the rates of an answer, unread.

    Raises:
        RatesUnavailableError: they cannot be understood.
    """
    try:
        body = json.loads(content, parse_float=Decimal)
    except (ValueError, RecursionError) as error:  # no JSON, no UTF-8, thousands of digits, or of brackets
        raise RatesUnavailableError("The service answered with something that cannot be read.") from error
    found = body.get("data") if isinstance(body, dict) and body.get("status") is True else None
    if not isinstance(found, list) or len(found) > MOST_SERVICES:
        raise RatesUnavailableError("The service answered without a list of rates.")
    return found


def read_services(found: Iterable[Any], *, currency: str) -> tuple[OfferedService, ...]:
    """Return the services among some rates that can be charged in a currency.

    Raises:
        RatesUnavailableError: there are rates, and none of them can be charged.
    """
    rates = list(found)
    services = tuple(service for rate in rates if (service := _service(rate, currency)) is not None)
    if rates and not services:
        raise RatesUnavailableError(f"None of {len(rates)} rates is one in {currency}.")
    return services


def read_days(text: Any) -> tuple[int, int] | None:
    """Return the days on the way that a text names, the least and the most; None where it names none."""
    if not isinstance(text, str):
        return None
    if SAME_DAY.search(text):
        return 0, 0
    if NEXT_DAY.search(text):
        return 1, 1
    if (days := DAYS.search(text[:200])) is None:
        return None
    most = int(days[2])
    least = int(days[1]) if days[1] else 0 if WITHIN.search(text) else most
    return least, most


def _service(rate: Any, currency: str) -> OfferedService | None:
    if not isinstance(rate, dict) or rate.get("currency") != currency:
        return None
    price_minor = _minor(rate.get("amount"), currency)
    if price_minor is None:
        return None
    names = [str(rate.get(key) or "") for key in ("carrier_name", "carrier_rate_description")]
    try:
        return OfferedService(
            " ".join(filter(None, names)), price_minor, currency, read_days(rate.get("delivery_time"))
        )
    except RatesUnavailableError:
        return None


def _minor(amount: Any, currency: str) -> int | None:
    """Return an amount in minor units, rounded up to what can be paid: the market never pays a part of it."""
    if not isinstance(amount, int | Decimal) or isinstance(amount, bool) or not 0 <= amount <= LARGEST:
        return None
    smallest = smallest_unit(currency)
    units = Decimal(amount) * MINOR_PER_MAJOR / smallest
    return int(units.to_integral_value(ROUND_CEILING)) * smallest
