"""No app keeps a registry of its own: no list or dictionary of a module is filled by a function of that module."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("catalogue", "checkout", "payouts", "platform", "tenants", "vendors", "webhooks")
MAKERS = {"list", "dict", "set", "defaultdict", "OrderedDict", "Counter", "deque"}
ADDS = {"append", "add", "extend", "insert", "setdefault", "update"}

# A memory of what was found out or is held by this process: nobody contributes to it. Each with its reason.
MEMORIES = {
    "catalogue/discovery/selectors/listings.py: _schemas": "schema names by shop, as read",
    "catalogue/discovery/selectors/pages.py: _broad": "searches that were found to be broad",
    "checkout/cart/look_up.py: _schemas": "schema names by shop, as read",
    "tenants/host_cache.py: _local": "shops by host, as read",
    "tenants/selectors/schema_names.py: _names": "schema names by shop, as read",
}


def registries_in(source: str) -> Iterator[str]:
    """Name the mutable values of a module that one of its functions adds to."""
    tree = ast.parse(source)
    mutable = {
        target.id
        for node in tree.body
        for target, value in _assignments(node)
        if isinstance(target, ast.Name) and _is_mutable(value)
    }
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    filled = {name for function in functions for node in ast.walk(function) for name in _filled_by(node)}
    yield from sorted(mutable & filled)


def _assignments(node: ast.stmt) -> Iterator[tuple[ast.expr, ast.expr]]:
    if isinstance(node, ast.Assign):
        yield from ((target, node.value) for target in node.targets)
    elif isinstance(node, ast.AnnAssign) and node.value is not None:
        yield node.target, node.value


def _is_mutable(value: ast.expr) -> bool:
    if isinstance(value, ast.Call):
        return isinstance(value.func, ast.Name) and value.func.id in MAKERS
    return isinstance(value, ast.List | ast.Dict | ast.Set | ast.ListComp | ast.DictComp | ast.SetComp)


def _filled_by(node: ast.AST) -> Iterator[str]:
    """Name what a node adds to: `X.append(…)`, `X[…] = …`, `X[:] = …`, `X += …`, also one subscript deeper."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ADDS:
        yield from _name_of(node.func.value)
    elif isinstance(node, ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Subscript):
                yield from _name_of(target.value)
    elif isinstance(node, ast.AugAssign):
        yield from _name_of(node.target)


def _name_of(value: ast.expr) -> Iterator[str]:
    while isinstance(value, ast.Subscript | ast.Call | ast.Attribute):
        value = value.func if isinstance(value, ast.Call) else value.value
    if isinstance(value, ast.Name):
        yield value.id


def found() -> set[str]:
    return {
        f"{path.relative_to(ROOT)}: {name}"
        for folder in FOLDERS
        for path in sorted((ROOT / folder).rglob("*.py"))
        for name in registries_in(path.read_text())
    }


def test_apps_are_joined_by_their_wiring_alone() -> None:
    assert sorted(found() - MEMORIES.keys()) == []


def test_every_memory_is_still_there() -> None:
    assert sorted(MEMORIES.keys() - found()) == []


@pytest.mark.parametrize(
    "registry",
    [
        "_handlers: dict[str, list] = {}\ndef on(topic, handler):\n    _handlers.setdefault(topic, []).append(handler)",
        "_hooks = []\ndef on_provisioned(hook):\n    if hook not in _hooks:\n        _hooks.append(hook)",
        "_kinds = {}\ndef register(kind, run):\n    _kinds[kind] = run",
        "_mailers = []\ndef register_mailer(mailer):\n    _mailers[:] = [mailer]",
        "_obstacles = {s: [] for s in 'ab'}\ndef register(stage, say):\n    _obstacles[stage].append(say)",
        "PAGES = [('a', 'b')]\ndef register(page):\n    PAGES.append(page)",
        "DRAW = dict()\ndef draws(name):\n    def keep(f):\n        DRAW[name] = f\n        return f\n    return keep",
    ],
)
def test_a_registry_is_seen(registry: str) -> None:
    assert list(registries_in(registry))


@pytest.mark.parametrize(
    "harmless",
    ["NAMES = {'a': 1}\ndef name(key):\n    return NAMES[key]", "def f():\n    found = []\n    found.append(1)"],
)
def test_a_table_that_nobody_adds_to_is_none(harmless: str) -> None:
    assert not list(registries_in(harmless))
