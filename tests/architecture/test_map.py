"""The map names every app and every folder of an app that is not one of the usual layers; the recipes are listed."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tests.architecture.sources import FOLDERS, ROOT, python_files

LAYERS = {"api", "forms", "management", "models", "selectors", "serializers", "services", "templatetags", "views"}
MAP = (ROOT / "docs" / "map.md").read_text(encoding="utf-8")


def folders() -> set[str]:
    """Return the folders with modules: apps, what is right under them, and what is right under platform's."""
    parts = {path.relative_to(ROOT).parts[:-1] for path in python_files()}
    depths = ((each, 3 if each[0] == "platform" else 2) for each in parts if each)
    return {"/".join(each[:depth]) for each, depth in depths if not LAYERS & set(each[:depth])}


def missing(names: Iterable[str], page: str) -> list[str]:
    """Return folders that a page names neither whole nor, within its parent's section, by their own name."""
    words = set(re.findall(r"`([\w/.]+)/`", page)) | {
        word for path in re.findall(r"`([\w/.]+)`", page) for word in _ways(path)
    }
    return sorted(name for name in names if name not in words and name.rpartition("/")[2] not in words)


def _ways(path: str) -> Iterable[str]:
    """Yield the folders on the way to a path."""
    parts = path.strip("/").split("/")
    return ("/".join(parts[:end]) for end in range(1, len(parts) + 1))


def test_every_folder_is_on_the_map() -> None:
    found = folders()
    assert {*FOLDERS[:-1], "platform/kit/work", "checkout/fulfilment"} <= found
    assert missing(found - {"platform"}, MAP) == [], "Say in docs/map.md what it holds."


def test_a_folder_that_is_not_on_the_map_is_found() -> None:
    """The control."""
    assert missing(["checkout/cart", "checkout/coupons", "payouts"], "`checkout/`: `cart/` · `payouts/audit/x.py`") == [
        "checkout/coupons"
    ]


def test_every_recipe_is_listed() -> None:
    listed = (ROOT / "docs" / "recipes" / "README.md").read_text(encoding="utf-8")
    written = {path.name for path in (ROOT / "docs" / "recipes").glob("add-*.md")}
    assert set(re.findall(r"\]\((add-[\w-]+\.md)\)", listed)) == written
