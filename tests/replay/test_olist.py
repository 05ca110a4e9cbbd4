"""`manage.py replay` on real marketplace orders, against totals that a few lines of their own compute."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest

from runtime.datadir import PROJECT_ROOT, DataDir, read_json
from tests.world.market_process import command, environment, fresh_data_dir, run, running_market

OLIST = Path(os.environ.get("KASUWA_OLIST_DIR") or PROJECT_ROOT.parent / "shared" / "data" / "olist")
MANY = int(os.environ.get("KASUWA_REPLAY_ORDERS", "0"))
FEW, SOME = 18, 3
TIMEOUT = 120.0
BASIS_POINTS = 800

Rows = list[dict[str, str]]
needs_olist = pytest.mark.skipif(not OLIST.is_dir(), reason=f"no orders to replay in {OLIST}")


def expected_totals(rows: Rows) -> dict[str, Any]:
    """Return the totals of the rows, computed without the project's own code."""
    parts: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in rows:
        parts[row["order_id"], row["seller_id"]] += Decimal(row["unit_price"])
    orders = [order for order, _ in parts]
    items = int(sum(parts.values()) * 100)
    shipping = int(sum(Decimal(row["freight"]) for row in rows) * 100)
    commission = sum(int(amount * 100) * BASIS_POINTS // 10_000 for amount in parts.values())
    return {
        "shops": len({seller for _, seller in parts}),
        "products": len({(row["seller_id"], row["product_id"]) for row in rows}),
        "orders": len(set(orders)),
        "multi_shop_orders": len({order for order in orders if orders.count(order) > 1}),
        "units": len(rows),
        "items_minor": items,
        "shipping_minor": shipping,
        "gross_minor": items + shipping,
        "commission_minor": commission,
        "payable_minor": items + shipping - commission,
        "oversold": 0,
        "stock_left": 0,
        "ledger_balanced": True,
    }


def read_rows(folder: Path) -> Rows:
    with (folder / "order_items.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def rows_of_first(rows: Rows, orders: int) -> Rows:
    wanted = list(dict.fromkeys(row["order_id"] for row in rows))[:orders]
    return [row for row in rows if row["order_id"] in set(wanted)]


def telling_orders(rows: Rows) -> list[str]:
    """A few orders that have everything: several shops, several units, prices that change."""
    sellers, prices, users = defaultdict(set), defaultdict(set), defaultdict(list)
    for row in rows:
        sku = row["seller_id"], row["product_id"]
        sellers[row["order_id"]].add(row["seller_id"])
        prices[sku].add(row["unit_price"])
        users[sku].append(row["order_id"])
    shared = [order for order, own in sellers.items() if len(own) > 1]
    moody = max(prices, key=lambda sku: (len(prices[sku]), sku))
    return list(dict.fromkeys([*shared[:5], *users[moody][:8], *sellers]))[: FEW + 2]


def write_extract(folder: Path, orders: Iterable[str]) -> None:
    """Write the rows of some orders, with the sellers and products that they name."""
    wanted = set(orders)
    rows = [row for row in read_rows(OLIST) if row["order_id"] in wanted]
    write(folder / "order_items.csv", rows)
    for name, key in (("sellers", "seller_id"), ("products", "product_id")):
        with (OLIST / f"{name}.csv").open(newline="", encoding="utf-8") as file:
            used = {row[key] for row in rows}
            write(folder / f"{name}.csv", [row for row in csv.DictReader(file) if row[key] in used])


def write(path: Path, rows: Rows) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def replay(data_dir: DataDir, folder: Path, *, orders: int) -> dict[str, Any]:
    answer = run(data_dir, "replay", str(folder), "--orders", str(orders))
    assert answer.returncode == 0, answer.stderr
    [line] = answer.stdout.splitlines()
    totals: dict[str, Any] = json.loads(line)
    assert totals.pop("seconds") > 0
    return totals


def hold_up(data_dir: DataDir, held: ExitStack) -> bool:
    """Keep more orders from being placed once there are some, but not all; say whether that is so."""
    try:
        with ExitStack() as here:
            address = read_json(data_dir.services_state)["database_url"]
            database = here.enter_context(psycopg.connect(address, connect_timeout=5))
            database.execute("LOCK TABLE checkout_order IN SHARE MODE")
            found = database.execute("SELECT count(*) FROM checkout_order").fetchone()
            if found is None or found[0] < SOME:
                return False
            held.push(here.pop_all())
            return True
    except (psycopg.Error, KeyError, FileNotFoundError):
        return False


@pytest.fixture
def _interruptible() -> Iterator[None]:
    """Let what is started hear Ctrl-C, also where the tests run in the background of a shell that keeps it away."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@needs_olist
@pytest.mark.usefixtures("_interruptible")
def test_replayed_orders_come_to_what_the_files_say(tmp_path: Path, eventually: Callable[..., Any]) -> None:
    """Stopped in the middle, gone on with in a running market, and run again: the totals are those of the files."""
    write_extract(tmp_path, telling_orders(read_rows(OLIST)))
    expected = expected_totals(rows_of_first(read_rows(tmp_path), FEW))
    assert expected["multi_shop_orders"] >= 2
    assert expected["units"] > FEW
    with fresh_data_dir("kasuwa replay ") as data_dir:
        words = command("replay", str(tmp_path), "--orders", str(FEW))
        with subprocess.Popen(
            words, env=environment(data_dir), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as stopped:
            with ExitStack() as held:
                eventually(lambda: hold_up(data_dir, held) or stopped.poll() is not None, timeout=TIMEOUT)
                stopped.send_signal(signal.SIGINT)
            said, complaint = stopped.communicate(timeout=TIMEOUT)
        assert (stopped.returncode, said) == (130, ""), complaint
        assert "goes on from here" in complaint
        assert "Traceback" not in complaint

        with running_market(data_dir):
            assert replay(data_dir, tmp_path, orders=FEW) == expected
            assert replay(data_dir, tmp_path, orders=FEW) == expected
            audit = run(data_dir, "audit_money")
            assert audit.returncode == 0, audit.stdout + audit.stderr


@needs_olist
@pytest.mark.skipif(not MANY, reason="set KASUWA_REPLAY_ORDERS to replay that many orders as they are")
def test_many_replayed_orders_come_to_what_the_files_say() -> None:
    with fresh_data_dir("kasuwa replay ") as data_dir:
        assert replay(data_dir, OLIST, orders=MANY) == expected_totals(rows_of_first(read_rows(OLIST), MANY))
        audit = run(data_dir, "audit_money", "--no-provider")
        assert audit.returncode == 0, audit.stdout + audit.stderr


def test_a_folder_without_the_files_is_a_clear_refusal(tmp_path: Path) -> None:
    with fresh_data_dir("kasuwa replay ") as data_dir:
        answer = run(data_dir, "replay", str(tmp_path))
    assert answer.returncode == 1
    assert "order_items.csv" in answer.stderr
    assert "Traceback" not in answer.stderr
