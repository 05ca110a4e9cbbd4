"""Answers that are counted off are what httpcore reads, and all others are read as it reads them."""

from __future__ import annotations

import select
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Thread
from typing import Any

import httpcore
import pytest

from gateway import plain_http
from gateway.deadlines import deadline
from gateway.plain_http import DirectPool

SECONDS = 10.0
OK = b"HTTP/1.1 200 OK\r\n"
BODY = b'{"status": true}'
LENGTH = b"Content-Length: 16\r\n"
PLAIN = OK + b"Content-Type: application/json\r\n" + LENGTH + b"\r\n" + BODY
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n10\r\n" + BODY + b"\r\n0\r\n\r\n"
ANSWERS = {
    "plain": PLAIN,
    "names in small letters": OK + b"content-length:16\r\nx-one:  a b \t\r\n\r\n" + BODY,
    "no reason": b"HTTP/1.1 200 \r\n" + LENGTH + b"\r\n" + BODY,
    "refusal": b"HTTP/1.1 422 Unprocessable\r\n" + LENGTH + b"\r\n" + BODY,
    "empty": OK + b"Content-Length: 0\r\n\r\n",
    "one name twice": OK + b"X-One: a\r\nX-One: b\r\n" + LENGTH + b"\r\n" + BODY,
    "the same length twice": OK + LENGTH + LENGTH + b"\r\n" + BODY,
    "two lengths": OK + LENGTH + b"Content-Length: 3\r\n\r\n" + BODY,
    "chunks": CHUNKED,
    "chunks and a length": OK + b"Transfer-Encoding: chunked\r\n" + LENGTH + b"\r\n10\r\n" + BODY + b"\r\n0\r\n\r\n",
    "ends by hanging up": OK + b"Content-Type: application/json\r\n\r\n" + BODY,
    "after a hint": b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + PLAIN,
    "after a continuation": b"HTTP/1.1 100 Continue\r\n\r\n" + PLAIN,
    "no content": b"HTTP/1.1 204 No Content\r\n\r\n",
    "no content, with a length": b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n",
    "not modified, with a length": b"HTTP/1.1 304 Not Modified\r\n" + LENGTH + b"\r\n",
    "HTTP/1.0": b"HTTP/1.0 200 OK\r\n" + LENGTH + b"\r\n" + BODY,
    "HTTP/1.0 without a length": b"HTTP/1.0 200 OK\r\n\r\n" + BODY,
    "bytes beyond ASCII in a header": OK + b"X-One: caf\xe9\r\n" + LENGTH + b"\r\n" + BODY,
    "a folded header": OK + b"X-One: a\r\n b\r\n" + LENGTH + b"\r\n" + BODY,
    "bare line feeds": (OK + LENGTH + b"\r\n").replace(b"\r\n", b"\n") + BODY,
    "body cut off": OK + LENGTH + b"\r\n" + BODY[:5],
    "chunks cut off": CHUNKED[:-9],
    "head cut off": OK + b"Content-Le",
    "nothing": b"",
    "a length of letters": OK + b"Content-Length: many\r\n\r\n" + BODY,
    "a negative length": OK + b"Content-Length: -1\r\n\r\n" + BODY,
    "a length in other digits": OK + "Content-Length: ١\r\n\r\n".encode() + BODY,
    "a header without a colon": OK + b"Nonsense\r\n" + LENGTH + b"\r\n" + BODY,
    "a space before the colon": OK + b"X-One : a\r\n" + LENGTH + b"\r\n" + BODY,
    "another protocol": b"SSH-2.0-OpenSSH_9.6\r\n",
    "a switch of protocols": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: other\r\n\r\n",
    "a head without end": OK + b"X-One: " + b"a" * 200_000,
    "a long head": OK + b"X-One: " + b"a" * 20_000 + b"\r\n" + LENGTH + b"\r\n" + BODY,
    "a long body": OK + b"Content-Length: 300000\r\n\r\n" + b"b" * 300_000,
}


class Server:
    """Answers each request on a connection with the next of some answers, then hangs up."""

    def __init__(self, listening: socket.socket, *answers: bytes, piece: int = 1 << 20) -> None:
        self.url = f"http://127.0.0.1:{listening.getsockname()[1]}/transaction/initialize?a=b"
        self.requests: list[bytes] = []
        self.connections = 0
        self._listening, self._answers, self._piece = listening, answers, piece

    def serve(self) -> None:
        """Serve until the socket is closed."""
        with suppress(OSError):
            while True:
                connection, _ = self._listening.accept()
                self.connections += 1
                with connection, suppress(OSError):
                    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    for answer in self._answers:
                        if not self._take(connection):
                            break
                        for start in range(0, len(answer), self._piece):
                            connection.sendall(answer[start : start + self._piece])
                    connection.shutdown(socket.SHUT_WR)
                    while connection.recv(65536):
                        pass

    def _take(self, connection: socket.socket) -> bool:
        request = b""
        while b"\r\n\r\n" not in request or not request.endswith(b"}"):
            piece = connection.recv(65536)
            if not piece:
                return False
            request += piece
        self.requests.append(request)
        return True


