"""Each recipe is in the list of recipes, counts its steps, and ends with the commands that show that all were done."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT

RECIPES = ROOT / "docs" / "recipes"
PATHS = sorted(path for path in RECIPES.glob("*.md") if path.name != "README.md")
STEP = re.compile(r"^(\d+)\. ", re.MULTILINE)
LAST_COMMANDS = re.compile(r"```sh\n(.+?)```\n*\Z", re.DOTALL)
TESTS = re.compile(r"(?<=\s)tests/[\w./-]+")


def faults(text: str) -> Iterator[str]:
    """Yield what a reader who follows a recipe would miss."""
    steps = [int(number) for number in STEP.findall(text)]
    if steps != list(range(1, len(steps) + 1)) or not steps:
        yield f"its steps are numbered {steps}"
    commands = LAST_COMMANDS.search(text)
    if commands is None or "uv run pytest" not in commands[1]:
        yield "it does not end with the commands (```sh) that show that it was followed, tests among them"
    elif missing := [name for name in TESTS.findall(commands[1]) if "<" not in name and not (ROOT / name).exists()]:
        yield f"it runs tests that do not exist: {missing}"


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_recipe_is_whole(path: Path) -> None:
    assert list(faults(path.read_text(encoding="utf-8"))) == []


def test_each_recipe_is_in_the_list() -> None:
    listed = re.findall(r"\]\(([\w-]+\.md)\)", (RECIPES / "README.md").read_text(encoding="utf-8"))
    assert sorted(listed) == [path.name for path in PATHS]


def test_a_recipe_that_was_cut_short_or_misnumbered_is_found() -> None:
    """The control."""
    end = "\n```sh\nuv run pytest -n 1 tests/isolation\n```\n"
    assert list(faults(f"1. One.\n2. Two.\n{end}")) == []
    for broken in (
        "1. One.\n2. Two.\n",
        f"1. One.\n3. Three.\n{end}",
        f"Some advice.\n{end}",
        f"1. One.\n{end}2. Two.\n",
        "1. One.\n```sh\nuv run manage.py check\n```\n",
        "1. One.\n```sh\nuv run pytest -n 1 tests/" + "nothing\n```\n",
    ):
        assert len(list(faults(broken))) == 1, broken
