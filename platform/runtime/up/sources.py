"""Files of the project that processes read once: which of them have changed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

LOADED = (".py", ".sql", ".mo", ".toml")  # read when a process starts
FOUND = (".html", ".txt")  # read again when they change (KASUWA_RELOAD), but where they are is remembered
LEFT_OUT = frozenset({"docs", "node_modules", "staticfiles", "tests", "__pycache__"})


class Sources:
    """The files of a folder as they were when they were last looked at.

    They are looked at twice a second, which needs no package and works on every file system, also on those of
    containers and virtual machines, which report no changes.
    """

    def __init__(self, root: Path, *, leave_out: Path) -> None:
        self._root = root
        self._left_out = str(leave_out)
        self._known = self._look()

    def changed(self) -> str:
        """Return the name of a file that was changed, added or removed since the last look; nothing where none was."""
        before, self._known = self._known, self._look()
        different = before.items() ^ self._known.items()
        return os.path.relpath(min(different)[0], self._root) if different else ""

    def _look(self) -> dict[str, tuple[int, int]]:
        """Return the state of each file: its time and size, or zeros where only its presence counts."""
        found = {}
        for entry in _files(str(self._root), self._left_out):
            try:
                status = entry.stat()
            except OSError:  # removed meanwhile, or a link to nothing, as editors leave them beside an open file
                continue
            is_loaded = entry.name.endswith(LOADED)
            found[entry.path] = (status.st_mtime_ns, status.st_size) if is_loaded else (0, 0)
        return found


def _files(folder: str, left_out: str) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            here = [entry for entry in entries if not entry.name.startswith(".") and entry.name not in LEFT_OUT]
    except OSError:  # removed meanwhile
        return
    for entry in here:
        if entry.name.endswith((*LOADED, *FOUND)):
            yield entry
        elif "." not in entry.name and entry.path != left_out and entry.is_dir(follow_symlinks=False):
            yield from _files(entry.path, left_out)
