"""Findings of an audit."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

SHOWN = 20  # findings of one check that are printed; all of them are counted


class Verdict(StrEnum):
    """Outcome of a check."""

    OK = "ok"
    OFF = "off"
    NOT_CHECKED = "not_checked"


@dataclass(frozen=True, slots=True)
class Finding:
    """A difference that the audit has found: its subject, and both sides."""

    subject: str
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class Found:
    """The first findings of a check, and how many there are in all."""

    findings: Sequence[Finding] = ()
    total: int = 0


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One check: its findings, the first of them in full, and what to know about it."""

    name: str
    title: str
    verdict: Verdict
    findings: Sequence[Finding] = ()
    total: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class AuditReport:
    """All checks of one audit."""

    made_at: datetime
    results: Sequence[CheckResult] = field(default_factory=tuple)

    @property
    def is_clean(self) -> bool:
        """Return whether nothing is off; a check that could not be made does not count."""
        return all(result.verdict != Verdict.OFF for result in self.results)

    @property
    def is_complete(self) -> bool:
        """Return whether every check was made."""
        return all(result.verdict != Verdict.NOT_CHECKED for result in self.results)


def found_in(findings: Sequence[Finding]) -> Found:
    """Count findings, and keep the first of them."""
    return Found(findings[:SHOWN], len(findings))
