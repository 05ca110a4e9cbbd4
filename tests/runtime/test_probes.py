"""A server is there when it answers, and not before."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from runtime.up.probes import is_answering
from tests.world.live_site import free_port


def test_a_port_on_which_a_server_listens_answers() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert is_answering(server.getsockname()[1])


def test_a_port_without_a_server_does_not_answer() -> None:
    assert not is_answering(free_port())


def test_a_connection_to_itself_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    connect, opened = socket.create_connection, []

    def from_the_same_port(address: tuple[str, int], **options: Any) -> socket.socket:
        connection = connect(address, source_address=address, **options)
        opened.append(connection.getpeername())
        return connection

    monkeypatch.setattr(socket, "create_connection", from_the_same_port)
    port = free_port()

    assert not is_answering(port)
    assert opened == [("127.0.0.1", port)]
