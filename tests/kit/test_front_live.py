"""The web server under clients that are slow on purpose: pages go on."""

from __future__ import annotations

import contextlib
import http.client
import math
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from runtime import processes
from runtime.datadir import PROJECT_ROOT, DataDir, read_json
from tests.world.live_site import free_port
from tests.world.market_process import MarketProcess, environment, running_market
from tests.world.migrated_market import migrated_data_dir

SLOW_CLIENTS = 50
SECONDS = 6.0
ROUNDS = 5
REQUESTS = 100
LEAST_P95_SECONDS = 0.1  # below it, the machine's own noise decides
BODY = b"POST %s HTTP/1.1\r\nHost: kasuwa.localhost\r\nContent-Type: %s\r\nContent-Length: 1000000\r\n%s\r\n"
JSON, FORM = b"application/json", b"multipart/form-data; boundary=b"
KINDS = {
    "bodies": (BODY % (b"/api/v1/cart/items/", JSON, b""), b"1"),
    "forms": (BODY % (b"/cart/", FORM, b""), b"1"),
    "events": (BODY % (b"/webhooks/paystack/", JSON, b"x-paystack-signature: 1\r\n"), b"1"),
    "chunks": (
        b"POST /api/v1/cart/items/ HTTP/1.1\r\nHost: kasuwa.localhost\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"1\r\n1\r\n",
    ),
    "headers": (b"GET / HTTP/1.1\r\nHost: kasuwa.localhost\r\n", b"X-Slow: yes\r\n"),
    "readers": (b"GET / HTTP/1.1\r\nHost: kasuwa.localhost\r\n\r\n" * 20, b""),
}


@pytest.fixture(scope="module")
def market() -> Iterator[MarketProcess]:
    with migrated_data_dir() as data_dir, running_market(data_dir) as running:
        yield running


class SlowClients:
    """Connections that send, or read, a byte a second."""

    def __init__(self, port: int, kind: str, count: int) -> None:
        self._ending = threading.Event()
        self._port = port
        self._head, self._step = KINDS[kind]
        self._all_have_begun = threading.Barrier(count + 1)
        self._threads = [threading.Thread(target=self._run, daemon=True) for _ in range(count)]

    def __enter__(self) -> SlowClients:
        for thread in self._threads:
            thread.start()
        self._all_have_begun.wait(timeout=60)
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        for thread in self._threads:
            thread.join()

    def _run(self) -> None:
        with contextlib.suppress(OSError), socket.socket() as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
            connection.connect(("127.0.0.1", self._port))
            connection.sendall(self._head)
            self._all_have_begun.wait(timeout=60)
            while not self._ending.wait(1.0):
                if self._step:
                    connection.sendall(self._step)
                else:
                    connection.recv(1)


def page_p95(port: int, *, seconds: float, patience: float = 5.0) -> float:
    """Ask for a page again and again; return the time within which 95 of 100 came, infinite where one did not."""
    times = []
    ends_at = time.monotonic() + seconds
    while time.monotonic() < ends_at:
        began = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=patience)
        try:
            connection.request("GET", "/", headers={"Host": f"kasuwa.localhost:{port}"})
            assert connection.getresponse().status == 200
        except OSError:
            return float("inf")
        finally:
            connection.close()
        times.append(time.monotonic() - began)
        time.sleep(0.02)
    return sorted(times)[int(len(times) * 0.95)]


@pytest.mark.parametrize("kind", KINDS)
def test_pages_go_on_beside_fifty_slow_clients(market: MarketProcess, kind: str) -> None:
    """Measured again where it was too slow: other work of the machine slows some rounds, slow clients would all."""
    rounds: list[tuple[float, float]] = []
    while len(rounds) < ROUNDS:
        with SlowClients(market.port, kind, SLOW_CLIENTS):
            if kind == "readers":  # they ask for a thousand pages at once: work like any other
                page_p95(market.port, seconds=SECONDS / 2)
            beside = page_p95(market.port, seconds=SECONDS)
        if beside <= LEAST_P95_SECONDS:
            return
        alone = page_p95(market.port, seconds=SECONDS / 2)
        if math.isfinite(beside) and beside <= 2 * alone:
            return
        rounds.append((alone, beside))
    pytest.fail(f"The 95th percentile alone and beside them, in seconds: {rounds}")


def test_a_server_whose_threads_read_bodies_freezes_and_would_be_found(market: MarketProcess) -> None:
    """The control: the same application where a thread waits for each body."""
    port = free_port()
    with blocking_server(market.data_dir, port):
        assert math.isfinite(page_p95(port, seconds=1.0, patience=60.0))
        with SlowClients(port, "bodies", 10):
            assert math.isinf(page_p95(port, seconds=60.0, patience=2.0))


