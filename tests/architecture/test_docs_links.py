"""Links, folders, commands and identifiers of the documentation exist; so do pages that the code refers to."""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

from tests.architecture.documents import known_words, page_id, pages, sources
from tests.architecture.sources import ROOT, repository_files
from tests.bench.__main__ import NAMES, OTHER_NAMES

LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
QUOTED = re.compile(r"`([^`\n]+)`")
FOLDER = r"(?:\.ci|\.github|docs|tests|tenants|catalogue|checkout|payouts|webhooks|vendors|platform)/"
PATH = re.compile(rf"(?<![\w./:@>-]){FOLDER}[\w./*-]*")
DECISION = re.compile(r"docs/adr/\d{4}")  # a decision may be named by its number alone
COMMAND = re.compile(r"(?:manage\.py|npm run|(?<=`)bench) +[a-z][\w-]*[^`\n|#]*")
IDENTIFIER = re.compile(r"[A-Za-z]\w*[A-Za-z0-9]")  # not the beginning or end of one, such as `lock_`
# Names of others' programs, which no file of ours has.
FOREIGN = {"websearch_to_tsquery", "RawCursor", "CREATEROLE", "GETDEL"}
# An underscore, a capital within, or capitals alone: a name, not an English word.
NAME = re.compile(r"_|[a-z][A-Z]|^[A-Z]{4,}$")


def dead_links(text: str, page: Path) -> Iterator[str]:
    """Yield links to a file or a heading that is not there; other sites are not asked."""
    for target in LINK.findall(text):
        name, _, anchor = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        if "://" not in target and not (file.exists() and (not anchor or anchor in anchors(file))):
            yield target


@cache
def anchors(page: Path) -> frozenset[str]:
    """Return the anchors of a page's headings, as they are made of their texts."""
    headings = HEADING.findall(page.read_text(encoding="utf-8"))
    return frozenset(re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings)


def dead_paths(text: str) -> Iterator[str]:
    """Yield paths from a top-level folder on, in text or in a block of code, that lead nowhere."""
    for match in PATH.findall(LINK.sub("]", text)):
        path = match.rstrip("./")
        if next(ROOT.glob(f"{path}*" if DECISION.fullmatch(path) else path), None) is None:
            yield path


def dead_commands(text: str) -> Iterator[str]:
    """Yield commands, actions of a command and options that are not there."""
    for command in COMMAND.findall(text):
        if re.search(r"\{|…", command):
            continue
        program, *words = re.split(r"\s+", command.replace("npm run", "npm").strip())
        if not is_command(program, words):
            yield command.strip()


def is_command(program: str, words: list[str]) -> bool:
    """Return whether a program knows a command with its action and options."""
    name = words[0].rstrip(".,;:)")
    if program == "npm":
        return name in scripts()
    if program == "bench" or (program == "manage.py" and name == "bench"):
        suites = words[1:2] if program == "manage.py" else words[:1]
        return all(word.startswith("-") or word in NAMES.keys() | OTHER_NAMES for word in suites)
    return name in get_commands() and takes(parser_of(name), words[1:])


def takes(parser: argparse.ArgumentParser, words: list[str]) -> bool:
    """Return whether a parser has an action of the first word's name, and each option."""
    actions = {
        choice: action for action in parser._actions for choice in action.choices or () if not action.option_strings
    }
    if actions and words and not words[0].startswith("-"):
        if words[0] not in actions:
            return False
        below = actions[words[0]].choices
        parser = below[words[0]] if isinstance(below, dict) else parser
    options = [word.partition("=")[0].rstrip(".,;:)") for word in words if word.startswith("--")]
    return all(option in parser._option_string_actions for option in options)


@cache
def parser_of(name: str) -> argparse.ArgumentParser:
    app = get_commands()[name]
    command = load_command_class(app, name) if isinstance(app, str) else app
    return command.create_parser("manage.py", name)


@cache
def scripts() -> frozenset[str]:
    return frozenset(json.loads((ROOT / "platform/config/frontend/package.json").read_text())["scripts"])


def dead_identifiers(text: str) -> Iterator[str]:
    """Yield quoted names (`NAME`) that no file has."""
    for quoted in QUOTED.findall(text):
        word = quoted.partition("(")[0]
        if IDENTIFIER.fullmatch(word) and NAME.search(word) and word not in known_words() | FOREIGN:
            yield quoted


def pages_named_in_code() -> Iterator[tuple[Path, str]]:
    for path, text in sources().items():
        for page in re.findall(r"(?<![\w./:-])(?:docs/[\w/-]+(?:\.md)?|tests/[\w/]+\.py)", text):
            yield path, page


@pytest.mark.parametrize("page", pages(), ids=page_id)
def test_what_a_page_names_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert list(dead_links(text, page)) == []
    assert list(dead_paths(text)) == []
    assert list(dead_commands(text)) == []
    assert list(dead_identifiers(text)) == []


def test_pages_and_tests_named_in_code_exist() -> None:
    names = {str(path.relative_to(ROOT)) for path in repository_files()}
    dead = [(path, page) for path, page in pages_named_in_code() if not any(name.startswith(page) for name in names)]
    assert dead == [], "Name the page that the documentation has today."


def unlinked(readme: str, names: Iterable[str]) -> list[str]:
    """Return the pages of the documentation to which the README does not lead."""
    return sorted(set(names) - {target.partition("#")[0] for target in LINK.findall(readme)})


def test_the_readme_leads_to_every_page() -> None:
    names = [f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")]
    assert unlinked((ROOT / "README.md").read_text(encoding="utf-8"), names) == []


def test_a_page_without_a_link_is_found() -> None:
    """The control."""
    assert unlinked("[a](docs/a.md) [c](docs/c.md#x)", ["docs/a.md", "docs/b.md", "docs/c.md"]) == ["docs/b.md"]


def test_dead_links_and_paths_are_found() -> None:
    """The control."""
    page = ROOT / "docs" / "pricing.md"
    text = "[a](ledger.md) [b](ledger.md#journals) [c](gone.md) [d](ledger.md#gone) [e](#amounts) [f](https://a.test/x)"
    assert list(dead_links(text, page)) == ["gone.md", "ledger.md#gone"]

    text = "see docs/locking.md, docs/adr/0001, tests/isolation/table_*.py, `checkout/gone/`, tests/no_*.py, https://a.test/docs/x"
    assert list(dead_paths(text)) == ["checkout/gone", "tests/no_*.py"]


def test_dead_commands_and_identifiers_are_found() -> None:
    """The control."""
    alive = ["manage.py up --port 8100", "manage.py shops delete SLUG --force", "npm run axe", "manage.py bench ledger"]
    dead = [
        "manage.py vanish",
        "manage.py shops vanish",
        "manage.py up --vanish",
        "npm run vanish",
        "manage.py bench x",
    ]
    assert list(dead_commands("\n".join(f"`{each}`" for each in [*alive, *dead]))) == dead

    assert list(
        dead_identifiers(
            "`commission_of(…)`, `ShopHostMiddleware`, `no_such_thing`, `NoSuchThing`, `MATRIX`, `word`, `MIDDLEWARE`"
        )
    ) == [
        "no_such_thing",
        "NoSuchThing",
        "MATRIX",
    ]
