"""`manage.py bench [NAME…] [--quick] [--json FILE] [--html FILE]`: what the market can do, beside what could be done.

Each benchmark runs in a process and on a database of its own. Exits with 1 when a result misses its target,
with 3 when the machine was busy with something else, so that the figures say nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType
from typing import Any

from tests.bench.core import busy, facts, page, table

NAMES = {
    "checkout": "orders over HTTP, 1 and 3 shops a basket, 1 to 32 clients",
    "checkout-service": "orders from 2 and 8 processes, beside pgbench writing the same rows",
    "hot-sku": "one variant and many buyers: rate, waits, exactness",
    "reading": "listing, detail, search: cached and not, 2,000 and 200,000 listings",
    "webhook": "events taken in, and payments from event to paid",
    "shops": "opening and migrating 10, 100, 1,000 shops, beside stock django-tenants",
    "ledger": "postings, balances, audit of 100,000 journals",
    "replay": "8,796 real orders of 1,574 shops, memory over time",
    "start": "`manage.py up`, cold and warm, and the memory of the idle market",
}
OTHER_NAMES = {"listing": "reading", "detail": "reading", "search": "reading", "provision": "shops", "migrate": "shops"}
MISSED, DISTURBED, BROKEN, INTERRUPTED = 1, 3, 4, 130


def main(words: list[str] | None = None) -> int:
    """Run what was asked for, one after the other, and report. Returns an exit code."""
    options = _parser().parse_args(words)
    names = list(dict.fromkeys(options.names or NAMES))
    os.environ[busy.ROOT_NAME] = str(os.getpid())
    signal.signal(signal.SIGTERM, _interrupt)
    began, results, broken = time.monotonic(), [], []
    try:
        for name in names:
            table.say(f"{name}: {NAMES[name]}")
            if not _run(name, results, quick=options.quick):
                broken.append(name)
    except KeyboardInterrupt:
        table.say("Stopped.")
        return INTERRUPTED
    finally:
        about = facts.machine() | {"quick": options.quick, "seconds": round(time.monotonic() - began)}
        if options.json:
            options.json.write_text(json.dumps(results, indent=1) + "\n")
        if options.html:
            options.html.write_text(page.render(results, about))
    table.show(results)
    if broken:
        table.say(f"These ended with an error, see above: {', '.join(broken)}.")
        return BROKEN
    if not all(result["valid"] for result in results):
        table.say("The machine was busy with something else: figures marked ! are not valid.")
        return DISTURBED
    return 0 if all(result["ok"] for result in results) else MISSED


def _parser() -> argparse.ArgumentParser:
    listed = "\n".join(f"  {name:<18}{what}" for name, what in NAMES.items())
    parser = argparse.ArgumentParser(
        prog="manage.py bench",
        description=f"{__doc__}\n\nBenchmarks:\n{listed}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", metavar="NAME", type=_name, help="which ones (default: all)")
    parser.add_argument("--quick", action="store_true", help="as small as can be, to see that all of it runs")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results as JSON")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write a report with plots")
    return parser


def _name(word: str) -> str:
    if word not in {*NAMES, *OTHER_NAMES}:
        raise argparse.ArgumentTypeError(f"there is no benchmark {word!r}")
    return OTHER_NAMES.get(word, word)


def _run(name: str, results: list[dict[str, Any]], *, quick: bool) -> bool:
    """Run one benchmark and collect its results as they come; says whether it ended well."""
    words = [sys.executable, "-m", "tests.bench.core.one", name, *(["--quick"] if quick else [])]
    child = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    try:
        assert child.stdout is not None
        for line in child.stdout:
            result: dict[str, Any] = json.loads(line)
            results.append(result)
            table.say(table.line(result))
        return child.wait() == 0
    except KeyboardInterrupt:
        child.send_signal(signal.SIGTERM)  # Ctrl-C has reached it already, a signal to us alone has not
        child.wait()
        raise
    finally:
        if child.stdout is not None:
            child.stdout.close()


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
