"""Statements in files of their own: `<package>/sql/<name>.sql`, each begun by a comment that describes it."""

from functools import cache
from importlib.resources import files
from typing import LiteralString


@cache
def load_statement(package: str | None, name: str) -> LiteralString:
    """Return the text of `sql/<name>.sql` beside a module, whose `__package__` is given."""
    return (files(package or "") / "sql" / f"{name}.sql").read_text(encoding="utf-8")
