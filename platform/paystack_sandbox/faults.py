"""Requested faults: their kind, the calls to which they apply, and their number."""

from collections.abc import Mapping
from dataclasses import dataclass
from time import time
from typing import Any

from paystack_sandbox.errors import invalid
from paystack_sandbox.money import TARIFFS
from paystack_sandbox.store import Row, Store, dump, load

ANSWER_KINDS = ("rate_limit", "server_error", "html", "not_found", "timeout", "odd_answer")
WEBHOOK_KINDS = ("delay", "duplicate", "reorder", "drop", "bad_signature")
PAYMENT_KINDS = ("wrong_amount", "wrong_currency", "wrong_domain")
OUTCOME_KINDS = ("transfer_outcome", "refund_outcome", "dispute_outcome")
TRANSFER_KINDS = ("otp_on", "reject_line", "approval_silent", "approval_refused")
RULE_KINDS = ("no_minimum",)
KINDS = (*ANSWER_KINDS, *WEBHOOK_KINDS, *PAYMENT_KINDS, *OUTCOME_KINDS, *TRANSFER_KINDS, *RULE_KINDS)
PLACES = ("both", "webhook", "verify")

DEFAULTS: dict[str, dict[str, Any]] = {
    "rate_limit": {"seconds": 1, "status": 429},
    "server_error": {"status": 500},
    "html": {"status": 200},
    "not_found": {"status": 404},
    "timeout": {"seconds": None, "acts": True},
    "odd_answer": {"acts": True, "fields": {}, "raw": None},
    "delay": {"seconds": 5},
    "duplicate": {"count": 2},
    "reorder": {"seconds": 5},
    "wrong_amount": {"where": "both", "by": -100},
    "wrong_currency": {"where": "both", "currency": "GHS"},
    "wrong_domain": {"where": "both", "domain": "live"},
    "transfer_outcome": {"outcome": "failed"},
    "refund_outcome": {"outcome": "failed"},
    "dispute_outcome": {"outcome": "auto-accepted"},
}
TRANSFER_OUTCOMES = (
    *("success", "failed", "reversed", "abandoned", "blocked", "rejected"),
    *("pending", "otp", "received"),
)
ALLOWED: dict[str, dict[str, tuple[str, ...]]] = {
    "wrong_amount": {"where": PLACES},
    "wrong_currency": {"where": PLACES, "currency": tuple(TARIFFS)},
    "wrong_domain": {"where": PLACES, "domain": ("live", "test")},
    "transfer_outcome": {"outcome": TRANSFER_OUTCOMES},
    "refund_outcome": {"outcome": ("processed", "failed", "needs-attention")},
    "dispute_outcome": {"outcome": ("declined", "auto-accepted")},
}
NUMBERS = ("times", "seconds", "count", "status", "by", "amount")


@dataclass(slots=True)
class Fault:
    """One fault in force; `remaining` None means until it is removed."""

    id: int
    kind: str
    options: dict[str, Any]
    remaining: int | None

    def applies(self, facts: Mapping[str, str]) -> bool:
        """Return whether every condition of this fault holds for what is happening."""
        wanted = {**self.options.get("match", {}), "event": self.options.get("event")}
        return all(_holds(name, str(value), facts.get(name, "")) for name, value in wanted.items() if value)

    def get(self, name: str) -> Any:
        """Return an option, or the default of this kind of fault."""
        return self.options.get(name, DEFAULTS.get(self.kind, {}).get(name))

    def shape(self) -> dict[str, Any]:
        """Return the fault as the JSON API shows it."""
        shown = {**DEFAULTS.get(self.kind, {}), **self.options}
        return {"id": self.id, "kind": self.kind, "times": self.remaining, **shown}


class FaultBook:
    """The faults in force, kept in memory for speed and in the store for the next start."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._faults: list[Fault] = []
        self.reload()

    def reload(self) -> None:
        """Read the faults from the store again."""
        rows = self._store.all("SELECT * FROM faults ORDER BY id")
        self._faults = [_from_row(row) for row in rows]

    def all(self) -> list[Fault]:
        """Return the faults in force, oldest first."""
        return list(self._faults)

    def add(self, asked: Mapping[str, Any]) -> Fault:
        """Put a fault in force.

        Raises:
            ApiError: the kind is unknown or an option does not hold.
        """
        kind, options, times = _validate(asked)
        row_id = self._store.insert("faults", kind=kind, options=dump(options), remaining=times, created_at=time())
        fault = Fault(row_id, kind, options, times)
        self._faults.append(fault)
        return fault

    def remove(self, fault_id: int | None = None) -> int:
        """Remove one fault, or all of them, and return the number removed."""
        if fault_id is None:
            count = self._store.run("DELETE FROM faults")
        else:
            count = self._store.run("DELETE FROM faults WHERE id = ?", fault_id)
        self.reload()
        return count

    def take(self, *kinds: str, where: str | None = None, **facts: str) -> Fault | None:
        """Return the oldest fault of these kinds that applies now, and count it as used once.

        Args:
            *kinds: the kinds that matter at this point.
            where: for wrong amounts and currencies, the place that is asking.
            **facts: `method`, `path`, `reference`, `event` of what is happening.
        """
        for fault in self._faults:
            if fault.kind not in kinds or (where and fault.get("where") != where):
                continue
            if fault.applies(facts):
                self._use(fault)
                return fault
        return None

    def _use(self, fault: Fault) -> None:
        if fault.remaining is None:
            return
        fault.remaining -= 1
        if fault.remaining <= 0:
            self._faults.remove(fault)
            self._store.run("DELETE FROM faults WHERE id = ?", fault.id)
        else:
            self._store.update("faults", fault.id, remaining=fault.remaining)


def _from_row(row: Row) -> Fault:
    return Fault(row["id"], row["kind"], load(row["options"]), row["remaining"])


def _holds(name: str, wanted: str, actual: str) -> bool:
    if name == "path":
        return actual.startswith(wanted.rstrip("/") or "/")
    if name == "event":
        return actual == wanted or actual.startswith(wanted + ".")
    if name == "method":
        return actual.upper() == wanted.upper()
    return actual == wanted


def _validate(asked: Mapping[str, Any]) -> tuple[str, dict[str, Any], int | None]:
    kind = asked.get("kind")
    if kind not in KINDS:
        raise invalid(f"kind must be one of {', '.join(KINDS)}")
    options = {name: value for name, value in asked.items() if name not in ("kind", "times")}
    _validate_match(options.get("match", {}))
    for name in NUMBERS:
        value = asked.get(name)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
            raise invalid(f"{name} must be a number")
    for name, allowed in ALLOWED.get(kind, {}).items():
        if name in options and options[name] not in allowed:
            raise invalid(f"{name} must be one of {', '.join(allowed)}")
    if not isinstance(options.get("fields", {}), Mapping) or not isinstance(options.get("raw", ""), str):
        raise invalid("fields must be an object, raw a text")
    times = asked.get("times", 1)
    if times is not None and times < 1:
        raise invalid("times must be at least 1, or null for until removed")
    return str(kind), options, None if times is None else int(times)


def _validate_match(match: object) -> None:
    if not isinstance(match, Mapping) or set(match) - {"method", "path", "reference"}:
        raise invalid("match may hold method, path and reference")
