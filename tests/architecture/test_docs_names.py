"""Modules, names and files that the documentation puts in backticks exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from pydoc import ErrorDuringImport, locate

import pytest

from tests.architecture.documents import page_id, pages
from tests.architecture.sources import FOLDERS, ROOT, python_files, repository_files

QUOTED = re.compile(r"`([^`\n]+)`")
DOTTED = re.compile(r"[a-z_]+(?:\.\w+)+\*?")
ENTRY_POINTS = frozenset({"config.wsgi"})  # their import makes the process a web server, with its limits
CHECK = re.compile(r"[EW]\d{3}")
FILE = re.compile(r"[\w./-]+\.(?:py|sql|html|css|js|md|toml|yml)")
PACKAGES = {*FOLDERS[:-1], "tests", *(path.parent.name for path in (ROOT / "platform").glob("*/__init__.py"))}


@cache
def files() -> frozenset[str]:
    """Return the repository's paths and what they end in, from each folder on."""
    paths = [path.relative_to(ROOT).parts for path in repository_files()]
    return frozenset("/".join(parts[start:]) for parts in paths for start in range(len(parts)))


def dead_names(text: str) -> Iterator[str]:
    """Yield what looks like a name or a file of ours and is none."""
    for quoted in QUOTED.findall(text):
        word = quoted.partition("(")[0]
        if DOTTED.fullmatch(word) and word.partition(".")[0] in PACKAGES:
            is_alive = exists(word)
        else:
            is_alive = not FILE.fullmatch(word) or word.startswith(("/", ".")) or word in files()
        if not is_alive:
            yield quoted


def exists(name: str) -> bool:
    """Return whether a dotted name is a module, something in one (`lock_*`: several), a task or a system check."""
    owner, _, last = name.rpartition(".")
    if name in ENTRY_POINTS:
        return find_spec(name) is not None
    if CHECK.fullmatch(last):
        return any(f'"{name}"' in path.read_text(encoding="utf-8") for path in python_files())
    try:
        if last.endswith("*"):
            return any(each.startswith(last[:-1]) for each in dir(locate(owner)))
        return locate(name) is not None or name in task_names()
    except ErrorDuringImport:
        return False


@cache
def task_names() -> frozenset[str]:
    from config.celery import app

    app.loader.import_default_modules()
    return frozenset(app.tasks)


@pytest.mark.parametrize("path", pages(), ids=page_id)
def test_names_in_the_documentation_exist(path: Path) -> None:
    dead = list(dead_names(path.read_text(encoding="utf-8")))
    assert dead == [], "Write the name that the code has today, or leave the backticks out for what is gone."


def test_dead_names_are_found() -> None:
    """The control."""
    dead = ["tenants.staff.locks.lock_staff", "kit.work.no_such", "payouts.selectors.nothing_*", "kit/no_such.py"]
    dead += ["gateway.E999", "webhooks.drain_nothing"]
    alive = ["tenants.shops.selectors.lock_shop", "kit.work.leased.claim(…)", "checkout.orders.payments.lock_*"]
    alive += [
        "quote.py",
        "kit/work/bulk.py",
        "webhooks.drain_inbox",
        "tenants.E005",
        "example.com",
        "<name>/harness.py",
    ]

    assert list(dead_names(" ".join(f"`{word}`" for word in dead + alive))) == dead
