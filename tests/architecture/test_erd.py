"""The drawings of the tables are what the models say, and the page of drawings shows each."""

from __future__ import annotations

import re
from dataclasses import replace

from tests.architecture.erd import AREAS, FOLDER, drawings, stale, tables_of, undrawn
from tests.architecture.erd_drawing import Column, Table, draw
from tests.architecture.sources import ROOT


def test_drawings_are_up_to_date() -> None:
    assert stale(drawings()) == [], "Run: uv run python -m tests.architecture.erd"


def test_a_new_column_and_a_drawing_that_is_gone_are_found() -> None:
    """The control."""
    wanted = drawings()
    tables = tables_of(AREAS["orders"])
    tables[0] = replace(tables[0], columns=(*tables[0].columns, Column("gift_note", "text")))
    wanted[FOLDER / "orders.svg"] = draw("orders", tables)
    del wanted[FOLDER / "work.svg"]
    assert stale(wanted) == ["orders.svg", "work.svg"]


def test_every_app_with_tables_is_drawn() -> None:
    assert undrawn() == set(), "Name the app in AREAS (tests/architecture/erd.py)."


def test_the_page_shows_every_drawing() -> None:
    page = (ROOT / "docs" / "erd.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\(images/erd/(\w+)\.svg\)", page)) == AREAS.keys()


def test_tables_stand_to_the_right_of_what_they_refer_to() -> None:
    part = Table("part", "public", (Column("id", "bigint", is_key=True), Column("order_id", "uuid", "order")))
    order = Table("order", "public", (Column("id", "uuid", is_key=True), Column("parent_id", "uuid", "order")))
    drawn = draw("x", [part, order])
    [left], [right] = (re.findall(rf'x="(\d+)" y="\d+">{name}<', drawn) for name in ("order", "part"))
    assert int(left) < int(right)
    assert drawn.count('class="l"') == 1  # a reference to itself is told by its row alone
