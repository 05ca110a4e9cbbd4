"""Calls that are repeated until there is an answer; what was answered is counted."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import httpx

TIMEOUT_SECONDS = 90.0  # of somebody whose request is not answered
AGAIN_SECONDS = 0.3


@dataclass(slots=True)
class Seen:
    """Answers to all people."""

    orders: dict[str, set[str]] = field(default_factory=dict)
    """The numbers of orders by the key that asked for them."""
    outcomes: Counter[str] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    """Answers of 500, which say that nobody had thought of it."""

    @property
    def order_count(self) -> int:
        """Return the number of orders that buyers were told of."""
        return sum(len(numbers) for numbers in list(self.orders.values()))


class GivenUpError(Exception):
    """There was no answer for too long, or the run is to end."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who asks until there is an answer that is not "later"."""

    market: str
    seen: Seen
    ending: threading.Event

    def ask(self, http: httpx.Client, label: str, path: str, body: Any, headers: dict[str, str]) -> httpx.Response:
        """Post something to the market."""
        answer = self.repeat(lambda: self._told(label, http.post(self.market + path, json=body, headers=headers)))
        self.seen.statuses[f"{label} {answer.status_code}"] += 1
        return answer

    def repeat(self, ask: Callable[[], httpx.Response]) -> httpx.Response:
        """Ask until there is an answer.

        Raises:
            GivenUpError: there is none for too long, or the run is to end.
        """
        deadline = time.monotonic() + TIMEOUT_SECONDS
        while time.monotonic() < deadline:
            try:
                answer = ask()
            except httpx.HTTPError:
                self.seen.statuses["no answer"] += 1
            else:
                if answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
                    return answer
                self.seen.statuses[f"later {answer.status_code}"] += 1
            if self.ending.wait(AGAIN_SECONDS):
                break
        raise GivenUpError

    def _told(self, label: str, answer: httpx.Response) -> httpx.Response:
        if answer.status_code == HTTPStatus.INTERNAL_SERVER_ERROR:
            self.seen.broken.append(f"{label}: {answer.text[:200]}")
        return answer
