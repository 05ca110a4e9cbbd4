"""Lay tables out in columns, what is referred to on the left, and draw them with their references as SVG."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

ROW, HEAD, PAD = 17, 24, 8  # heights of a row and a head, the space within a box
GAP_X, GAP_Y, MARGIN = 90, 26, 24
CHARACTER = 6.7  # the width of a character at 11 px
TALLEST = 1150  # of a column of tables, before another one is begun
STYLE = (
    "text{font:11px ui-monospace,Menlo,Consolas,monospace;fill:#1f2933}"
    ".b{fill:#fff;stroke:#9aa5b1}.p{fill:#dbe7f3}.s{fill:#f6e3cf}.o{fill:#e4e7eb}"
    ".h{font-weight:700}.t{fill:#616e7c}.k{font-weight:700}.l{fill:none;stroke:#7b8794;stroke-width:1.2}"
)


@dataclass(frozen=True)
class Column:
    """A column of a table; `target` is the table that it refers to."""

    name: str
    kind: str
    target: str = ""
    is_key: bool = False
    is_null: bool = False

    @property
    def note(self) -> str:
        """The type, or the table referred to; with a question mark where it may be null."""
        return (f"→ {self.target}" if self.target else self.kind) + ("?" if self.is_null else "")


@dataclass(frozen=True)
class Table:
    """A table; one without columns stands for a table that another drawing shows."""

    name: str
    place: str
    columns: tuple[Column, ...] = ()

    @property
    def height(self) -> int:
        """Return the height of its box."""
        return HEAD + (len(self.columns) * ROW + PAD if self.columns else 0)

    @property
    def width(self) -> int:
        """Return the width of its box."""
        names = max((len(column.name) for column in self.columns), default=0)
        notes = max((len(column.note) for column in self.columns), default=0)
        return int(max(names + notes + 3, len(self.name) + len(self.place) + 3) * CHARACTER) + 2 * PAD


@dataclass(frozen=True)
class Box:
    """A table at its place in the drawing."""

    table: Table
    x: int
    y: int

    def row_y(self, index: int) -> int:
        """The middle of a row."""
        return self.y + HEAD + PAD // 2 + index * ROW + ROW // 2


def draw(title: str, tables: Sequence[Table]) -> str:
    """Return an SVG of tables and of what they refer to."""
    boxes = {box.table.name: box for box in arrange(with_outsiders(tables))}
    width = max(box.x + box.table.width for box in boxes.values()) + MARGIN
    height = max(box.y + box.table.height for box in boxes.values()) + MARGIN
    lines = [line for box in boxes.values() for line in _references(box, boxes)]
    parts = [part for box in boxes.values() for part in _box(box)]
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" role="img">'
    ground = f'<rect width="{width}" height="{height}" fill="#fff"/>'
    return "\n".join(
        [head, f"<title>Tables: {title}</title>", f"<style>{STYLE}</style>", ground, *lines, *parts, "</svg>\n"]
    )


def with_outsiders(tables: Sequence[Table]) -> list[Table]:
    """Return tables, and a box without columns for each table outside that they refer to."""
    known = {table.name for table in tables}
    outside = {column.target for table in tables for column in table.columns if column.target} - known
    return [*(Table(name, "elsewhere") for name in sorted(outside)), *tables]


def arrange(tables: Sequence[Table]) -> list[Box]:
    """Place each table to the right of those that it refers to."""
    levels: dict[int, list[Table]] = {}
    depths = _depths({table.name: table for table in tables})
    for table in tables:
        levels.setdefault(depths[table.name], []).append(table)
    boxes: list[Box] = []
    x = MARGIN
    for level in sorted(levels):
        for stack in _stacks(levels[level]):
            y = MARGIN
            for table in stack:
                boxes.append(Box(table, x, y))
                y += table.height + GAP_Y
            x += max(table.width for table in stack) + GAP_X
    return boxes


def _depths(tables: Mapping[str, Table]) -> dict[str, int]:
    """Return for each table the length of its longest way of references; references to itself do not count."""
    depths: dict[str, int] = {}

    def depth(name: str, seen: frozenset[str]) -> int:
        if name not in depths:
            targets = {column.target for column in tables[name].columns if column.target} - seen
            depths[name] = max((depth(target, seen | {target}) + 1 for target in targets), default=0)
        return depths[name]

    for name in tables:
        depth(name, frozenset({name}))
    return depths


def _stacks(tables: Sequence[Table]) -> Iterator[list[Table]]:
    """Yield tables in stacks that are not too high."""
    stack: list[Table] = []
    for table in tables:
        if stack and sum(each.height + GAP_Y for each in stack) + table.height > TALLEST:
            yield stack
            stack = []
        stack.append(table)
    yield stack


def _references(box: Box, boxes: Mapping[str, Box]) -> Iterator[str]:
    """Yield a curve from each column that refers to a table to the head of that table."""
    for index, column in enumerate(box.table.columns):
        if column.target and column.target != box.table.name:
            to = boxes[column.target]
            x1, y1 = box.x, box.row_y(index)
            x2, y2 = to.x + to.table.width, to.y + HEAD // 2
            bend = max(30, (x1 - x2) // 2)
            yield f'<path class="l" d="M{x1} {y1}C{x1 - bend} {y1} {x2 + bend} {y2} {x2} {y2}"/>'


def _box(box: Box) -> Iterator[str]:
    table, x, y = box.table, box.x, box.y
    colour = {"public": "p", "shop's schema": "s"}.get(table.place, "o")
    right = x + table.width - PAD
    yield f'<rect class="b" x="{x}" y="{y}" width="{table.width}" height="{table.height}"/>'
    yield f'<rect class="{colour}" x="{x}" y="{y}" width="{table.width}" height="{HEAD}"/>'
    yield f'<text class="h" x="{x + PAD}" y="{y + 16}">{escape(table.name)}</text>'
    yield f'<text class="t" x="{right}" y="{y + 16}" text-anchor="end">{escape(table.place)}</text>'
    for index, column in enumerate(table.columns):
        at = box.row_y(index) + 4
        weight = ' class="k"' if column.is_key else ""
        yield f'<text{weight} x="{x + PAD}" y="{at}">{escape(column.name)}</text>'
        yield f'<text class="t" x="{right}" y="{at}" text-anchor="end">{escape(column.note)}</text>'
