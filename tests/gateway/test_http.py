"""Requests to a provider: directly or through a proxy, and never for longer than the time limit."""

import socket
from collections.abc import Iterator
from contextlib import suppress
from threading import Thread
from time import monotonic

import httpcore
import pytest

from gateway.errors import ProviderUnavailableError
from gateway.http import Link


@pytest.fixture
def silent() -> Iterator[str]:
    """The address of somebody who takes connections and never says anything."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def test_silence_is_no_answer(silent: str) -> None:
    with pytest.raises(ProviderUnavailableError, match="ReadTimeout"):
        Link(base_url=silent, timeout=0.05).send("GET", silent, headers={})


def trickle(listening: socket.socket, head: bytes) -> None:
    """Answer one call with a head and a byte every now and then, until the caller hangs up."""
    with listening.accept()[0] as caller:
        caller.recv(4096)
        with suppress(OSError):
            caller.sendall(head)
            while True:
                caller.sendall(b"x")
                caller.settimeout(0.05)
                with suppress(TimeoutError):
                    if not caller.recv(1):
                        return


@pytest.mark.parametrize(
    "head", [b"", b"HTTP/1.1 200 OK\r\nX-Slow: ", b"HTTP/1.1 200 OK\r\nContent-Length: 900000\r\n\r\n"]
)
def test_a_provider_that_sends_a_byte_now_and_then_is_given_up_as_a_silent_one(head: bytes) -> None:
    """Each byte comes in time for its own step; the whole answer would take hours."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        slow = Thread(target=trickle, args=(listening, head))
        slow.start()
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        link, began = Link(base_url=address, timeout=0.5), monotonic()
        with pytest.raises(ProviderUnavailableError, match="ReadTimeout"):
            link.send("GET", address, headers={})
        assert monotonic() - began < 10
        link._pool.close()
        slow.join(timeout=60)
        assert not slow.is_alive()


def test_who_hangs_up_has_not_answered() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}"
    with pytest.raises(ProviderUnavailableError, match="ConnectError"):
        Link(base_url=address, timeout=1).send("GET", address, headers={})


@pytest.mark.parametrize("proxy", ["http://proxy.internal:3128", "proxy.internal:3128"])
def test_the_proxy_of_the_environment_is_used(proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", proxy)

    pool = Link(base_url="https://api.paystack.co", timeout=1)._pool

    assert isinstance(pool, httpcore.HTTPProxy)
    assert pool._proxy_url.host == b"proxy.internal"


@pytest.mark.parametrize(
    ("base_url", "exempt"), [("https://api.paystack.co", "paystack.co"), ("http://127.0.0.1:8010", "")]
)
def test_no_proxy_for_whom_it_is_not_meant(base_url: str, exempt: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://proxy.internal:3128")
    monkeypatch.setenv("https_proxy", "http://proxy.internal:3128")
    monkeypatch.setenv("no_proxy", exempt)

    assert not isinstance(Link(base_url=base_url, timeout=1)._pool, httpcore.HTTPProxy)
