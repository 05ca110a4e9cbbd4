"""The pages of documentation, and what they may name."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from django.apps import apps

from tests.architecture.sources import ROOT, repository_files

WORD = re.compile(r"[A-Za-z_]\w*")
FOLDERS_OF_PAGES = ("docs", ".github")


@cache
def pages() -> tuple[Path, ...]:
    """Return the Markdown pages of the repository: those at the top, in docs/ and for pull requests."""
    found = [path for path in repository_files() if path.suffix == ".md"]
    return tuple(path for path in found if path.parent == ROOT or path.relative_to(ROOT).parts[0] in FOLDERS_OF_PAGES)


def page_id(path: Path) -> str:
    """Return the name of a page for a test's id."""
    return str(path.relative_to(ROOT))


@cache
def sources() -> dict[Path, str]:
    """Return the texts of all files of the repository that are not pages of documentation."""
    texts: dict[Path, str] = {}
    for path in repository_files():
        if path not in pages() and not path.name.startswith("test_docs_"):  # which name what is not there
            try:
                texts[path] = path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue  # a picture or a font
    return texts


@cache
def known_words() -> frozenset[str]:
    """Return every identifier of the repository's files, and the names of the tables."""
    words = {word for text in sources().values() for word in WORD.findall(text)}
    return frozenset(words | {model._meta.db_table for model in apps.get_models(include_auto_created=True)})
