"""No file imports, by way of others, itself: imports inside functions and under TYPE_CHECKING count."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).resolve().parents[2]


def import_cycle(modules: Iterable[str], imports_of: Callable[[str], Iterable[str]]) -> list[str]:
    """Return modules that lead back to the first of them, or nothing where all can be put in order."""
    try:
        TopologicalSorter({module: imports_of(module) for module in modules}).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_no_files_import_each_other_in_a_circle() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    assert "exclude_type_checking_imports" not in settings
    graph = grimp.build_graph(*settings["root_packages"], cache_dir=None)
    assert len(graph.modules) > 500
    assert import_cycle(graph.modules, graph.find_modules_directly_imported_by) == []


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
    graph = grimp.build_graph("circling", cache_dir=None)
    circle = import_cycle(graph.modules, graph.find_modules_directly_imported_by)
    assert set(circle) == {"circling.one", "circling.two", "circling.three"}
