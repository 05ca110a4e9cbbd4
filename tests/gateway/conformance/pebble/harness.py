"""Pebble in the conformance suite."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from gateway.events import EventKind
from tests.gateway.conformance.harness import Harness, SignedEvent
from tests.gateway.conformance.pebble.adapter import KINDS, SEAL_HEADER, seal
from tests.gateway.conformance.pebble.server import PebbleBank, serving

NAMES = {kind: name for name, kind in KINDS.items()} | {EventKind.OTHER: "weather.changed"}


@contextmanager
def in_the_settings(settings: Any) -> Iterator[PebbleBank]:
    """List Pebble among the providers; this is all that the market is told of it."""
    with serving() as bank:
        settings.PAYMENT_PROVIDERS = settings.PAYMENT_PROVIDERS | {
            "pebble": "tests.gateway.conformance.pebble.from_settings"
        }
        settings.PEBBLE_URL, settings.PEBBLE_KEY = bank.url, bank.key
        yield bank


def signed(event: dict[str, Any], *, key: str) -> SignedEvent:
    """Return an event as Pebble sends it."""
    body = json.dumps(event).encode()
    return SignedEvent(body, {SEAL_HEADER: seal(body=body, key=key)})


class PebbleHarness(Harness):
    """A Pebble in memory."""

    name = "pebble"

    def __init__(self, request: pytest.FixtureRequest) -> None:
        super().__init__(request)
        opened = in_the_settings(self.settings)
        self.bank = opened.__enter__()
        request.addfinalizer(lambda: opened.__exit__(None, None, None))

    def pay(self, reference: str) -> None:
        self.bank.settle(reference)

    def decline(self, reference: str) -> None:
        self.bank.decline(reference)

    def finish_refund(self, provider_id: str) -> None:
        self.bank.deliver(provider_id)

    def fail_refund(self, provider_id: str) -> None:
        self.bank.bounce(provider_id)

    def fall_silent(self) -> None:
        self.bank.is_silent = True

    def disappear(self) -> None:
        self.settings.PEBBLE_URL = "http://127.0.0.1:1"

    def last_event(self, kind: EventKind) -> SignedEvent:
        [*_, event] = [event for event in self.bank.events if event["what"] == NAMES[kind]]
        return signed(event, key=self.bank.key)

    def sample_body(self, kind: EventKind, *, reference: str) -> bytes:
        return json.dumps({"what": NAMES[kind], "ours": reference}).encode()


def make(request: pytest.FixtureRequest) -> Harness:
    """Return the harness."""
    return PebbleHarness(request)
