"""Cells of an archive: no spreadsheet runs one, and every byte comes back."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.web.tables import FORMULA_STARTS
from tenants.archives import cells
from tenants.archives.cells import escaped, unescaped
from tenants.errors import ArchiveError

FORMULAS = [
    "=1+1",
    "+1",
    "-1+2",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1",
    "'=1",
    "''=1",
    '=A("x","y")',
    "-",
    "=",
]
HARMLESS = ["", "'", "'Tis", "a=b", "a,'=b", 'say "=1"', "1", "-5", "-5.25", " =1", "Ɗan", "x\n=1", "x,\n'=1"]


def written(rows: list[list[str]]) -> bytes:
    """CSV as PostgreSQL writes it: quoted where it must be, one line end."""

    def cell(text: str) -> str:
        doubled = text.replace('"', '""')
        return f'"{doubled}"' if not text or any(mark in text for mark in ',"\r\n') else text

    return "".join(",".join(map(cell, row)) + "\n" for row in rows).encode()


def read(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode(), newline="")))


def in_blocks(data: bytes, size: int) -> list[bytes]:
    return [data[at : at + size] for at in range(0, len(data), size)]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 4096])
@pytest.mark.parametrize("text", [*FORMULAS, *HARMLESS])
def test_every_cell_comes_back_and_none_is_run(text: str, size: int) -> None:
    rows = [["id", "text", "more"], ["1", text, "x"], [text, text, text], ["-7", "", text]]
    data = written(rows)
    safe = b"".join(escaped(in_blocks(data, size)))
    for row in read(safe)[1:]:
        for cell in row:
            assert not cell.startswith(FORMULA_STARTS) or cells.NUMBER.fullmatch(cell.encode()), cell
    assert b"".join(unescaped(in_blocks(safe, size))) == data
    if text in HARMLESS:
        assert safe == data
    else:
        assert read(safe)[1][1] == f"'{text}"


def test_without_the_apostrophe_a_formula_would_be_run() -> None:
    """The control."""
    assert read(written([["=1+1"]]))[0][0].startswith(FORMULA_STARTS)


def test_an_empty_text_and_none_stay_apart() -> None:
    data = b'a,b\n"",\n"=1",\n'
    safe = b"".join(escaped([data]))
    assert safe == b'a,b\n"",\n"\'=1",\n'
    assert b"".join(unescaped([safe])) == data


TEXTS = st.text(st.sampled_from("=+-@'\t\r\n\",a1＝ "), max_size=6)


@given(st.lists(st.lists(TEXTS, min_size=2, max_size=2), max_size=5), st.integers(1, 9))
def test_whatever_is_written_comes_back(rows: list[list[str]], size: int) -> None:
    data = written(rows)
    safe = b"".join(escaped(in_blocks(data, size)))
    assert b"".join(unescaped(in_blocks(safe, size))) == data


def test_a_record_without_an_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cells, "MOST_OF_A_RECORD", 100)
    with pytest.raises(ArchiveError):
        list(unescaped([b'"' + b"\n" * 60, b"\n" * 60]))
