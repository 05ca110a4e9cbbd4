"""What people meet while processes of `up` are away: rows of the table in docs/operations.md."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from runtime.datadir import DAEMON_PID, read_json
from tests.world.live_site import free_port
from tests.world.market_process import MarketProcess, run
from tests.world.migrated_market import migrated_data_dir

PASSWORD = "four harmattan kites"
HOST = "kasuwa.localhost"
ROOM_THAT_OPENS_LATER = """
from datetime import timedelta
from django.utils import timezone
from checkout.waiting_room.open_rooms import open_room
from tests.world.market import open_shop, stock
goods = stock(open_shop("cloth-hall"))
opens_at = timezone.now() + timedelta(minutes=14)
times = {"opens_at": opens_at, "closes_at": opens_at + timedelta(hours=1)}
open_room(shop=goods.shop, listing_id=goods.product_id, per_minute=60, now=timezone.now(), **times)
print(goods.product_id)
"""


@pytest.fixture(scope="module")
def market() -> Iterator[MarketProcess]:
    """An open market, whose processes these tests kill."""
    with migrated_data_dir() as data_dir:
        started = MarketProcess(data_dir, free_port(), free_port(), "--no-demo")
        try:
            started.wait_for_banner()
            yield started
        finally:
            started.end(signal.SIGTERM)


def visit(market: MarketProcess, path: str, *, body: dict[str, str] | None = None) -> int:
    """Ask the market for something; return the status, 0 where no answer came."""
    headers = {"Host": f"{HOST}:{market.port}"}
    with contextlib.suppress(httpx.HTTPError):
        method = "GET" if body is None else "POST"
        url = f"http://127.0.0.1:{market.port}{path}"
        return httpx.request(method, url, json=body, headers=headers, timeout=10).status_code
    return 0


def letters_to(market: MarketProcess, email: str) -> int:
    folder = market.data_dir.path / "mail"
    return sum(f"To: {email}" in each.read_text(errors="replace") for each in folder.glob("*.log"))


def is_ready(market: MarketProcess) -> bool:
    return visit(market, "/health/ready") == 200


@pytest.mark.parametrize("name", ["daemon", "worker", "bulk", "beat"])
def test_people_go_on_and_jobs_wait_while_it_is_away(
    market: MarketProcess, eventually: Callable[..., Any], name: str
) -> None:
    eventually(lambda: is_ready(market), timeout=30)
    email = f"{name}@example.com"
    if name == "daemon":  # its servers end with it, so this alone is for the time after
        before = read_json(market.data_dir.services_state)[DAEMON_PID]
        os.kill(before, signal.SIGKILL)
        state = market.data_dir.services_state
        eventually(lambda: read_json(state).get(DAEMON_PID, before) != before, timeout=30)
        eventually(lambda: visit(market, "/") == 200, timeout=30)
    else:
        before = market.children()[name]
        os.kill(before, signal.SIGKILL)
        assert visit(market, "/") == 200
        assert visit(market, "/account/sign-in/") == 200
    registered = {"email": email, "password": PASSWORD}
    eventually(lambda: visit(market, "/api/v1/auth/registration/", body=registered) // 100 == 2, timeout=30)
    if name != "daemon":
        eventually(lambda: market.children().get(name, before) != before, timeout=30)
    eventually(lambda: letters_to(market, email) >= 1, timeout=90)
    assert market.process.poll() is None


def test_a_web_server_that_is_killed_is_back_in_seconds(market: MarketProcess, eventually: Callable[..., Any]) -> None:
    eventually(lambda: is_ready(market), timeout=30)
    before = market.children()["web"]
    os.kill(before, signal.SIGKILL)
    eventually(lambda: market.children().get("web", before) != before, timeout=10)
    eventually(lambda: visit(market, "/") == 200, timeout=10)
    assert {visit(market, "/account/sign-in/") for _ in range(10)} == {200}


@pytest.fixture(scope="module")
def room(market: MarketProcess) -> str:
    """The address of a waiting room that gives places and does not let in yet."""
    made = run(market.data_dir, "shell", "-v0", "-c", ROOM_THAT_OPENS_LATER)
    assert made.returncode == 0, made.stderr
    return f"http://127.0.0.1:{market.port}/api/v1/waiting-rooms/{made.stdout.strip()}/"


def place_in(room: str, token: str = "", *, takes: bool = False) -> tuple[str, int | None]:
    """Take a place or look at one; return the buyer's token, and how many are before them where they wait."""
    headers = {"Host": HOST, "X-Cart-Token": token} if token else {"Host": HOST}
    with contextlib.suppress(httpx.HTTPError):
        answer = httpx.request("POST" if takes else "GET", room, headers=headers, timeout=10)
        place = answer.json().get("data") or {}
        if place.get("state") == "waiting":
            return answer.headers.get("X-Cart-Token", token), place["people_before"]
    return token, None


@pytest.mark.parametrize("killed", ["web", "redis"])
def test_a_waiting_room_goes_on_where_it_was_after_a_server_was_killed(
    market: MarketProcess, eventually: Callable[..., Any], room: str, killed: str
) -> None:
    eventually(lambda: place_in(room, takes=True)[1] is not None, timeout=30)  # once every process knows the room
    places = [place_in(room, takes=True) for _ in range(3)]
    if killed == "web":
        before = market.children()["web"]
        os.kill(before, signal.SIGKILL)
        eventually(lambda: market.children().get("web", before) != before, timeout=10)
    else:
        before = read_json(market.data_dir.services_state)["redis_pid"]
        os.kill(before, signal.SIGKILL)
        eventually(lambda: read_json(market.data_dir.services_state).get("redis_pid", before) != before, timeout=10)
    first, last = places[0], places[-1]
    # Each process and each of its connections finds for itself that the old server is gone, and refuses once.
    eventually(lambda: [place_in(room, token) for token, _ in places] == places, timeout=30)
    assert last[1] == (first[1] or 0) + 2
    assert eventually(lambda: place_in(room, takes=True)[1], timeout=30) == last[1] + 1
