"""The provider's side of the conformance suite: a folder with a `harness.py` for each provider."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import pytest

from gateway import get_provider
from gateway.disputes import DisputeState
from gateway.events import EventKind
from gateway.port import PaymentProvider
from gateway.transfers import TransferRequest, TransferState

HERE = Path(__file__).parent
RECIPE = "docs/recipes/add-a-provider.md"


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

    def fund(self, amount_minor: int) -> None:
        """Put money into our balance; for providers that send transfers, as all below."""
        pytest.fail(f"{self.name} says that it sends transfers: its harness needs what they take (step 6 of {RECIPE}).")

    def finish_transfer(self, reference: str, state: TransferState) -> None:
        """Let a transfer end."""
        self.fund(0)

    def plan_transfer(self, state: TransferState) -> None:
        """Have the next transfer begin in a state in which it waits for a person."""
        self.fund(0)

    def reject_line(self, reference: str) -> None:
        """Have a line of the next bulk call rejected."""
        self.fund(0)

    def lose_the_answer(self) -> None:
        """Carry the next call out, and answer it in a way that does not tell its outcome."""
        self.fund(0)

    def dispute(self, reference: str, amount_minor: int) -> str:
        """Have a buyer's bank dispute a charge, and return the provider's id; for providers with disputes, as below."""
        pytest.fail(f"{self.name} says that it has disputes: its harness needs what they take (step 6 of {RECIPE}).")

    def decide(self, dispute_id: str, state: DisputeState) -> None:
        """Let the bank decide a dispute that was declined."""
        self.dispute(dispute_id, 0)

    def let_lapse(self, dispute_id: str) -> None:
        """Let the time to answer end."""
        self.dispute(dispute_id, 0)

    def approval_body(self, request: TransferRequest) -> bytes:
        """Return the body with which the provider asks for our approval of a transfer."""
        self.fund(0)
        return b""


def harness_names() -> list[str]:
    """Return the names of the providers that are tried: the folders that hold a harness."""
    return sorted(path.parent.name for path in HERE.glob("*/harness.py"))


def problems_of_folders(here: Path = HERE) -> list[str]:
    """Return, for each provider's folder without a harness, the part to add."""
    folders = sorted({path.parent for path in here.glob("*/*.py")})
    return [
        f"tests/gateway/conformance/{folder.name} has no harness.py, so its provider is not tried: add one with"
        f" `make(request)`, which returns a Harness (step 6 of {RECIPE})."
        for folder in folders
        if not (folder / "harness.py").is_file()
    ]


def make_harness(name: str, request: pytest.FixtureRequest) -> Harness:
    """Return the harness of a provider."""
    make = getattr(import_module(f"tests.gateway.conformance.{name}.harness"), "make", None)
    if make is None:
        pytest.fail(f"tests/gateway/conformance/{name}/harness.py has no `make(request)` (step 6 of {RECIPE}).")
    made: Harness = make(request)
    return made
