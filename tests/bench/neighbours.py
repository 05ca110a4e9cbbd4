"""Effect of one shop's import of 50,000 rows on another shop's confirmation e-mails: the same market, idle and busy.

    python -m tests.bench.neighbours [--rows 50000] [--orders 8]

Opens a market of its own with `manage.py up`, pays orders one by one through the Paystack sandbox and takes the time
from the payment to the moment the confirmation is sent, first idle, then while the import runs. Also: how many rows a
second the import does, and what counting a request against its shop costs.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from runtime import entry
from runtime.datadir import DataDir, read_json

TIMEOUT = 180.0
PRICE = 100_000


def free_port() -> int:
    """A port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def say(line: str) -> None:
    """Print a line now."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def wait(check: Callable[[], Any], every: float = 0.01) -> Any:
    """Poll until something is so."""
    deadline = time.monotonic() + TIMEOUT
    while not (answer := check()):
        if time.monotonic() > deadline:
            raise TimeoutError(check)
        time.sleep(every)
    return answer


def pay_one(stocked: Any, sandbox: str) -> float:
    """Buy and pay for one thing; return the seconds from the payment to the confirmation's sending."""
    from django.utils import timezone

    from checkout.payments.start_payment import start_payment
    from kit.ids import uuid7
    from notifications.models import Email
    from tests.world.market import buy, order_request

    now, buyer = timezone.now(), f"buyer-{uuid7().hex}@example.com"
    payment = start_payment(order_id=buy(stocked.line(), now=now, request=order_request(email=buyer)).pk, now=now)
    request = urllib.request.Request(
        f"{sandbox}/sandbox/transactions/{payment.reference}/pay",
        data=b"{}",
        headers={"Content-Type": "application/json"},
    )
    started = time.perf_counter()
    with urllib.request.urlopen(request, timeout=30) as answer:
        json.load(answer)
    wait(lambda: Email.objects.filter(to=buyer, sent_at__isnull=False).exists())
    return time.perf_counter() - started


def fill(shop: Any, rows: int) -> None:
    """Put so many variants on a shop's shelf, ten to a product."""
    from django.utils import timezone
    from django_tenants.utils import schema_context

    from catalogue.discovery.services.projection import rebuild_shop
    from catalogue.services.inputs import ProductInput, VariantInput
    from catalogue.services.rows import insert_products

    for start in range(0, rows, 5_000):
        with schema_context(shop.schema_name):
            insert_products(
                [
                    ProductInput(
                        title=f"Goods {first}",
                        status="active",
                        variants=[
                            VariantInput(sku=f"S{number}", price_minor=PRICE, on_hand=5, options={"No": str(number)})
                            for number in range(first, first + 10)
                        ],
                    )
                    for first in range(start, start + 5_000, 10)
                ],
                now=timezone.now(),
            )
    rebuild_shop(shop_id=shop.pk)


def measure(rows: int, orders: int, sandbox: str) -> None:
    """Do it, and print the figures."""
    from django.utils import timezone

    from accounts.services.people import create_user
    from catalogue.services.imports.checking import check_upload
    from catalogue.services.imports.running import confirm_import
    from kit.models import BulkJob
    from tenants.hosts.request_counts import count_request
    from tests.world.market import open_shop, stock

    actor = create_user(email="owner@example.com", password="market-day-7", is_email_verified=True)
    big, small = open_shop("big-shop"), open_shop("small-shop")
    item = stock(small, on_hand=1_000)
    say(f"Filling a shop with {rows:,} variants ...")
    fill(big, rows)
    pay_one(item, sandbox)
    idle = [pay_one(item, sandbox) for _ in range(orders)]

    body = ("sku,price,on hand\n" + "".join(f"S{number},{2000 + number % 7},9\n" for number in range(rows))).encode()
    started = time.perf_counter()
    made = check_upload(
        shop=big,
        upload=io.BytesIO(body),
        file_name="all.csv",
        size=len(body),
        created_by_id=actor.pk,
        now=timezone.now(),
    )
    checked = time.perf_counter() - started
    started = time.perf_counter()
    job_id = confirm_import(shop=big, import_id=made.pk, actor_id=actor.pk, now=timezone.now()).job_id
    assert job_id is not None
    wait(lambda: BulkJob.objects.get(pk=job_id).done)
    busy: list[float] = []
    while BulkJob.objects.get(pk=job_id).is_open and len(busy) < orders:
        busy.append(pay_one(item, sandbox))
    during = BulkJob.objects.get(pk=job_id)
    job = wait(lambda: (found := BulkJob.objects.get(pk=job_id)) and not found.is_open and found, 0.2)
    seconds = (job.finished_at - job.started_at).total_seconds()

    counts = []
    for _ in range(2_000):
        at = time.perf_counter()
        count_request(shop_id=big.pk, limit=10**9)
        counts.append(time.perf_counter() - at)

    ratio = statistics.median(busy) / statistics.median(idle)
    for name, times in (("idle", idle), ("importing", busy)):
        median, most = statistics.median(times) * 1000, max(times) * 1000
        say(f"Paid until confirmation sent, {name}: median {median:.0f} ms, most {most:.0f} ms, {len(times)} orders")
    say(f"Ratio: {ratio:.2f}; the import was at {during.done:,} rows after the last of them")
    say(f"Check of {rows:,} rows: {checked:.1f} s ({rows / checked:,.0f} rows/s)")
    say(f"Import of {job.done:,} rows: {seconds:.1f} s ({job.done / seconds:,.0f} rows/s, {job.slices} slices)")
    say(f"Counting a request: {statistics.median(counts) * 1e6:.0f} µs, median")


def main() -> int:
    """Open the market, measure, close it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--orders", type=int, default=8)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kasuwa-neighbours-") as folder:
        Path(folder).chmod(0o755)
        data_dir, port, sandbox_port = DataDir(Path(folder) / "data"), free_port(), free_port()
        os.environ |= {"KASUWA_DATA_DIR": str(data_dir.path), "DJANGO_SETTINGS_MODULE": "config.settings.local"}
        words = ("up", "--no-demo", "--port", str(port), "--sandbox-port", str(sandbox_port))
        market = subprocess.Popen([sys.executable, "manage.py", *words], stdout=subprocess.DEVNULL)
        try:
            wait(lambda: "bulk" in read_json(data_dir.up_state).get("children", {}), 0.2)
            with entry.services(data_dir):
                import django

                django.setup()
                measure(options.rows, options.orders, f"http://127.0.0.1:{sandbox_port}")
        finally:
            market.send_signal(signal.SIGINT)
            market.wait(timeout=60)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
