"""Statements of ten lines and more stand in `.sql` files beside the module that loads them, each described.

In Python, pieces that are joined by blanks count as lines. What this cannot see: pieces that are joined from a variable
or in a loop, long lines, and a part of a statement in small letters, such as a list of columns and `from`.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, python_files, source_files
from tests.architecture.statements import DESCRIPTION, LOOKS_LIKE_SQL, Text, all_texts, texts_in

LONGEST = 9
WIDEST = 120
FILES = list(source_files(".sql"))
PARAMETER = re.compile(r"\$\d+|%\(\w+\)s|%s|(?<!\{)\{\w+\}(?!\})")
# Words that are SQL's alone; `key`, `name` and their like are names of columns too.
KEYWORD = re.compile(
    r"\b(?:select|insert|into|update|delete|from|where|join|left|full|group by|order by|having|union all|with|values"
    r"|returning|on conflict|limit|case|when|then|else|end|and|or|not|exists|distinct|filter|lateral|for update)\b"
)
QUOTED = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|--[^\n]*")


def too_long(text: Text) -> bool:
    return text.path.suffix == ".py" and text.is_sql_in_any_letters and text.length > LONGEST


def faults(text: str) -> list[str]:
    """Name what is wrong with a `.sql` file."""
    found = []
    description = DESCRIPTION.match(text)
    statement = text[description.end() :] if description else text
    if description is None or len(description.group().strip("- \n")) < 20:
        found.append("it does not begin with a comment that describes it")
    told = description.group() if description else ""
    missing = sorted(set(PARAMETER.findall(statement)) - set(PARAMETER.findall(told)))
    found += [f"its comment does not say what {parameter} is" for parameter in missing]
    if not LOOKS_LIKE_SQL.search(statement):
        found.append("it is no statement")
    bare = PARAMETER.sub("", QUOTED.sub("", statement))
    found += [f"{word!r} is not in capitals" for word in sorted({match.group() for match in KEYWORD.finditer(bare)})]
    lines = text.splitlines()
    found += [f"line {number} is too wide" for number, line in enumerate(lines, start=1) if len(line) > WIDEST]
    if any(line != line.rstrip() or "\t" in line for line in lines) or "\n\n" in text or not text.endswith("\n"):
        found.append("it has blank ends, tabs or empty lines, or no end of its last line")
    return found


def is_loaded(path: Path) -> bool:
    """Return whether a module beside a file's folder loads it by its name."""
    names = (f'load_statement(__package__, "{path.stem}")', f'"{path.name}"')
    modules = [module.read_text(encoding="utf-8") for module in path.parent.parent.glob("*.py")]
    return any(name in module for module in modules for name in names)


def test_no_long_statement_stands_in_python() -> None:
    assert [f"{text.path.relative_to(ROOT)}:{text.line}" for text in all_texts() if too_long(text)] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_statement_s_file_is_described_tidy_and_loaded(path: Path) -> None:
    assert path.parent.name == "sql"
    assert faults(path.read_text(encoding="utf-8")) == []
    assert is_loaded(path)


def test_what_is_loaded_is_there() -> None:
    loaded = re.compile(r'load_statement\(\s*__package__,\s*"(\w+)"\s*\)')
    found = {
        module.parent / "sql" / f"{name}.sql"
        for module in python_files()
        for name in loaded.findall(module.read_text(encoding="utf-8"))
    }
    assert sorted(path for path in found if not path.is_file()) == []


LONG = "SELECT id\n" + "  , 1\n" * 8 + "FROM shop"


@pytest.mark.parametrize(
    "source",
    [
        f'X = """{LONG}"""',
        f'X = sql.SQL("""\n{LONG}\n""")',
        f'X = f"""{LONG} {{where}}"""',
        'X = "WITH a AS (SELECT 1)\\n" + """' + "\n, b\n" * 5 + '"""',
        f'def f():\n    execute("""{LONG}""")',
        f'X = """{LONG.lower()}"""',
        'X = """' + "delete from shop\n using\n" + " a,\n" * 8 + '"""',
        f'X = "\\n".join({LONG.splitlines()})',
        f'X = " ".join({tuple(LONG.splitlines())})',
        'X = " ".join(["SELECT a", ' + '"b,", column, ' * 5 + '"FROM t"])',
    ],
)
def test_a_long_statement_is_found(source: str) -> None:
    assert [text for text in texts_in(source, Path("x.py")) if too_long(text)]


@pytest.mark.parametrize(
    "source",
    [
        f'X = ", ".join({LONG.splitlines()})',
        f'X = "\\n".join({LONG.splitlines()[:9]})',
        f'"""{LONG}"""',
        'X = """' + "Select a shop\n" * 12 + '"""',
        f'X = """{LONG}"""'.replace("  , 1\n", ""),
    ],
)
def test_other_texts_are_left_alone(source: str) -> None:
    assert not [text for text in texts_in(source, Path("x.py")) if too_long(text)]


GOOD = """-- Shops of the status %(status)s, by name; {columns} of each.
SELECT {columns} FROM shop
 WHERE status = %(status)s
"""


def test_a_good_file_has_no_faults() -> None:
    assert faults(GOOD) == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (GOOD.partition("\n")[2], "it does not begin with a comment that describes it"),
        (GOOD.replace("%(status)s, by", "a status, by"), "its comment does not say what %(status)s is"),
        (GOOD.replace("{columns} of each", "each"), "its comment does not say what {columns} is"),
        (GOOD.replace("WHERE", "where"), "'where' is not in capitals"),
        (GOOD.replace(" WHERE", "\n WHERE"), "it has blank ends, tabs or empty lines, or no end of its last line"),
        (GOOD.rstrip(), "it has blank ends, tabs or empty lines, or no end of its last line"),
        (GOOD.replace("shop\n", f"shop -- {'x' * 120}\n"), "line 2 is too wide"),
        ("-- Nothing at all, for what it is worth.\nnothing\n", "it is no statement"),
    ],
)
def test_each_fault_is_found(text: str, fault: str) -> None:
    assert fault in faults(text)


def test_a_file_that_nobody_loads_is_found(tmp_path: Path) -> None:
    (tmp_path / "sql").mkdir()
    (tmp_path / "shops.py").write_text('SHOPS = load_statement(__package__, "shops")')
    assert is_loaded(tmp_path / "sql" / "shops.sql")
    assert not is_loaded(tmp_path / "sql" / "orders.sql")
