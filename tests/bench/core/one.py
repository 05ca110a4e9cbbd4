"""One benchmark in a process of its own: `python -m tests.bench.core.one NAME OPTIONS` prints results as they come.

A line of JSON for each result; the options are JSON too, for `tests.bench.core.options`. Its own process means
its own Django, database and Redis: no benchmark finds what another has left behind.
"""

from __future__ import annotations

import importlib
import json
import sys

from kit.garbage import collect_garbage_rarely
from tests.bench.core.options import Options
from tests.bench.core.stand import standing
from tests.bench.core.stopping import interrupt_once

RUN_THE_MARKET_THEMSELVES = frozenset({"start", "replay", "chaos"})


def main() -> int:
    """Run it."""
    collect_garbage_rarely()
    interrupt_once()
    name = sys.argv[1]
    options = Options(**json.loads(sys.argv[2]))
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


if __name__ == "__main__":
    sys.exit(main())
