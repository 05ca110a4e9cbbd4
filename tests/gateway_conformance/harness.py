"""The provider's side of the conformance suite: a folder with a `harness.py` for each provider."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from gateway import get_provider
from gateway.events import EventKind
from gateway.port import PaymentProvider

if TYPE_CHECKING:
    import pytest

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class SignedEvent:
    """A body and its headers, as the provider sends them."""

    body: bytes
    headers: Mapping[str, str]


class Harness(ABC):
    """A provider with nobody's money: what a test does in the place of its buyers, its bank and its network."""

    name: str
    """The provider's name in the settings."""
    currency = "NGN"

    def __init__(self, request: pytest.FixtureRequest) -> None:
        self.request = request
        self.settings = request.getfixturevalue("settings")

    @property
    def provider(self) -> PaymentProvider:
        """The adapter, as the settings build it."""
        return get_provider(self.name)

    @abstractmethod
    def pay(self, reference: str) -> None:
        """Pay a charge on the provider's page."""

    @abstractmethod
    def decline(self, reference: str) -> None:
        """Try to pay, and have the card declined."""

    @abstractmethod
    def finish_refund(self, provider_id: str) -> None:
        """Let a refund reach the buyer."""

    @abstractmethod
    def fail_refund(self, provider_id: str) -> None:
        """Let a refund fail after it was taken."""

    @abstractmethod
    def fall_silent(self) -> None:
        """Have the next call answered in a way that does not tell its outcome."""

    @abstractmethod
    def disappear(self) -> None:
        """Take the provider off the network."""

    @abstractmethod
    def last_event(self, kind: EventKind) -> SignedEvent:
        """Return the newest event of a kind that the provider has signed."""

    @abstractmethod
    def sample_body(self, kind: EventKind, *, reference: str) -> bytes:
        """Return the body of an event of a kind, signed or not."""


def harness_names() -> list[str]:
    """Return the names of the providers that are tried: the folders that hold a harness."""
    return sorted(path.parent.name for path in HERE.glob("*/harness.py"))


def make_harness(name: str, request: pytest.FixtureRequest) -> Harness:
    """Return the harness of a provider."""
    made: Harness = import_module(f"tests.gateway_conformance.{name}.harness").make(request)
    return made
