"""`manage.py bench [NAME…] [--quick] [--json FILE] [--html FILE]`: what the market can do, beside what could be done.

Each benchmark runs in a process and on a database of its own. Exits with 1 when a result misses its target,
with 3 when the machine was busy with something else, so that the figures say nothing, with 4 when one broke.
`bench --from FILE… --html FILE` makes one report of the JSON files of several runs.
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
from typing import Any

from runtime import processes
from tests.bench.core import busy, facts, page, report, table
from tests.bench.core.stopping import interrupt_once

NAMES = {
    "checkout": "orders over HTTP, 1 and 3 shops a basket, 1 to 32 clients",
    "checkout-service": "orders from 2 and 8 processes, beside pgbench writing the same rows",
    "hot-sku": "one variant and many buyers: rate, waits, exactness",
    "flash-sale": "a waiting room: thousands want what there are a hundred of; order, exactness, the sold-out answer",
    "reading": "listing, detail, search: cached and not, 2,000 and 200,000 listings",
    "live-pages": "open pages of orders: how soon each changes after a shop's click, and their memory",
    "webhook": "events taken in, and payments from event to paid",
    "shops": "opening and migrating 10, 100, 1,000 shops, beside stock django-tenants",
    "ledger": "postings, balances, audit of 100,000 journals",
    "replay": "8,796 real orders of 1,574 shops, memory over time",
    "start": "`manage.py up`, cold and warm, and the memory of the idle market",
    "payouts": "a payout run to 10,000 shops: time, statements, memory; killed half-way and started again",
    "chaos": "everything killed and stopped while people buy and shops are paid; --minutes, --seed; only when named",
    "oscar": "pages and orders beside django-oscar, from its package; only when named",
}
OPTIONAL = frozenset({"oscar", "chaos"})  # takes the network; takes ten minutes
OTHER_NAMES = {"listing": "reading", "detail": "reading", "search": "reading", "provision": "shops", "migrate": "shops"}
MISSED, DISTURBED, BROKEN, INTERRUPTED = 1, 3, 4, 130
STOPPING_SECONDS = 60


def main(words: list[str] | None = None) -> int:
    """Run what was asked for, one after the other, and report. Returns an exit code."""
    parser = _parser()
    options = parser.parse_args(words)
    if options.files:
        if options.names or options.quick:
            parser.error("--from measures nothing: it takes neither names nor --quick")
        try:
            return _conclude(report.read(options.files), [], options)
        except report.NotResultsError as error:
            parser.error(str(error))
    os.environ[busy.ROOT_NAME] = str(os.getpid())
    interrupt_once()
    results: list[dict[str, Any]] = []
    broken = []
    try:
        for name in dict.fromkeys(options.names or [name for name in NAMES if name not in OPTIONAL]):
            if not _run(name, results, options):
                broken.append(name)
            _write(results, options)
    except KeyboardInterrupt:
        _write(results, options)
        table.say("Stopped.")
        return INTERRUPTED
    return _conclude(results, broken, options)


def _conclude(results: list[dict[str, Any]], broken: list[str], options: argparse.Namespace) -> int:
    _write(results, options)
    table.show(results)
    if broken:
        table.say(f"These ended with an error, see above: {', '.join(broken)}.")
        return BROKEN
    if not all(report.is_valid(result) for result in results):
        table.say("The machine was busy with something else: figures marked ! are not valid.")
        return DISTURBED
    return 0 if all(result["ok"] for result in results) else MISSED


def _write(results: list[dict[str, Any]], options: argparse.Namespace) -> None:
    """Write the files; after each benchmark, so that an hour is not lost with its last minute."""
    if options.json:
        report.write(options.json, results)
    if options.html:
        options.html.write_text(page.render(results, NAMES))


def _parser() -> argparse.ArgumentParser:
    listed = "\n".join(f"  {name:<18}{what}" for name, what in NAMES.items())
    parser = argparse.ArgumentParser(
        prog="manage.py bench",
        description=f"{__doc__}\n\nBenchmarks:\n{listed}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", metavar="NAME", type=_name, help="which ones (default: all but `oscar`)")
    parser.add_argument("--quick", action="store_true", help="as small as can be, to see that all of it runs")
    parser.add_argument(
        "--stock-shops",
        type=int,
        default=100,
        metavar="N",
        help="in `shops`, let stock django-tenants migrate up to so many (default: 100; 1,000 take it minutes)",
    )
    parser.add_argument(
        "--shops",
        type=int,
        default=1_000,
        metavar="N",
        help="in `shops`, go up to so many (default: 1,000)",
    )
    parser.add_argument("--minutes", type=float, default=10.0, metavar="N", help="in `chaos`, how long (default: 10)")
    parser.add_argument(
        "--orders", type=int, default=0, metavar="N", help="in `chaos`, go on until there are so many (default: 0)"
    )
    parser.add_argument(
        "--payout-shops",
        type=int,
        default=10_000,
        metavar="N",
        help="in `payouts`, how many are paid (default: 10,000)",
    )
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="in `chaos`, what is struck and bought")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results as JSON")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write a report with plots")
    parser.add_argument(
        "--from", dest="files", nargs="+", type=Path, metavar="FILE", help="measure nothing, report what is in files"
    )
    return parser


def _name(word: str) -> str:
    if word not in {*NAMES, *OTHER_NAMES}:
        raise argparse.ArgumentTypeError(f"there is no benchmark {word!r}")
    return OTHER_NAMES.get(word, word)


def _run(name: str, results: list[dict[str, Any]], options: argparse.Namespace) -> bool:
    """Run one benchmark and collect its results as they come; says whether it ended well."""
    table.say(f"{name}: {NAMES[name]}")
    began = time.monotonic()
    made = facts.machine() | {"quick": options.quick}
    size = {
        "quick": options.quick,
        "stock_shops": options.stock_shops,
        "shops": options.shops,
        "minutes": options.minutes,
        "orders": options.orders,
        "payout_shops": options.payout_shops,
        "seed": options.seed,
    }
    words = [sys.executable, "-m", "tests.bench.core.one", name, json.dumps(size)]
    dies_too = processes.die_with_parent(signal.SIGTERM)
    child = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, preexec_fn=dies_too)  # noqa: PLW1509
    try:
        assert child.stdout is not None
        for line in child.stdout:
            result: dict[str, Any] = json.loads(line)
            report.stamp(result, made)
            results.append(result)
            table.say(table.line(result))
            made["seconds"] = round(time.monotonic() - began)
        is_well = child.wait() == 0
    except KeyboardInterrupt:
        _stop(child)
        raise
    finally:
        if child.stdout is not None:
            child.stdout.close()
    table.say(f"  {name} took {facts.duration(time.monotonic() - began)}.")
    return is_well


def _stop(child: subprocess.Popen[str]) -> None:
    """Let it end what it has started; Ctrl-C has reached it already, a signal to us alone has not."""
    child.send_signal(signal.SIGTERM)
    try:
        child.wait(timeout=STOPPING_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()  # its processes end with it
        child.wait()


if __name__ == "__main__":
    sys.exit(main())
