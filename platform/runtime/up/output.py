"""One terminal for many processes: a coloured name in front of each line."""

from __future__ import annotations

import os
import sys
from typing import TextIO

from runtime import sandbox

NAME_WIDTH = 8
COLOURS = {"kasuwa": "1;36", "setup": "35", "web": "32", "worker": "33", "beat": "34", sandbox.PROVIDER: "36"}
RESET = "\x1b[0m"


class Terminal:
    """Writes whole lines; colours only for people, and only if they want them."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stdout
        wanted = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        self._colourful = wanted and self._stream.isatty()

    def line(self, name: str, text: str) -> None:
        """Write one line of the process `name`."""
        prefix = f"{name:<{NAME_WIDTH}} |"
        self._write(f"{self.paint(prefix, COLOURS.get(name, '37'))} {text}\n")

    def say(self, text: str = "") -> None:
        """Write our own words, as they are."""
        self._write(f"{text}\n")

    def paint(self, text: str, colour: str) -> str:
        return f"\x1b[{colour}m{text}{RESET}" if self._colourful else text

    def _write(self, text: str) -> None:
        try:
            self._stream.write(text)
            self._stream.flush()
        except UnicodeEncodeError:
            self._stream.write(text.encode("ascii", "replace").decode())
            self._stream.flush()
        except OSError:  # the terminal or the pipe is gone; the processes still are to be ended in order
            pass
