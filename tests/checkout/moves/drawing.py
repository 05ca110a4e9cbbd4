"""Diagrams of docs/orders.md, drawn from the table of moves; `python -m tests.checkout.moves.drawing` writes them."""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path
from typing import Any

import django

EDGE, GONE = "[*]", "removed"
PAGE = Path(__file__).parents[3] / "docs" / "orders.md"
DIAGRAMS = {"An order": "ORDER_MOVES", "A part of an order": "PART_MOVES", "A parcel of a part": "PARCEL_MOVES"}


def redraw(text: str) -> str:
    """Return the page with its diagrams as the table has them; Django is set up."""
    table = import_module("checkout.moves.table")
    for name, moves in DIAGRAMS.items():
        start = text.index(f'```mermaid\nstateDiagram-v2\n    state "{name}" as ')
        end = text.index("\n```", start) + len("\n```")
        text = text[:start] + _drawn(name, getattr(table, moves)) + text[end:]
    return text


def _drawn(name: str, moves: Any) -> str:
    arrows = [
        f"        {start or EDGE} --> {EDGE if move.to == GONE else move.to}: {move.arrow}".removesuffix(": ")
        for move in moves
        if move.to
        for start in sorted(move.start)
    ]
    lines = [f'    state "{name}" as {name.split()[1]} {{', *arrows, "    }"]
    return "\n".join(["```mermaid", "stateDiagram-v2", *lines, "```"])


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    django.setup()
    PAGE.write_text(redraw(PAGE.read_text()))