@contextmanager
def serving(*answers: bytes, piece: int = 1 << 20) -> Iterator[Server]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = Server(listening, *answers, piece=piece)
        thread = Thread(target=server.serve)
        thread.start()
        try:
            yield server
        finally:
            listening.shutdown(socket.SHUT_RDWR)
    thread.join(timeout=60)
    assert not thread.is_alive()


HEADERS = {"Host": "127.0.0.1", "Authorization": "Bearer sk", "Content-Length": "2"}


def ours(pool: DirectPool, url: str, headers: dict[str, str] = HEADERS) -> Any:
    with deadline(SECONDS):
        came = pool.ask("POST", url, headers=headers, content=b"{}", timeout=SECONDS)
    return came.status, came.headers, came.content


def httpcores(pool: httpcore.ConnectionPool, url: str, headers: dict[str, str] = HEADERS) -> Any:
    answer = pool.request("POST", url, headers=[*headers.items()], content=b"{}")
    return (
        answer.status,
        {name.decode().lower(): value.decode("latin-1") for name, value in answer.headers},
        answer.content,
    )


def outcome(ask: Callable[[], Any]) -> Any:
    try:
        return ask()
    except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException) as error:
        return type(error)


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_is_read_as_httpcore_reads_it(name: str) -> None:
    pool = DirectPool()
    with serving(ANSWERS[name]) as server:
        with httpcore.ConnectionPool() as theirs:
            expected = outcome(lambda: httpcores(theirs, server.url))
        assert outcome(lambda: ours(pool, server.url)) == expected
        pool.close()
    assert server.requests[0] == server.requests[1]


@pytest.mark.parametrize("name", ["plain", "chunks", "after a hint", "ends by hanging up", "body cut off"])
def test_it_makes_no_difference_in_which_pieces_an_answer_comes(name: str) -> None:
    whole, pool = ANSWERS[name], DirectPool()
    with serving(whole, piece=7) as server:
        with httpcore.ConnectionPool() as theirs:
            expected = outcome(lambda: httpcores(theirs, server.url))
        assert outcome(lambda: ours(pool, server.url)) == expected
        pool.close()


def test_the_usual_answer_is_counted_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of the comparisons above: they would hold for h11 alone too."""
    monkeypatch.setattr(plain_http, "_read_by_h11", None)
    pool = DirectPool()
    with serving(PLAIN) as server:
        assert ours(pool, server.url)[::2] == (200, BODY)
        pool.close()


@pytest.mark.parametrize("answer", [PLAIN, CHUNKED, b"HTTP/1.1 204 No Content\r\n\r\n"])
def test_a_connection_is_used_again(answer: bytes) -> None:
    pool = DirectPool()
    with serving(answer, PLAIN) as server:
        ours(pool, server.url)
        assert ours(pool, server.url)[2] == BODY
        assert server.connections == 1
        pool.close()


@pytest.mark.parametrize(
    "answer",
    [
        OK + b"Connection: close\r\n" + LENGTH + b"\r\n" + BODY,
        OK + b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n" + BODY + b"\r\n0\r\n\r\n",
        PLAIN + b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]",  # not an answer to what is asked next
        ANSWERS["HTTP/1.0"],
    ],
)
def test_no_further_request_is_sent_on_a_connection_that_is_at_its_end(answer: bytes) -> None:
    pool = DirectPool()
    with serving(answer, PLAIN) as server:
        assert [ours(pool, server.url)[2] for _ in range(2)] == [BODY, BODY]
        assert server.connections == 2
        pool.close()


def test_a_kept_connection_whose_other_end_has_hung_up_is_replaced() -> None:
    pool = DirectPool()
    with serving(PLAIN) as server:  # hangs up after one
        for number in range(1, 4):
            assert ours(pool, server.url)[2] == BODY
            assert server.connections == number
            [kept] = pool.connections
            assert select.select([kept.get_extra_info("socket")], [], [], SECONDS)[0]  # the end has come
        pool.close()


def test_a_connection_is_not_kept_for_longer_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain_http, "KEPT_SECONDS", 0)
    pool = DirectPool()
    with serving(PLAIN, PLAIN) as server:
        ours(pool, server.url)
        ours(pool, server.url)
        assert server.connections == 2
        pool.close()


@pytest.mark.parametrize(
    "headers", [{"X-One": "a\r\nX-Two: b"}, {"X-One\r\nX-Two": "b"}, {"X One": "a"}, {"X-One": "a\x00"}, {"": "a"}]
)
def test_a_header_that_would_be_two_is_not_sent(headers: dict[str, str]) -> None:
    pool = DirectPool()
    with serving(PLAIN) as server, httpcore.ConnectionPool() as theirs:
        assert outcome(lambda: ours(pool, server.url, HEADERS | headers)) is httpcore.LocalProtocolError
        assert outcome(lambda: httpcores(theirs, server.url, HEADERS | headers)) is httpcore.LocalProtocolError
    assert server.requests == []


def test_more_calls_than_connections_wait_and_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain_http, "MOST_CONNECTIONS", 0)
    with deadline(0.05), pytest.raises(httpcore.PoolTimeout):
        DirectPool().ask("GET", "http://127.0.0.1:1/", headers=HEADERS, content=b"", timeout=0.05)
