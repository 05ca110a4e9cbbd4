"""docs/locking.md names every function that locks, and numbers its steps in order."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

from tests.architecture.sources import ROOT, nodes, python_files

PAGE = (ROOT / "docs" / "locking.md").read_text(encoding="utf-8")
LOCKS_NOTHING = {"lock_limit_queries": "returns queries that limit how long a transaction waits for a lock"}


def lock_functions() -> Iterable[tuple[str, str]]:
    """Yield the module and the name of each public function whose name says that it locks."""
    for path in python_files():
        text = path.read_text(encoding="utf-8")
        if "def lock_" in text:
            module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removeprefix("platform.")
            for node in nodes(text):
                if isinstance(node, ast.FunctionDef) and node.name.startswith("lock_"):
                    yield module.removesuffix(".__init__"), node.name


def undocumented(functions: Iterable[tuple[str, str]], page: str) -> list[str]:
    """Return functions that a page names neither alone nor by the pattern `<module>.lock_*`."""
    named = {word.rpartition(".")[2] for word in re.findall(r"`([\w.]*lock_\w+)", page)}
    patterns = set(re.findall(r"`([\w.]+)\.lock_\*", page))
    named |= {f"{name}_query" for name in named} | LOCKS_NOTHING.keys()
    missing = [(module, name) for module, name in functions if name not in named]
    return [f"{module}.{name}" for module, name in missing if module not in patterns]


def steps(page: str) -> list[str]:
    """Return the first cell of each row of the table of steps."""
    return re.findall(r"^\| ([^|]+) \|", page.partition("| Step |")[2].partition("\n\n")[0], re.MULTILINE)


def test_every_function_that_locks_is_on_the_page() -> None:
    assert undocumented(lock_functions(), PAGE) == [], "Say in docs/locking.md where in the order it comes."


def test_a_lock_that_is_not_on_the_page_is_found() -> None:
    """The control."""
    functions = [("checkout.cart", "lock_cart"), ("checkout.cart", "lock_line"), ("payouts.runs", "lock_run")]
    assert undocumented(functions, "`checkout.cart.lock_line`, `payouts.runs.lock_*`") == ["checkout.cart.lock_cart"]


def test_steps_are_numbered_without_gaps() -> None:
    numbers = steps(PAGE)
    assert len(numbers) >= 10
    assert numbers == [str(number) for number in range(1, len(numbers) + 1)]


def test_a_gap_between_steps_is_found() -> None:
    """The control."""
    assert steps("| Step | What |\n|---|---|\n| 1 | a |\n| 2½ | b |\n\ntext") == ["1", "2½"]
