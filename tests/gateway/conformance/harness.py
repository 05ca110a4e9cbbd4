"""The provider's side of the conformance suite: a folder with a `harness.py` for each provider."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import NoReturn

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
    """A provider with nobody's money: what a test does in place of its buyers, its bank and its network."""

    name: str
    """The provider's name in the settings."""
    currency = "NGN"
    """A currency in which it takes charges, and sends transfers if it does."""
    unknown_number = "0123456404"
    """The number of an account that its banks do not know; for providers that resolve accounts or send transfers."""

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
        """Have the next call answered in a way that does not tell its outcome, without carrying it out."""

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
        """Put money into our balance; for providers that send transfers, as the methods below."""
        self._needs("fund", "transfers")

    def finish_transfer(self, reference: str, state: TransferState) -> None:
        """Let a transfer end; skip the test (`pytest.skip`) for a state that the provider does not have."""
        self._needs("finish_transfer", "transfers")

    def plan_transfer(self, state: TransferState) -> None:
        """Have the next transfer begin in a state in which it waits; skip the test for one that it does not have."""
        self._needs("plan_transfer", "transfers")

    def reject_line(self, reference: str) -> None:
        """Have a line of the next bulk call rejected."""
        self._needs("reject_line", "transfers")

    def approval_body(self, request: TransferRequest) -> bytes | None:
        """Return the body with which the provider asks for our approval of a transfer; None where it asks none."""
        self._needs("approval_body", "transfers")

    def lose_the_answer(self) -> None:
        """Carry the next call out, and answer it in a way that does not tell its outcome; for disputes too."""
        self._needs("lose_the_answer", "transfers or disputes")

    def dispute(self, reference: str, amount_minor: int) -> str:
        """Have a buyer's bank dispute a charge, and return the provider's id; for providers with disputes, as below."""
        self._needs("dispute", "disputes")

    def decide(self, dispute_id: str, state: DisputeState) -> None:
        """Let the bank decide a dispute that was declined."""
        self._needs("decide", "disputes")

    def let_lapse(self, dispute_id: str) -> None:
        """Let the time to answer end."""
        self._needs("let_lapse", "disputes")

    def _needs(self, method: str, capability: str) -> NoReturn:
        pytest.fail(
            f"Write `{method}` in tests/gateway/conformance/{self.name}/harness.py: the capabilities of {self.name}"
            f" name {capability} (step 6 of {RECIPE})."
        )


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
