"""No file, and no part of an app, imports itself by way of others: imports in functions and for types count."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
MOST_SHOWN = 12
SAME_PART = {"kit.wiring": "kit.work"}  # the table of who hears what goes with the events


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph(*SETTINGS["root_packages"], cache_dir=None)


def import_cycle(modules: Iterable[str], imports_of: Callable[[str], Iterable[str]]) -> list[str]:
    """Return modules that lead back to the first of them, or nothing where all can be put in order."""
    try:
        TopologicalSorter({module: imports_of(module) for module in modules}).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def imports_of_parts(graph: grimp.ImportGraph) -> Mapping[str, set[str]]:
    """Return what each folder or file right under an app imports, as folders and files right under an app."""
    found: dict[str, set[str]] = defaultdict(set)
    for module in graph.modules:
        for imported in graph.find_modules_directly_imported_by(module):
            importer, target = _part(module), _part(imported)
            if importer != target and "." in importer and "." in target:
                found[importer].add(target)
    return found


def _part(module: str) -> str:
    part = ".".join(module.split(".")[:2])
    return SAME_PART.get(part, part)


def steps_of(circle: list[str], graph: grimp.ImportGraph) -> str:
    """Return an import for each step of a circle of parts, by its modules."""
    found = [
        f"{module} → {imported}"
        for importer, target in pairwise(reversed(circle))
        for module in sorted(graph.modules)
        if _part(module) == importer
        for imported in sorted(graph.find_modules_directly_imported_by(module))
        if _part(imported) == target
    ]
    return ", ".join(found[:MOST_SHOWN])


def test_types_count_as_imports(graph: grimp.ImportGraph) -> None:
    assert "exclude_type_checking_imports" not in SETTINGS
    assert len(graph.modules) > 500


def test_no_files_import_each_other_in_a_circle(graph: grimp.ImportGraph) -> None:
    assert import_cycle(graph.modules, graph.find_modules_directly_imported_by) == []


def test_no_parts_of_an_app_import_each_other_in_a_circle(graph: grimp.ImportGraph) -> None:
    parts = imports_of_parts(graph)
    circle = import_cycle(parts, lambda part: parts.get(part, set()))
    assert circle == [], f"Each imports the next: {steps_of(circle, graph)}. Move what both need below them."


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("checkout.fulfilment.services.advance", "checkout.models.orders"),
        ("checkout.orders.selectors", "checkout.fulfilling.advance_part"),
        ("kit.work.outbox", "kit.tasks"),
    ],
)
def test_parts_that_would_import_each_other_are_caught(graph: grimp.ImportGraph, importer: str, imported: str) -> None:
    changed = grimp.build_graph(*SETTINGS["root_packages"], cache_dir=None)
    changed.add_import(importer=importer, imported=imported)
    parts = imports_of_parts(changed)
    circle = import_cycle(parts, lambda part: parts.get(part, set()))
    assert {_part(importer), _part(imported)} <= set(circle)
    assert f"{importer} → {imported}" in steps_of(circle, changed)


def test_a_circle_is_caught_however_it_is_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "circling"
    package.mkdir()
    files = {
        "__init__": "",
        "one": "from circling import two\n",
        "two": "def work():\n    from circling.three import go\n",
        "three": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from circling.one import x\n",
        "four": "from circling.one import x\n",
    }
    for name, text in files.items():
        (package / f"{name}.py").write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    circling = grimp.build_graph("circling", cache_dir=None)
    circle = import_cycle(circling.modules, circling.find_modules_directly_imported_by)
    assert set(circle) == {"circling.one", "circling.two", "circling.three"}
