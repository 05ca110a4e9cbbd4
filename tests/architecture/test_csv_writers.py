"""One module writes tables for spreadsheets, so that no text of anybody's is run as a formula."""

from __future__ import annotations

import re

import pytest

from tests.architecture.sources import ROOT, python_files, source_files

WRITERS = re.compile(r"csv\.(?:writer|DictWriter)\(|FORMAT\s+csv[^)]*HEADER|to_csv\(|from csv import", re.IGNORECASE)
ALLOWED = {
    "platform/kit/web/tables.py": "the one that escapes",
    "tenants/archives/tables.py": "an archive, restored byte for byte: it escapes cells by bytes (cells.py)",
}


def test_tables_are_written_by_one_module() -> None:
    found = {
        str(path.relative_to(ROOT))
        for path in [*python_files(), *source_files(".sql")]
        if WRITERS.search(path.read_text(encoding="utf-8"))
    }
    assert sorted(found - ALLOWED.keys()) == [], "Write it with kit.web.tables.csv_text or csv_response."
    assert found == ALLOWED.keys()


@pytest.mark.parametrize(
    "source",
    ["csv.writer(file)", "csv.DictWriter(f, [])", "COPY x TO STDOUT (FORMAT csv, HEADER)", "from csv import writer"],
)
def test_another_writer_is_found(source: str) -> None:
    assert WRITERS.search(source)
