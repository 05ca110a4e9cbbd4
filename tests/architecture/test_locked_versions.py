"""Everyone gets the versions of requirements.lock: the image, continuous integration and contributors."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from importlib.metadata import distributions
from typing import Any

import pytest
from packaging.requirements import Requirement

from tests.architecture.requirements_lock import LOCK, PROJECT, given, held, normalised, pins, problems

OURS = "kasuwa"
SYNCHRONISE = "Other versions than the locked ones are installed. Run: uv sync"


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    return tomllib.loads(PROJECT.read_text())


def version(pin: str) -> str:
    """Return a pin's version without its marker."""
    return pin.split(" ;", maxsplit=1)[0]


def deviations(installed: Mapping[str, str], locked: Mapping[str, str]) -> list[str]:
    """Return the installed packages of another version than the locked one."""
    return [
        f"{name} is {found}, not {version(locked[name])}"
        for name, found in installed.items()
        if name in locked and found != version(locked[name])
    ]


def needed(names: set[str]) -> set[str]:
    """Return the installed packages that some packages need, and what those need in turn."""
    metadata = {normalised(found.name): found for found in distributions()}
    known: set[str] = set()
    while names:
        known |= names
        names = {name for each in names for name in _requirements(metadata[each].requires or ())} & metadata.keys()
        names -= known
    return known


def _requirements(lines: Iterator[str] | Any) -> Iterator[str]:
    for line in lines:
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            yield normalised(requirement.name)


def test_installed_versions_are_the_locked_ones(project: dict[str, Any]) -> None:
    installed = {normalised(found.name): found.version for found in distributions()}
    every = {**given(project), **held(project), **pins(LOCK.read_text())}

    assert deviations(installed, every) == [], SYNCHRONISE
    assert deviations({**installed, "django": "0.1"}, every) == [f"django is 0.1, not {every['django']}"]


def test_all_that_a_tool_or_the_market_needs_is_held_to_one_version(project: dict[str, Any]) -> None:
    pinned, constraints = given(project), held(project)

    assert needed(set(pinned)) - pinned.keys() - constraints.keys() == set()
    assert "pluggy" in needed({"pytest"}) & constraints.keys()


def test_a_version_that_uv_is_not_held_to_is_found(project: dict[str, Any]) -> None:
    lock = LOCK.read_text()
    assert problems(lock=lock, project=project) == []

    name, pin = next(iter(pins(lock).keys() & held(project).keys())), "0.0.1"
    other = lock.replace(f"\n{name}=={version(pins(lock)[name])}", f"\n{name}=={pin}")
    assert [fault for fault in problems(lock=other, project=project) if fault.startswith(f"{name}=={pin}")]

    unheld = {**project, "tool": {"uv": {"constraint-dependencies": []}}}
    assert any("is missing among uv's constraints" in fault for fault in problems(lock=lock, project=unheld))
