"""No app keeps a registry of its own: no list or dictionary of a module or class is filled by functions beside it.

What this cannot see: a collection that another module fills through an import, one that is made by a function or class
of ours, and one that is filled under another name.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.architecture.sources import nodes, parsed

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("catalogue", "checkout", "payouts", "platform", "tenants", "vendors", "webhooks")
MAKERS = {
    *("list", "dict", "set", "defaultdict", "OrderedDict", "Counter", "deque", "ChainMap"),
    *("WeakSet", "WeakKeyDictionary", "WeakValueDictionary", "Queue", "SimpleQueue"),
}
UNCHANGING = {"tuple", "frozenset"}
ADDS = {"append", "appendleft", "add", "extend", "extendleft", "insert", "put", "setdefault", "update", "__setitem__"}

# A memory of what was found out or is held by this process: nobody contributes to it. Each with its reason.
MEMORIES = {
    "catalogue/discovery/selectors/listings.py: _schemas": "schema names by shop, as read",
    "catalogue/discovery/selectors/pages.py: _broad": "searches that were found to be broad",
    "catalogue/discovery/selectors/versions.py: _missed": "keys that caches are to be told of when Redis is back",
    "checkout/cart/look_up.py: _schemas": "schema names by shop, as read",
    "checkout/pricing/terms/memory.py: _remembered": "terms of shops by version, as parsed",
    "tenants/shops/host_cache.py: _local": "shops by host, as read",
    "tenants/database/base.py: DatabaseWrapper._database_oids": "numbers of databases, as read",
    "tenants/shops/currencies.py: _currencies": "currencies by shop, as read",
    "tenants/shops/schema_names.py: _names": "schema names by shop, as read",
}


def registries_in(source: str) -> Iterator[str]:
    """Name the collections of a module and of its classes that a function there adds to."""
    functions = [
        node for node in nodes(source) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
    ]
    inside = list({id(each): each for function in functions for each in ast.walk(function)}.values())
    filled = {name for node in inside for name in _filled_by(node)}
    made_anew = {name for function in functions for name in _made_anew_by(function)}
    values = dict(_values_of(parsed(source).body))
    yield from sorted(name for name, value in values.items() if name in filled and _is_mutable(value))
    yield from sorted(name for name, value in values.items() if name in made_anew and _is_collection(value))
    for node in nodes(source):
        if isinstance(node, ast.ClassDef):
            yield from _registries_of(node, inside)


def _registries_of(node: ast.ClassDef, inside: list[ast.AST]) -> Iterator[str]:
    """Name a class's own collections that are added to, but for those that its instances replace with theirs.

    Args:
        inside: every node of the functions of its module.
    """
    collections = [(name, value) for name, value in _values_of(node.body) if _is_mutable(value)]
    if not collections:
        return
    filled = {name for each in inside for name in _filled_by(each, owners={"cls", "self", node.name})}
    stored = {
        each.attr
        for each in ast.walk(node)
        if isinstance(each, ast.Attribute) and isinstance(each.ctx, ast.Store) and ast.unparse(each.value) == "self"
    }
    yield from (f"{node.name}.{name}" for name, _ in collections if name in filled - stored)


def _values_of(body: list[ast.stmt]) -> Iterator[tuple[str, ast.expr]]:
    """Yield the names that statements give values to, in blocks such as `if` and `try` too."""
    for node in body:
        for target, value in _assignments(node):
            if isinstance(target, ast.Name):
                yield target.id, value
        if isinstance(node, ast.If | ast.For | ast.While | ast.With | ast.Try):
            for block in ("body", "orelse", "finalbody"):
                yield from _values_of(getattr(node, block, []))
            for handler in getattr(node, "handlers", []):
                yield from _values_of(handler.body)


def _made_anew_by(function: ast.AST) -> Iterator[str]:
    """Name the globals that a function gives a value made from the old one: `X = (*X, handler)`, `X += (handler,)`."""
    inside = list(ast.walk(function))
    outer = {name for node in inside if isinstance(node, ast.Global) for name in node.names}
    for node in inside if outer else ():
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            yield from outer & {node.target.id}
        elif isinstance(node, ast.Assign):
            read = {each.id for each in ast.walk(node.value) if isinstance(each, ast.Name)}
            yield from outer & read & {target.id for target in node.targets if isinstance(target, ast.Name)}


def _assignments(node: ast.stmt) -> Iterator[tuple[ast.expr, ast.expr]]:
    if isinstance(node, ast.Assign):
        yield from ((target, node.value) for target in node.targets)
    elif isinstance(node, ast.AnnAssign) and node.value is not None:
        yield node.target, node.value


def _is_mutable(value: ast.expr) -> bool:
    if isinstance(value, ast.Call):
        return _maker(value) in MAKERS
    return isinstance(value, ast.List | ast.Dict | ast.Set | ast.ListComp | ast.DictComp | ast.SetComp)


def _is_collection(value: ast.expr) -> bool:
    return _is_mutable(value) or isinstance(value, ast.Tuple) or _maker(value) in UNCHANGING


def _maker(value: ast.expr) -> str:
    """Return the name of what is called: `deque` of both `deque()` and `collections.deque()`."""
    called = value.func if isinstance(value, ast.Call) else value
    called = called.value if isinstance(called, ast.Subscript) else called
    return called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""


def _filled_by(node: ast.AST, owners: Collection[str] = ()) -> Iterator[str]:
    """Name what a node adds to: `X.append(…)`, `X[…] = …`, `X[:] = …`, `X += …`, also one subscript deeper."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ADDS:
        yield from _name_of(node.func.value, owners)
    elif isinstance(node, ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Subscript):
                yield from _name_of(target.value, owners)
    elif isinstance(node, ast.AugAssign):
        yield from _name_of(node.target, owners)


