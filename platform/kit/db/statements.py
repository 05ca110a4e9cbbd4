"""SQL statements in files: `<package>/sql/<name>.sql`, each begun by a comment that describes it."""

import re
from functools import cache
from importlib.resources import files
from typing import LiteralString

DESCRIPTION = re.compile(r"\A(?:--[^\n]*\n)*")


@cache
def load_statement(package: str | None, name: str) -> LiteralString:
    """Return `sql/<name>.sql` beside a module, whose `__package__` is given, without the comment it begins with."""
    text = (files(package or "") / "sql" / f"{name}.sql").read_text(encoding="utf-8")
    return DESCRIPTION.sub("", text)