@contextlib.contextmanager
def blocking_server(data_dir: DataDir, port: int) -> Iterator[None]:
    services = read_json(data_dir.services_state)
    given = environment(data_dir) | read_json(data_dir.up_state)["environment"]
    given |= {"DATABASE_URL": services["database_url"], "REDIS_URL": services["redis_url"]}
    given["PYTHONPATH"] = os.pathsep.join([str(PROJECT_ROOT), str(PROJECT_ROOT / "platform")])
    granian = str(Path(sys.executable).with_name("granian"))
    words = [granian, "--interface", "wsgi", "--port", str(port), "--workers", "1", "--blocking-threads", "5"]
    application = [*words, "--no-log", "config.wsgi:application"]
    with subprocess.Popen(application, env=given, cwd=PROJECT_ROOT, start_new_session=True) as server:
        deadline = time.monotonic() + 300
        while page_p95(port, seconds=0.01) == float("inf"):
            assert time.monotonic() < deadline
            time.sleep(0.1)
        try:
            yield
        finally:
            os.killpg(server.pid, signal.SIGKILL)  # its worker too, which would stay
            processes.wait_until_gone(server.pid, seconds=5)


def test_a_slow_body_ends_in_408_and_a_slow_head_in_a_closed_connection(market: MarketProcess) -> None:
    answers: dict[str, bytes] = {}

    def ask(kind: str) -> None:
        with socket.create_connection(("127.0.0.1", market.port), timeout=120) as connection:
            connection.sendall(KINDS[kind][0])
            answers[kind] = connection.recv(64)

    threads = [threading.Thread(target=ask, args=[kind]) for kind in ("bodies", "chunks", "headers")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers["bodies"].startswith(b"HTTP/1.1 408")
    assert answers["chunks"].startswith(b"HTTP/1.1 408")
    assert answers["headers"] == b""


@pytest.mark.parametrize(
    ("path", "kind", "extra", "status"),
    [
        (b"/webhooks/paystack/", JSON, b"", 401),
        (b"/webhooks/nobody/", JSON, b"x-paystack-signature: 1\r\n", 404),
        (b"/webhooks/paystack/", JSON, b"x-paystack-signature: 1\r\n", 413),
        (b"/nowhere/", JSON, b"", 404),
    ],
)
def test_what_nobody_wants_is_answered_before_a_byte_of_it_is_sent(
    market: MarketProcess, path: bytes, kind: bytes, extra: bytes, status: int
) -> None:
    with socket.create_connection(("127.0.0.1", market.port), timeout=60) as connection:
        connection.sendall(BODY % (path, kind, extra))
        assert connection.recv(64).startswith(b"HTTP/1.1 %d" % status)


def sleeps_of_event_loops(web: int) -> int:
    """Return how often the main threads of the web server's workers, which run its event loops, went to sleep."""
    workers = Path(f"/proc/{web}/task/{web}/children").read_text().split()
    heads = [Path(f"/proc/{worker}/task/{worker}/status").read_text() for worker in workers]
    return sum(int(line.split()[1]) for head in heads for line in head.splitlines() if line.startswith("voluntary"))


@pytest.mark.skipif(not processes.ON_LINUX, reason="Only Linux tells how often a thread went to sleep.")
def test_the_event_loop_is_not_woken_for_requests(market: MarketProcess) -> None:
    """The server hands each to it, and each piece of a body; both go on elsewhere (kit.web.direct_steps)."""
    headers = {"Host": f"kasuwa.localhost:{market.port}", "Content-Type": "application/json"}
    connection = http.client.HTTPConnection("127.0.0.1", market.port, timeout=60)
    web = market.children()["web"]
    before, began = sleeps_of_event_loops(web), time.monotonic()
    for _ in range(REQUESTS):
        connection.request("POST", "/api/v1/cart/items/", body=b"{}", headers=headers)
        assert connection.getresponse().read()
    connection.close()
    by_itself = 4 * (time.monotonic() - began)  # it looks for late bodies and for signals
    assert sleeps_of_event_loops(web) - before < REQUESTS / 2 + by_itself


def test_the_live_probe_needs_no_thread(market: MarketProcess) -> None:
    """Also where nobody has the host, and beside requests that fill all threads."""
    connection = http.client.HTTPConnection("127.0.0.1", market.port, timeout=60)
    connection.request("GET", "/health/live", headers={"Host": "nobody.example"})
    answer = connection.getresponse()
    assert (answer.status, answer.read()) == (200, b'{"status": "ok"}')
    connection.close()
