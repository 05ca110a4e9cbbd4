"""Compile test modules once for all workers: `python -m tests.world.rewriting PART PARTS FOLDER…`.

pytest rewrites the asserts of each test module and stores what it compiled. In a fresh checkout all workers import the
same modules at the same time, so that each does it for all of them, ten seconds of one core a worker. Here each of some
processes compiles its part of the modules, and the workers find them.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from _pytest.assertion.rewrite import PYC_TAIL, _read_pyc, _rewrite_test, _write_pyc, get_cache_dir

FEW = 40  # are compiled by whoever needs them, before processes would have started


def compiled(path: Path) -> Path:
    """Return where pytest stores a compiled test module."""
    return get_cache_dir(path) / f"{path.stem}{PYC_TAIL}"


def modules(folders: Sequence[str]) -> list[Path]:
    """Return the test modules below some folders."""
    found = {path.resolve() for folder in folders for path in Path(folder).rglob("*.py")}
    return sorted(path for path in found if path.name.startswith("test_") or path.name == "conftest.py")


def rewrite_side_by_side(arguments: Sequence[str], *, processes: int) -> None:
    """Compile the modules that are to be collected where hardly any are, in as many processes as there are cores."""
    folders = [argument for argument in arguments if Path(argument).is_dir()]
    missing = (path for path in modules(folders) if not compiled(path).exists())
    if len(list(islice(missing, FEW))) < FEW:
        return
    words = [sys.executable, "-W", "ignore", "-m", __name__]
    parts = [
        subprocess.Popen([*words, str(part), str(processes), *folders], cwd=Path(__file__).parents[2])
        for part in range(processes)
    ]
    for part in parts:
        part.wait()


def rewrite(paths: Sequence[Path]) -> None:
    """Compile modules as pytest does when it imports them, those left out that are compiled already."""
    for path in paths:
        stored = compiled(path)
        if _read_pyc(path, stored) is None:
            stored.parent.mkdir(parents=True, exist_ok=True)
            source, code = _rewrite_test(path, cast("Any", None))
            _write_pyc(cast("Any", SimpleNamespace(trace=print)), code, source, stored)


if __name__ == "__main__":
    sys.dont_write_bytecode = False
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    part, parts, *below = sys.argv[1:]
    rewrite(modules(below)[int(part) :: int(parts)])