def _name_of(value: ast.expr, owners: Collection[str]) -> Iterator[str]:
    """Name the variable that an expression begins with, or the attribute of one of the owners."""
    attribute = ""
    while isinstance(value, ast.Subscript | ast.Call | ast.Attribute):
        attribute = value.attr if isinstance(value, ast.Attribute) else attribute
        value = value.func if isinstance(value, ast.Call) else value.value
    if isinstance(value, ast.Name) and not owners:
        yield value.id
    elif isinstance(value, ast.Name) and value.id in owners and attribute:
        yield attribute


@cache
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
        "_hooks = collections.defaultdict(list)\ndef on(topic, hook):\n    _hooks[topic].append(hook)",
        "_hooks = WeakSet()\ndef on(hook):\n    _hooks.add(hook)",
        "_hooks = ()\ndef on(hook):\n    global _hooks\n    _hooks = (*_hooks, hook)",
        "_hooks = frozenset()\ndef on(hook):\n    global _hooks\n    _hooks |= {hook}",
        "_hooks = deque()\ndef on(hook):\n    _hooks.appendleft(hook)",
        "_kinds = {}\non = lambda kind, run: _kinds.update({kind: run})",
        "if True:\n    _hooks = []\ndef on(hook):\n    _hooks.append(hook)",
        "try:\n    pass\nexcept ImportError:\n    _hooks = []\ndef on(hook):\n    _hooks.append(hook)",
        "class Kinds:\n    known = []\n    @classmethod\n    def on(cls, kind):\n        cls.known.append(kind)",
        "class Kinds:\n    known = {}\n    def on(self, kind, run):\n        self.known[kind] = run",
        "class Kinds:\n    known = {}\ndef on(kind, run):\n    Kinds.known[kind] = run",
        "DRAW = dict()\ndef draws(name):\n    def keep(f):\n        DRAW[name] = f\n        return f\n    return keep",
    ],
)
def test_a_registry_is_seen(registry: str) -> None:
    assert list(registries_in(registry))


@pytest.mark.parametrize(
    "harmless",
    [
        "NAMES = {'a': 1}\ndef name(key):\n    return NAMES[key]",
        "def f():\n    found = []\n    found.append(1)",
        "class Cart:\n    lines = []\n    def __init__(self):\n        self.lines = []\n        self.lines.append(1)",
        "_count = 0\ndef count():\n    global _count\n    _count += 1",
    ],
)
def test_a_table_that_nobody_adds_to_is_none(harmless: str) -> None:
    assert not list(registries_in(harmless))
