"""Everything killed and stopped while people buy, send back and are paid: what is oversold, lost or doubled."""

from __future__ import annotations

import json
import os
import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace

from runtime.datadir import local_secrets, read_json
from tests.bench.chaos.buyers import Buyer, Street
from tests.bench.chaos.calling import Caller, Seen
from tests.bench.chaos.havoc import Havoc, is_back
from tests.bench.core.measure import found, single
from tests.bench.core.options import Options
from tests.bench.core.results import Figure, Result, Target
from tests.bench.core.stand import Stand, free_port
from tests.world.market_process import MarketProcess

BUYERS, DESKS = 6, 3
SHOPS, PRODUCTS = 3, 30
HOT_UNITS = 40
BACK_WITHIN = Target("value", at_most=10.0)
NOTHING = Target("value", at_most=0)
QUICK_MINUTES = 0.25
# Money is released as soon as it was delivered, small amounts are paid out, and larger runs need a second person.
PAYS_SOON = {
    "PAYOUT_HOLD_DAYS": "0",
    "PAYOUT_NEW_SHOP_HOLD_DAYS": "0",
    "PAYOUT_MINIMUM_MINOR": "100000",
    "PAYOUT_SECOND_APPROVAL_MINOR": "5000000",
    "PAYOUT_RUN_DAILY": "false",
}
HAPPENS = ("payouts", "refunds", "returns", "disputes")  # of a run of so many orders: else it has tried nothing
TIMED_MINUTES = 5.0  # of a shorter run the counts are judged alone: one slow start would be its whole figure


def run(stand: Stand, options: Options) -> Iterator[Result]:
    """Open a market, let people buy while everything is struck, bring all to its end, and count."""
    minutes = options.pick(options.minutes, QUICK_MINUTES)
    whole = single(
        "chaos/longest-recovery",
        lambda: _chaos(stand, Size(minutes, options.pick(options.orders, 0), options.seed)),
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
        *(("paid_wrongly", "transfers"), ("differences", "of the reconciliation")),
    ):
        yield found(f"chaos/{name}", counted[name], unit=unit, like=whole, target=NOTHING, depends_on_time=False)


@dataclass(frozen=True, slots=True)
class Size:
    """How long it goes on: for some minutes, and until there are as many orders."""

    minutes: float
    orders: int
    seed: int


def _chaos(stand: Stand, size: Size) -> Figure:
    os.environ["TRUSTED_PROXY_COUNT"] = "1"  # each buyer has an address of their own
    os.environ.update(PAYS_SOON)
    opened = MarketProcess(stand.data_dir, free_port(), free_port(), "--no-demo", timeout=300)
    try:
        opened.wait_for_banner()
        _load_django(stand, opened)
        return _storm(stand, opened, size)
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


def _storm(stand: Stand, opened: MarketProcess, size: Size) -> Figure:
    from tests.bench.chaos import counting, desk

    goods, stock, hot = counting.open_shops(shops=SHOPS, products=PRODUCTS, hot_units=HOT_UNITS)
    sandbox = f"http://127.0.0.1:{opened.sandbox_port}"
    host = f"{stand.host}:{opened.port}"
    street, seen = Street(host, sandbox, goods.shelves(), hot), Seen()
    caller = Caller(f"http://127.0.0.1:{opened.port}", seen, threading.Event())
    people: list[threading.Thread] = [Buyer(street, caller, f"{size.seed}:{number}") for number in range(BUYERS)]
    operators = desk.open_accounts(goods.shops)
    people += [desk.Desk(caller, street, operators, f"{size.seed}:desk:{number}") for number in range(DESKS)]
    havoc = Havoc(opened, sandbox, random.Random(size.seed))
    for person in people:
        person.start()
    ends_at = time.monotonic() + size.minutes * 60
    havoc.go_on(lambda: time.monotonic() < ends_at or seen.order_count < size.orders)
    caller.ending.set()
    for person in people:
        person.join()
    problems = [] if is_back(opened, sandbox) else ["not back in the end"]
    if opened.process.poll() is not None:
        raise RuntimeError("`up` has ended.")
    counting.settle(sandbox, operators[1].pk)
    count = counting.count(market=goods, seen=seen, sandbox=sandbox, data_dir=stand.data_dir, stock=stock)
    problems += [f"there were no {name}" for name in HAPPENS if size.orders and not getattr(count, name)]
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
