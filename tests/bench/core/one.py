"""One benchmark in a process of its own: `python -m tests.bench.core.one NAME [--quick]` prints results as they come.

A line of JSON for each result. Its own process means its own Django, database and Redis: no benchmark finds
what another has left behind.
"""

from __future__ import annotations

import importlib
import json
import signal
import sys
from types import FrameType

from tests.bench.core.options import Options
from tests.bench.core.stand import standing

RUN_THE_MARKET_THEMSELVES = frozenset({"start", "replay"})


def main() -> int:
    """Run it."""
    signal.signal(signal.SIGTERM, _interrupt)
    name = sys.argv[1]
    options = Options(quick="--quick" in sys.argv)
    output = sys.stdout
    sys.stdout = sys.stderr  # nothing but results may get in between
    try:
        with standing() as stand:
            if name not in RUN_THE_MARKET_THEMSELVES:
                stand.start_services()
            # Now, not before: it may import models.
            suite = importlib.import_module(f"tests.bench.suites.{name.replace('-', '_')}")
            for result in suite.run(stand, options):
                output.write(json.dumps(result.as_json()) + "\n")
                output.flush()
    except KeyboardInterrupt:
        return 130
    return 0


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
