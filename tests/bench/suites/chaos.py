"""Everything killed and stopped while people buy: what is oversold, lost or doubled, and how soon it is back."""

from __future__ import annotations

import json
import os
import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, replace

from runtime.datadir import local_secrets, read_json
from tests.bench.chaos.buyers import Buyer, Seen, Street
from tests.bench.chaos.havoc import Havoc, is_back
from tests.bench.core.measure import found, single
from tests.bench.core.options import Options
from tests.bench.core.results import Figure, Result, Target
from tests.bench.core.stand import Stand, free_port
from tests.world.market_process import MarketProcess

BUYERS = 6
SHOPS, PRODUCTS = 3, 30
HOT_UNITS = 40
BACK_WITHIN = Target("value", at_most=10.0)
NOTHING = Target("value", at_most=0)
QUICK_MINUTES = 0.25
TIMED_MINUTES = 5.0  # of a shorter run the counts are judged alone: one slow start would be its whole figure


def run(stand: Stand, options: Options) -> Iterator[Result]:
    """Open a market, let people buy while everything is struck, bring all to its end, and count."""
    minutes = options.pick(options.minutes, QUICK_MINUTES)
    whole = single(
        "chaos/longest-recovery",
        lambda: _chaos(stand, minutes=minutes, seed=options.seed),
        unit="s",
        target=BACK_WITHIN if minutes >= TIMED_MINUTES else None,
        note=f"{BUYERS} buyers over 1 to {SHOPS} shops, one variant of {HOT_UNITS} units; seed {options.seed}",
    )
    whole = replace(whole, is_valid=True)  # a limit that holds beside other work holds without it
    yield whole
    counted = whole.runs[0].figure.facts["counted"]
    for name, unit in (
        *(("oversold", "units"), ("lost", "orders"), ("double", "orders"), ("findings", "of the audit")),
        *(("unsettled", "rows"), ("broken", "answers of 500")),
    ):
        yield found(f"chaos/{name}", counted[name], unit=unit, like=whole, target=NOTHING, depends_on_time=False)


def _chaos(stand: Stand, *, minutes: float, seed: int) -> Figure:
    os.environ["TRUSTED_PROXY_COUNT"] = "1"  # each buyer has an address of their own
    opened = MarketProcess(stand.data_dir, free_port(), free_port(), "--no-demo", timeout=300)
    try:
        opened.wait_for_banner()
        _load_django(stand, opened)
        return _storm(stand, opened, minutes=minutes, seed=seed)
    except BaseException:
        sys.stderr.write("\n".join(opened.lines[-80:]) + "\n")
        raise
    finally:
        opened.end()


def _load_django(stand: Stand, opened: MarketProcess) -> None:
    """Have this process use the market's database and sandbox, without keeping its services alive."""
    services = read_json(stand.data_dir.services_state)
    os.environ.update(read_json(stand.data_dir.up_state)["environment"])
    os.environ.update(local_secrets(stand.data_dir))
    os.environ.update({"DATABASE_URL": services["database_url"], "REDIS_URL": services["redis_url"]})
    os.environ.update({"DJANGO_SETTINGS_MODULE": "config.settings.local", "KASUWA_DATA_DIR": str(stand.data_dir.path)})
    import django

    django.setup()


def _storm(stand: Stand, opened: MarketProcess, *, minutes: float, seed: int) -> Figure:
    from tests.bench.chaos import counting

    goods, stock, hot = counting.open_shops(shops=SHOPS, products=PRODUCTS, hot_units=HOT_UNITS)
    sandbox = f"http://127.0.0.1:{opened.sandbox_port}"
    host = f"{stand.host}:{opened.port}"
    street = Street(f"http://127.0.0.1:{opened.port}", host, sandbox, goods.shelves(), hot)
    seen, ending = Seen(), threading.Event()
    buyers = [Buyer(street, seen, ending, f"{seed}:{number}") for number in range(BUYERS)]
    havoc = Havoc(opened, sandbox, random.Random(seed))
    for buyer in buyers:
        buyer.start()
    havoc.go_on(until=time.monotonic() + minutes * 60)
    ending.set()
    for buyer in buyers:
        buyer.join()
    problems = [] if is_back(opened, sandbox) else ["not back in the end"]
    if opened.process.poll() is not None:
        raise RuntimeError("`up` has ended.")
    counting.settle(sandbox)
    count = counting.count(market=goods, seen=seen, sandbox=sandbox, data_dir=stand.data_dir, stock=stock)
    slowest, struck = max(havoc.recoveries, default=(0.0, "nothing"))
    facts = {
        "counted": asdict(count) | {"broken": len(seen.broken)},
        "slowest": struck,
        "strikes": dict(Counter(havoc.done)),
        "outcomes": dict(seen.outcomes),
        "statuses": dict(seen.statuses),
        "broken": seen.broken[:5],
    }
    sys.stderr.write(f"  {json.dumps(facts, indent=1)}\n  longest recovery {slowest:.1f} s, after {struck}\n")
    return Figure(slowest, {}, facts, tuple(problems))
