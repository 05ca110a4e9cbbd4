"""The map has a row for every app, every folder of an app that is no usual layer, and every other folder; no other row.

A folder of an app is named in the row of the app, or in the table "Inside" it; a name elsewhere does not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.architecture.sources import FOLDERS, ROOT, python_files, repository_files

LAYERS = {"api", "forms", "management", "models", "selectors", "serializers", "services", "templatetags", "views"}
MAP = (ROOT / "docs" / "map.md").read_text(encoding="utf-8")
FOLDER = re.compile(r"`([\w./]+)/`")


def folders() -> set[str]:
    """Return the folders with modules: apps, what is right under them, and what is right under platform's."""
    parts = {path.relative_to(ROOT).parts[:-1] for path in python_files()}
    depths = ((each, 3 if each[0] == "platform" else 2) for each in parts if each)
    return {"/".join(each[:depth]) for each, depth in depths if not LAYERS & set(each[:depth])} - {"platform"}


def folders_beside() -> set[str]:
    """Return the top-level folders beside the apps, and those of the tests that are not of one app."""
    apps = {name.rpartition("/")[2] for name in folders()}
    parts = {path.relative_to(ROOT).parts[:-1] for path in repository_files()}
    tops = {each[0] for each in parts if each} - {*FOLDERS}
    return tops | {f"tests/{each[1]}" for each in parts if each[:1] == ("tests",) and each[1:] and each[1] not in apps}


def named(page: str) -> Iterator[str]:
    """Yield the folders that the tables of "Where things are" name, each by its whole path."""
    section = page.partition("## Where things are\n")[2].partition("\n### If you look for")[0]
    inside = ""
    for line in section.splitlines():
        if line.startswith("### "):
            heading = re.fullmatch(r"### Inside `([\w/]+/)`", line)
            inside = heading[1] if heading else ""
        elif line.startswith("|"):
            first, *others = line.strip("|").split("|")
            for name in FOLDER.findall(first):
                yield inside + name
                yield from (f"{inside}{name}/{each}" for each in FOLDER.findall(" ".join(others)))


def test_every_folder_is_on_the_map() -> None:
    found = folders() | folders_beside()
    assert {*FOLDERS[:-1], "platform/kit/work", "checkout/fulfilment", "tests/world", ".ci"} <= found
    assert sorted(found - set(named(MAP))) == [], "Give it a row in docs/map.md that says what it holds."


def test_no_row_is_of_a_folder_that_is_gone() -> None:
    assert [name for name in named(MAP) if not (ROOT / name).is_dir()] == []


def test_a_folder_that_is_named_elsewhere_is_not_on_the_map() -> None:
    """The control."""
    page = """
## Where things are

`tests/texts/` is not in a table.

| `payouts/` | public | the ledger; its audit (`audit/`) |

### Inside `checkout/`

| `cart/` | see `coupons/x.py` |

### Beside the apps

| `tests/` | all tests |

### If you look for …

| what goes back | `checkout/refunds/` |
"""
    assert set(named(page)) == {"payouts", "payouts/audit", "checkout/cart", "tests"}


def test_every_recipe_is_listed() -> None:
    listed = (ROOT / "docs" / "recipes" / "README.md").read_text(encoding="utf-8")
    written = {path.name for path in (ROOT / "docs" / "recipes").glob("add-*.md")}
    assert set(re.findall(r"\]\((add-[\w-]+\.md)\)", listed)) == written


def test_every_decision_is_listed_by_its_title() -> None:
    folder = ROOT / "docs" / "adr"
    listed = re.findall(
        r"^\| (\d+) \| \[(.+)\]\((.+)\) \| .+ \|$", (folder / "README.md").read_text("utf-8"), re.MULTILINE
    )
    written = [(path.name, path.read_text("utf-8").partition("\n")[0]) for path in sorted(folder.glob("[0-9]*.md"))]
    titles = [(str(int(name[:4])), re.sub(r"^# \d+(?:\.| —) ", "", line), name) for name, line in written]
    assert listed == titles, "Give the decision a row in docs/adr/README.md: its number, title and subject."
