"""Adapter for the quotes of Terminal Africa: one call, which stores nothing there.

POST /rates/shipment/quotes takes two addresses and a parcel (https://docs.terminal.africa/tship/rate/get-quotes-for-shipment).
Of an address it needs city, state and country. A shipment has one parcel; those of a question are its items.
"""

from http import HTTPStatus
from typing import Any

from carriers.errors import RatesRefusedError, RatesUnavailableError
from carriers.port import OfferedService, Parcel, Place, RatesRequest, ShippingRates
from carriers.terminal_africa.answers import read_body, read_services
from gateway.calls import Breaker, CallLimits, CallsUnderWay
from gateway.errors import ProviderUnavailableError
from gateway.guard import refuse_inside_transaction
from gateway.http import Answer, Link
from kit.money import MINOR_PER_MAJOR

QUOTES = "/rates/shipment/quotes"
MOST_BYTES = 512 * 1024
CALLS_AT_ONCE = 4  # of a process: pages that need no rates keep the other threads
# The service turns the prices of carriers into these.
CURRENCIES = frozenset(
    {"AED", "AUD", "CAD", "CNY", "EUR", "GBP", "GHS", "HKD", "KES", "NGN", "TZS", "UGX", "USD", "ZAR"}
)
TRY_AGAIN = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})
GOODS = "Goods"  # an item has to have a name; buyers' goods are not told to the service


class TerminalAfrica(ShippingRates):
    """Terminal Africa's rates.

    Args:
        timeout: seconds for a whole call.
    """

    label = "Terminal Africa"

    def __init__(self, *, secret_key: str, base_url: str, timeout: float) -> None:
        if not secret_key:
            raise ValueError("Terminal Africa has no key.")
        self._headers = {"Authorization": f"Bearer {secret_key}", "Content-Type": "application/json"}
        slots = CallsUnderWay(CallLimits(calls=CALLS_AT_ONCE, waiting=CALLS_AT_ONCE, seconds=timeout))
        self._link = Link(base_url=base_url, timeout=timeout, breaker=Breaker(slots=slots), most_bytes=MOST_BYTES)

    def find_services(self, request: RatesRequest) -> tuple[OfferedService, ...]:
        """Return the services that carry the parcels, in the currency of the question."""
        refuse_inside_transaction()
        if request.currency not in CURRENCIES:
            raise RatesRefusedError(f"There are no rates in {request.currency}.")
        body = read_body(self._ask(request))
        return read_services(body, currency=request.currency)

    def _ask(self, request: RatesRequest) -> bytes:
        url = f"{self._link.base_url}{QUOTES}"
        try:
            answer = self._link.send("POST", url, headers=self._headers, body=body_of(request))
        except ProviderUnavailableError as error:
            raise RatesUnavailableError(str(error)) from error
        return _content(answer)


def body_of(request: RatesRequest) -> dict[str, Any]:
    """Return the body that asks a question."""
    return {
        "pickup_address": _address(request.origin),
        "delivery_address": _address(request.destination),
        "parcel": {
            "description": GOODS,
            "weight_unit": "kg",
            "items": [_item(parcel, request.currency) for parcel in request.parcels],
        },
        "currency": request.currency,
    }


def _address(place: Place) -> dict[str, str]:
    """Return an address; where a country has no states, its town stands for one."""
    return {"country": place.country, "state": place.state or place.town, "city": place.town}


def _item(parcel: Parcel, currency: str) -> dict[str, Any]:
    """Return a parcel as an item; its value is insured by whole units, rounded up."""
    return {
        "name": GOODS,
        "description": GOODS,
        "currency": currency,
        "value": -(-parcel.value_minor // MINOR_PER_MAJOR),
        "weight": parcel.grams / 1000,
        "quantity": 1,
    }


def _content(answer: Answer) -> bytes:
    status = answer.status
    if status in TRY_AGAIN or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise RatesUnavailableError(f"The service answered {status}.")
    if status >= HTTPStatus.BAD_REQUEST:
        raise RatesRefusedError(f"The service answered {status}: {answer.content[:400].decode(errors='replace')}")
    if status >= HTTPStatus.MULTIPLE_CHOICES:
        raise RatesUnavailableError(f"The service answered {status}.")
    return answer.content
