"""Every action of operators that the code names is declared in a `wiring.py`, so that people read what it was."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from console.audit_actions import audit_actions
from console.models import AuditEntry
from tests.architecture.sources import ROOT, nodes, python_files


def named_actions(source: str) -> Iterator[str]:
    """Yield the names of the actions that a module makes."""
    for node in nodes(source):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "AuditAction":
            yield ast.literal_eval(node.args[0])


def undeclared(source: str) -> list[str]:
    return [name for name in named_actions(source) if name not in audit_actions()]


def test_every_action_is_declared() -> None:
    sources = {path: path.read_text(encoding="utf-8") for path in python_files()}
    assert [f"{path.relative_to(ROOT)}: {name}" for path, text in sources.items() for name in undeclared(text)] == []
    assert {name for text in sources.values() for name in named_actions(text)} == set(audit_actions())


def test_an_action_that_is_not_declared_is_found() -> None:
    assert undeclared('SHOP_RENAMED = AuditAction("shop.renamed", "Shop renamed", "")') == ["shop.renamed"]


def test_another_action_needs_no_migration() -> None:
    assert AuditEntry._meta.get_field("action").choices is None
