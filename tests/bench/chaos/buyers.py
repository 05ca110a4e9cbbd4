"""Buyers who do not give up: they repeat what was not answered, with the key that they have begun with."""

from __future__ import annotations

import random
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import httpx

from tests.bench.chaos.calling import Caller, GivenUpError
from tests.bench.scenarios import ADDRESS

ANSWER_SECONDS = 15.0
HOT_SHARE = 0.6  # of the buyers who want the variant of which there is little
PAYS, FAILS_FIRST = 0.7, 0.1  # the others leave without paying
ASKS_TWICE = 0.2


@dataclass(frozen=True, slots=True)
class Street:
    """Addresses for buyers: the market, the sandbox, and each shop's stock; the hot variant apart."""

    host: str
    sandbox: str
    shelves: Sequence[Sequence[str]]
    hot: str


class Buyer(threading.Thread):
    """One buyer after another, until told to stop."""

    def __init__(self, street: Street, caller: Caller, seed: str) -> None:
        super().__init__(name=f"buyer {seed}", daemon=True)
        self._street = street
        self._caller, self._seen = caller, caller.seen
        self._random = random.Random(seed)

    def run(self) -> None:
        """Buy again and again."""
        while not self._caller.ending.is_set():
            with httpx.Client(timeout=ANSWER_SECONDS) as http:
                try:
                    self._seen.outcomes[self._buy(http)] += 1
                except GivenUpError:
                    self._seen.outcomes["given up"] += 1

    def _buy(self, http: httpx.Client) -> str:
        chance = self._random
        shelves = chance.sample(range(len(self._street.shelves)), chance.randint(1, len(self._street.shelves)))
        wanted = [chance.choice(self._street.shelves[shelf]) for shelf in shelves]
        if chance.random() < HOT_SHARE:
            wanted.append(self._street.hot)
        forwarded = f"10.{chance.randrange(256)}.{chance.randrange(256)}.{chance.randrange(1, 255)}"
        headers = {"Host": self._street.host, "X-Forwarded-For": forwarded}
        for variant in wanted:
            answer = self._caller.ask(
                http, "add", "/api/v1/cart/items/", {"variant_id": variant, "quantity": 1}, headers
            )
            if answer.status_code != HTTPStatus.CREATED:
                return f"add {answer.status_code}"
            headers["X-Cart-Token"] = answer.headers.get("x-cart-token") or headers.get("X-Cart-Token", "")
        return self._order(http, headers)

    def _order(self, http: httpx.Client, headers: dict[str, str]) -> str:
        key = f"{self._random.getrandbits(96):024x}"
        body = {"email": f"buyer-{key}@example.com", "shipping_address": ADDRESS}
        asked = {**headers, "Idempotency-Key": key}
        numbers = self._seen.orders.setdefault(key, set())
        for _ in range(2 if self._random.random() < ASKS_TWICE else 1):
            answer = self._caller.ask(http, "order", "/api/v1/checkout/", body, asked)
            if answer.status_code not in {HTTPStatus.OK, HTTPStatus.CREATED}:
                return f"order {answer.status_code}"
            placed = answer.json()["data"]
            numbers.add(placed["number"])
        if self._random.random() >= PAYS + FAILS_FIRST:
            return "left unpaid"
        return self._pay(http, headers, placed)

    def _pay(self, http: httpx.Client, headers: dict[str, str], placed: dict[str, Any]) -> str:
        fails_first = self._random.random() < FAILS_FIRST
        for action in ("fail", "pay") if fails_first else ("pay",):
            url = placed["payment_url"]
            if not url or action != "pay" or fails_first:
                path = f"/api/v1/orders/{placed['number']}/pay/"
                answer = self._caller.ask(http, "page", path, {}, {**headers, "X-Order-Key": placed["access_key"]})
                if answer.status_code != HTTPStatus.OK:
                    return f"page {answer.status_code}"
                url = answer.json()["data"]["payment_url"]
            if not self._act(http, url, action):
                return f"could not {action}"
        return "paid"

    def _act(self, http: httpx.Client, url: str, action: str) -> bool:
        """Do something on the sandbox's page; said again where it did not answer, it is done once."""
        page = urlunsplit(urlsplit(url)._replace(scheme="http", netloc=urlsplit(self._street.sandbox).netloc))
        fields = {"action": action, "card": "visa"}
        answer = self._caller.repeat(lambda: http.post(page, data=fields, follow_redirects=False))
        return answer.status_code < HTTPStatus.BAD_REQUEST or action == "pay"
