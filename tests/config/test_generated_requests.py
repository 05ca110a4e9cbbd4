"""Rules that generated requests may break (`.ci/description/rules.py`): each has its code, and no other code passes."""

from __future__ import annotations

import json
import runpy
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
OF_OTHERS = {"blank", "min_length", "max_length", "empty"}  # of REST framework
OF_OTHERS |= {"password_too_similar", "password_too_common", "password_entirely_numeric"}  # of Django


@pytest.fixture
def rules(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    generator = ModuleType("schemathesis")
    generator.hook = lambda function: function  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "schemathesis", generator)
    return runpy.run_path(str(ROOT / ".ci/description/rules.py"))


def test_every_code_is_given_by_something(rules: dict[str, Any]) -> None:
    places = [
        place
        for name in ("catalogue", "checkout", "payouts", "platform", "tenants", "vendors")
        for place in (ROOT / name).rglob("*.py")
    ]
    text = "\n".join(place.read_text() for place in places)
    assert {code for code in rules["RULES"] if f'"{code}"' not in text} <= OF_OTHERS
    assert all(reason.strip() for reason in rules["RULES"].values())


@pytest.mark.parametrize(
    ("body", "counts"),
    [
        ({"code": "invalid", "errors": {"cursor": [{"code": "invalid_cursor", "message": "…"}]}}, False),
        ({"code": "version_mismatch", "errors": {"current": {"name": "x"}}}, False),
        ({"code": "invalid", "errors": {"cursor": [{"code": "invalid", "message": "…"}]}}, True),
        ({"code": "invalid", "errors": None}, True),
        ({"code": "parse_error", "errors": None}, True),
        (
            {
                "code": "invalid",
                "errors": {
                    "cursor": [{"code": "invalid_cursor", "message": "…"}],
                    "variants": {"0": {"sku": [{"code": "invalid", "message": "…"}]}},
                },
            },
            True,
        ),
    ],
)
def test_a_refusal_counts_unless_rules_alone_have_made_it(rules: dict[str, Any], body: Any, counts: bool) -> None:
    response = SimpleNamespace(content=json.dumps(body))
    assert rules["filter_failure"](None, SimpleNamespace(code="ST202"), None, response) is counts
    assert rules["filter_failure"](None, SimpleNamespace(code="ST201"), None, response), "of another check"
