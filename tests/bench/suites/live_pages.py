"""Open pages of orders: how soon each changes after a shop's click, and what a thousand of them take of the memory."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from typing import Any

import httpx
from django.test import Client
from django.utils import timezone
from rest_framework_simplejwt.tokens import AccessToken

from accounts.services.people import create_user
from checkout.models import Order
from tenants.models import Role, Shop
from tenants.staff.members import add_member
from tests.bench import market
from tests.bench.core import busy
from tests.bench.core.measure import found, single
from tests.bench.core.options import Options
from tests.bench.core.results import Figure, Result, Target
from tests.bench.core.stand import LAST_WORDS, Stand
from tests.world.market import Stocked
from tests.world.own_shop import paid_order

PAGES_OF_AN_ORDER = 5
MOST_MOVES = 40
VISITS = 16
WITHIN = Target("value", at_most=2_000)
MEMORY = Target("value", at_most=32)
IDLE_SECONDS = 3.0
PAUSE_SECONDS = 0.4
NOTE = (
    "each page on a connection of its own, asking once a second, five of them of one order, up to half of the orders "
    "are moved; from the shop’s click until the page of the order has loaded itself with the change, without a worker"
)


def run(stand: Stand, options: Options) -> Iterator[Result]:
    """Open 200 pages, then 1,000; move some orders, and see which pages change, and when."""
    stand.migrate()
    goods = market.build(shops=1, products=4)
    shop = goods.shops[0]
    bench = _Bench(stand, shop, _stocked(goods))
    for count in options.pick((200, 1_000), (20,)):
        name = f"live-pages/{count}-pages"
        result = single(f"{name}/slowest", lambda: bench.open(count), unit="ms", target=WITHIN, note=NOTE)  # noqa: B023
        yield result
        yield found(f"{name}/p95", result.latency_ms()["changed"]["p95"], unit="ms", like=result)
        [run_] = result.runs
        yield found(
            f"{name}/memory",
            run_.figure.facts["memory_more_mib"],
            unit="MiB",
            like=result,
            target=MEMORY,
            note="what both web workers take more than before, proportional set size",
            depends_on_time=False,
        )


class _Bench:
    """A shop with paid orders, and browsers that have their pages open."""

    def __init__(self, stand: Stand, shop: Shop, item: Stocked) -> None:
        self._item, self._shop, self._host = item, shop, stand.host
        owner = create_user(email="owner@example.com", password="a-long-password-1", is_email_verified=True)
        add_member(shop_id=shop.pk, user_id=owner.pk, role=Role.OWNER, now=timezone.now())
        self._token = str(AccessToken.for_user(owner))
        self._port = stand.web()
        self._web = stand.web_pid
        self._warm_up()

    def open(self, count: int) -> Figure:
        """Open pages, weigh the web server before and with them, move orders, and return the slowest change."""
        orders = [self._order() for _ in range(count // PAGES_OF_AN_ORDER)]
        pages = [page for place, order in enumerate(orders) for page in self._pages(place, order)]
        moved = orders[: min(len(orders) // 2, MOST_MOVES)]
        before = self._memory_mib()
        seen, with_pages = self._watch(pages, [self._move(place, order) for place, order in enumerate(moved)])
        expected = PAGES_OF_AN_ORDER * len(moved)
        problems = list(seen["problems"])
        if seen["changed"] != expected or seen["loads"] != expected:
            problems.append(f"{expected} pages were to change: {seen['changed']} did, {seen['loads']} were loaded")
        facts = {name: seen[name] for name in ("changed", "questions", "loads", "loads_without_a_change")}
        memory = {"memory_before_mib": before, "memory_mib": with_pages, "memory_more_mib": with_pages - before}
        return Figure(
            seen["latency_ms"]["changed"]["max"],
            seen["latency_ms"],
            facts | memory | {"moves": len(moved)},
            (*problems,),
        )

    def _warm_up(self) -> None:
        """Have each web worker show a page of an order: what it loads with its first one is not counted."""
        [page, *_] = self._pages(0, self._order())
        for _ in range(VISITS):  # a connection each: the kernel hands them to all workers
            address = f"http://127.0.0.1:{self._port}{page['path']}"
            httpx.get(address, headers=page["headers"], timeout=30).raise_for_status()

    def _watch(self, pages: Sequence[Any], moves: Sequence[Any]) -> tuple[dict[str, Any], float]:
        """Run the browsers in a process of their own; return what they saw, and the memory while all are open."""
        asked = {
            "port": self._port,
            "pages": pages,
            "moves": moves,
            "idle_seconds": IDLE_SECONDS,
            "pause_seconds": PAUSE_SECONDS,
        }
        words = [sys.executable, "-m", "tests.bench.live.pages"]
        pipe = subprocess.PIPE
        with subprocess.Popen(words, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as child:
            assert child.stdin is not None
            assert child.stdout is not None
            assert child.stderr is not None
            child.stdin.write(json.dumps(asked) + "\n")
            child.stdin.flush()
            if child.stdout.readline().strip() != "open":
                raise RuntimeError(f"The pages did not open:\n{child.stderr.read()[-LAST_WORDS:]}")
            memory = self._memory_mib()
            child.stdin.write("\n")
            child.stdin.flush()
            answer = child.stdout.readline()
            if not answer:
                raise RuntimeError(f"The pages ended:\n{child.stderr.read()[-LAST_WORDS:]}")
        seen: dict[str, Any] = json.loads(answer)
        return seen, memory

    def _order(self) -> Order:
        return Order.objects.get(sub_orders__number=paid_order(self._item))

    def _pages(self, place: int, order: Order) -> list[dict[str, Any]]:
        """Return the pages of an order, in browsers that have opened the link of its letter."""
        browser = Client(HTTP_HOST=self._host)
        browser.get(order.get_absolute_url(), {"key": order.access_key})
        cookies = "; ".join(f"{name}={each.value}" for name, each in browser.cookies.items())
        headers = {"Host": self._host, "Cookie": cookies, "X-Forwarded-For": f"10.0.{place // 250}.{place % 250 + 1}"}
        return [{"order": place, "path": order.get_absolute_url(), "headers": headers}] * PAGES_OF_AN_ORDER

    def _move(self, place: int, order: Order) -> dict[str, Any]:
        number = order.sub_orders.get().number
        headers = {"Host": f"{self._shop.slug}.{self._host}", "Authorization": f"Bearer {self._token}"}
        return {"order": place, "path": f"/api/v1/vendor-orders/{number}/pack/", "headers": headers}

    def _memory_mib(self) -> float:
        """Return the proportional set size of the web server and its workers."""
        return sum(busy.memory_kib(each.pid) for each in busy.family(self._web)) / 1024


def _stocked(goods: market.Market) -> Stocked:
    item = goods.goods[0]
    return Stocked(goods.shops[0], item.variant_id, item.variant_id, item.price_minor)
