"""Unused code is deleted: what a module defines is named a second time somewhere in the product, tests left out."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator

from tests.architecture.sources import ROOT, modules, parsed, source_files

WORD = re.compile(r"\w+")
NAMING = (".py", ".html", ".txt", ".xml", ".sql", ".js", ".lua")  # files that may name what a module defines
SETTINGS = "config.settings"
DUNDER = re.compile(r"__\w+__")

UNNAMED = {
    "accounts.signed_in:TokenScheme": "drf-spectacular finds it by its base class",
    "config.refusals:RefusalMiddleware.process_exception": "Django calls it",
    "config.urls_shop:handler429": "allauth looks it up",
    "kit.db.redis:forget_outage": "tests forget an outage that they have made",
    "kit.template_shortcuts:DJANGOS_OWN": "tests compare the shortcuts with Django's own",
    "kit.work.events:schema_of": "tests hold the schemas of events to what is promised",
    "paystack_sandbox.testing:SandboxProcess": "tests start the sandbox by it",
}


def words_of_product() -> Counter[str]:
    texts = (path.read_text(encoding="utf-8") for suffix in NAMING for path in source_files(suffix))
    return Counter(word for text in (*texts, (ROOT / "manage.py").read_text()) for word in WORD.findall(text))


def definitions(source: str) -> Iterator[str]:
    """Yield what a module defines at its own level, and the methods of classes without a base; none that is decorated.

    A framework may call by its own name what is decorated, registered or overridden.
    """
    for node in parsed(source).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.decorator_list:
            yield node.name
        if isinstance(node, ast.ClassDef) and not node.bases:
            yield from (
                f"{node.name}.{inner.name}"
                for inner in node.body
                if isinstance(inner, ast.FunctionDef) and not DUNDER.fullmatch(inner.name)
            )
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from (target.id for target in targets if isinstance(target, ast.Name) and len(target.id) > 1)


def unnamed(source: str, words: Counter[str]) -> list[str]:
    return [name for name in definitions(source) if words[name.rpartition(".")[2]] == 1]


def test_what_is_defined_is_used() -> None:
    words = words_of_product()
    found = {
        f"{module}:{name}"
        for module, source in modules()
        if not module.startswith(SETTINGS) and not module.endswith((".apps", ".admin"))
        for name in unnamed(source, words)
    }
    assert found - UNNAMED.keys() == set(), "used by nothing but tests: delete it, or say why it stays"
    assert UNNAMED.keys() - found == set(), "these are used now: take them from the list"


def test_unused_code_is_found() -> None:
    source = """
LIMIT = 3
USED = 4
def spent() -> int: return USED
class Basket:
    def __len__(self) -> int: return 0
    def size(self) -> int: return 0
@register
def hooked() -> None: ...
class Page(View):
    def get(self) -> None: ...
"""
    words = Counter(WORD.findall(source))
    assert unnamed(source, words) == ["LIMIT", "spent", "Basket", "Basket.size", "Page"]
