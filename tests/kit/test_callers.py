"""The caller's address: the one that the outermost trusted proxy saw, with any other headers."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import RequestFactory

from kit.web.callers import caller_of, network_of

PROXY = "10.9.9.9"


def ask(rf: RequestFactory, forwarded: str | None, connection: str = PROXY) -> Any:
    more: dict[str, Any] = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    return rf.get("/", REMOTE_ADDR=connection, **more)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "caller"),
    [
        (0, None, PROXY),
        (0, "198.51.100.7", PROXY),
        (1, "198.51.100.7", "198.51.100.7"),
        (1, "203.0.113.1, 198.51.100.7", "198.51.100.7"),
        (1, "203.0.113.1,203.0.113.2,   198.51.100.7", "198.51.100.7"),
        (2, "203.0.113.1, 198.51.100.7, 10.1.1.1", "198.51.100.7"),
        (2, "198.51.100.7", "198.51.100.7"),
        (1, None, PROXY),
        (1, "", PROXY),
        (1, "unknown", PROXY),
        (1, "203.0.113.1, ", PROXY),
        (1, "198.51.100.7:51234", "198.51.100.7"),
        (1, "::ffff:198.51.100.7", "198.51.100.7"),
        (1, "2001:db8:1:2:a:b:c:d", "2001:db8:1:2::"),
        (1, "[2001:db8:1:2::5]:443", "2001:db8:1:2::"),
        (1, '"[2001:db8:1:2::5]"', "2001:db8:1:2::"),
    ],
)
def test_a_caller_is_who_called_the_outermost_trusted_proxy(
    proxies: int, forwarded: str | None, caller: str, rf: RequestFactory, settings: Any
) -> None:
    settings.TRUSTED_PROXY_COUNT = proxies

    assert caller_of(ask(rf, forwarded)) == caller


def test_a_forged_header_never_makes_another_caller(rf: RequestFactory, settings: Any) -> None:
    settings.TRUSTED_PROXY_COUNT = 1
    forged = [f"203.0.113.{number}, 198.51.100.7" for number in range(20)]

    assert {caller_of(ask(rf, header)) for header in forged} == {"198.51.100.7"}


def test_one_subscriber_is_one_caller_and_neighbours_are_one_network(rf: RequestFactory) -> None:
    mine = [ask(rf, None, f"2001:db8:1:2::{number:x}") for number in range(1, 9)]
    near = [ask(rf, None, address) for address in ("198.51.100.7", "198.51.100.8")]

    assert len({caller_of(request) for request in mine}) == 1
    assert len({caller_of(request) for request in near}) == 2
    assert {network_of(request) for request in near} == {"198.51.100.0"}
    assert network_of(mine[0]) == "2001:db8:1::"


@pytest.mark.parametrize("connection", ["", "unix:", "nonsense"])
def test_a_connection_without_an_address_is_one_caller(connection: str, rf: RequestFactory) -> None:
    assert caller_of(ask(rf, None, connection)) == "0.0.0.0"
