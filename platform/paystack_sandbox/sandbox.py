"""Shared state of the sandbox: settings, store, time, faults, the worker's wake-up event."""

import asyncio
import secrets
import string
from dataclasses import dataclass, field

from paystack_sandbox.clock import Clock
from paystack_sandbox.config import Config
from paystack_sandbox.faults import FaultBook
from paystack_sandbox.store import Store

INTEGRATION_ID = 990001
CODE_ALPHABET = string.ascii_lowercase + string.digits


@dataclass(slots=True)
class Sandbox:
    """One running sandbox."""

    config: Config
    store: Store
    clock: Clock
    faults: FaultBook
    public_url: str
    approval_url: str = ""
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    stopping: asyncio.Event = field(default_factory=asyncio.Event)

    def now(self) -> float:
        """Return the sandbox's time in seconds since the epoch."""
        return self.clock.now()


def open_sandbox(config: Config) -> Sandbox:
    """Open the store and read the faults it remembers."""
    store = Store(config.store)
    return Sandbox(
        config=config,
        store=store,
        clock=Clock(),
        faults=FaultBook(store),
        public_url=config.public_url.rstrip("/"),
        approval_url=config.approval_url,
    )


def new_code(prefix: str = "") -> str:
    """Return an unguessable code such as `TRF_x3k9…`."""
    return prefix + "".join(secrets.choice(CODE_ALPHABET) for _ in range(15))
