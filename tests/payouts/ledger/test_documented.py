"""docs/ledger.md has a row for each kind of account, each kind of journal and each check of the audit, and no other."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from kit.wiring import contributions
from payouts.audit import AuditCheck
from payouts.models import AccountKind, JournalKind
from tests.architecture.sources import ROOT

PAGE = (ROOT / "docs" / "ledger.md").read_text(encoding="utf-8")
HELD_BY_PROVIDERS = "provider"  # the audit asks providers too, which is no check of tables


def section(page: str, heading: str) -> str:
    """Return the text below a heading, up to the next of its level."""
    return page.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def first_names(text: str) -> Iterator[str]:
    """Yield the names in backticks of each table row's first cell; of an account with a provider, its kind alone."""
    for cell in re.findall(r"^\|([^|]*)\|", text, re.MULTILINE):
        yield from (name.partition(":")[0] for name in re.findall(r"`([^`]+)`", cell))


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("Accounts", {*AccountKind.values}),
        ("`manage.py audit_money`", {HELD_BY_PROVIDERS, *(check.name for check in contributions(AuditCheck))}),
    ],
    ids=["accounts", "checks"],
)
def test_the_tables_of_the_page_are_whole(heading: str, expected: set[str]) -> None:
    assert set(first_names(section(PAGE, heading))) == expected


def test_each_kind_of_journal_is_described() -> None:
    journals = section(PAGE, "Journals")
    described = {word.lower() for word in re.findall(r"^\*\*(\w+)", journals, re.MULTILINE)}
    named = set(re.findall(r"`(\w+)`", journals)) | described
    assert {*JournalKind.values} <= named


def test_a_row_that_is_missing_is_found() -> None:
    """The control."""
    table = "| Code | Means |\n|---|---|\n| `clearing:<x>`, as in `clearing:y` | `psp_fees` |\n"
    page = f"\n## Accounts\n\n{table}\n## More\n| `z` |"
    assert set(first_names(section(page, "Accounts"))) == {"clearing"}
