"""Shops' schemas are entered by `with schema_context(…):` blocks, and in no other way.

A shop is a context manager too, and so are stored or decorating contexts; all of them keep the schema to
come back to in an object that threads share, and come back to another thread's (django-tenants 4.0.1).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.sources import nodes

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("tenants", "vendors", "catalogue", "checkout", "payouts", "webhooks", "platform", "tests")
NAMED_LIKE_A_SHOP = re.compile(r"(?:^|_)(?:shop|tenant)$")
BLOCK_ONLY = {"schema_context", "only_schema"}
BANNED = {"tenant_context"}


def name_of(node: ast.AST) -> str:
    """The last part of a dotted name, or of what is called."""
    if isinstance(node, ast.Call):
        return name_of(node.func)
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def is_shop(node: ast.AST) -> bool:
    """Return whether an expression looks like a shop: `shop`, `self.shop`, `get_shop(…)`, `Shop.objects.get(…)`."""
    if NAMED_LIKE_A_SHOP.search(name_of(node)):
        return True
    while isinstance(node, ast.Call | ast.Attribute):
        node = node.func if isinstance(node, ast.Call) else node.value
    return isinstance(node, ast.Name) and node.id == "Shop"


def offences(source: str) -> Iterator[tuple[int, str]]:
    """Yield the line and the reason of every wrong way into a schema."""
    every = nodes(source)
    opened = [item.context_expr for node in every if isinstance(node, ast.With) for item in node.items]
    for expression in opened:
        if is_shop(expression):
            yield expression.lineno, "a shop is used as a context manager"
    blocks = {id(expression) for expression in opened}
    for node in every:
        if isinstance(node, ast.Call) and name_of(node) in BLOCK_ONLY and id(node) not in blocks:
            yield node.lineno, f"{name_of(node)} is used outside a `with` statement"
        if isinstance(node, ast.Name | ast.Attribute | ast.alias):
            name = node.name if isinstance(node, ast.alias) else name_of(node)
            if name in BANNED:
                yield node.lineno, f"{name} is not used here; use schema_context"
        if isinstance(node, ast.Call) and name_of(node) == "activate" and is_shop(getattr(node.func, "value", node)):
            yield node.lineno, "a shop is activated without an end"


def test_schemas_are_entered_by_blocks_only() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {reason}"
        for folder in FOLDERS
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "node_modules" not in path.parts
        for line, reason in offences(path.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "with shop:\n    pass",
        "with other_tenant as t:\n    pass",
        "with request.shop:\n    pass",
        "with get_shop(shop_id=1):\n    pass",
        "with Shop.objects.get(pk=1):\n    pass",
        "@schema_context('shop_a')\ndef f(): ...",
        "@django_tenants.utils.schema_context('shop_a')\ndef f(): ...",
        "block = schema_context('shop_a')\nwith block:\n    pass",
        "stack.enter_context(schema_context('shop_a'))",
        "from django_tenants.utils import tenant_context",
        "with tenant_context(shop):\n    pass",
        "shop.activate()",
    ],
)
def test_each_wrong_way_is_found(source: str) -> None:
    assert list(offences(source))


@pytest.mark.parametrize(
    "source",
    [
        "with schema_context(shop.schema_name):\n    pass",
        "with transaction.atomic(), schema_context(shop.schema_name):\n    pass",
        "with open(shop.logo) as f:\n    pass",
        "translation.activate('en')",
    ],
)
def test_right_ways_are_left_alone(source: str) -> None:
    assert not list(offences(source))
