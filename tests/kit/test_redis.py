"""A thread's own connection to Redis."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import redis

from kit.db import redis as kit_redis

DOUBLED = "return 2 * tonumber(ARGV[1])"


def connection_id() -> int:
    return int(kit_redis.own_client().client_id())


def test_a_thread_keeps_its_connection_and_another_has_its_own(redis_client: redis.Redis) -> None:
    first, again = connection_id(), connection_id()
    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(connection_id).result()

    assert first == again
    assert other != first


def test_a_fork_makes_its_own(redis_client: redis.Redis) -> None:
    mine = connection_id()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writer, str(connection_id()).encode())
        os._exit(0)
    os.waitpid(child, 0)
    theirs = int(os.read(reader, 20))
    os.close(reader)
    os.close(writer)

    assert theirs != mine
    assert connection_id() == mine


def test_a_lost_connection_is_made_again(redis_client: redis.Redis) -> None:
    before = connection_id()
    redis_client.client_kill_filter(_id=str(before))

    assert connection_id() != before


def test_a_connection_that_is_lost_again_and_again_is_said(redis_client: redis.Redis, monkeypatch: Any) -> None:
    client = kit_redis.own_client()
    sent: list[bytes] = []

    def lose(packed: tuple[bytes]) -> None:
        sent.append(packed[0])
        raise redis.ConnectionError("gone")

    monkeypatch.setattr(client.connection, "send_packed_command", lose)
    with pytest.raises(redis.ConnectionError):
        client.get("name")

    assert sent == [b"*2\r\n$3\r\nGET\r\n$4\r\nname\r\n"] * 2
    monkeypatch.undo()
    assert client.get("name") is None


def test_an_answer_that_is_not_in_time_is_asked_for_once(redis_client: redis.Redis, monkeypatch: Any) -> None:
    client = kit_redis.own_client()
    read: list[int] = []

    def silence(**_: Any) -> None:
        read.append(1)
        raise redis.TimeoutError("no answer")

    assert client.connection is not None
    monkeypatch.setattr(client.connection, "read_response", silence)
    with pytest.raises(redis.TimeoutError):
        client.incr("counter")

    assert len(read) == 1
    client.connection.disconnect()  # the answer that was not read


def test_a_script_that_the_server_has_forgotten_is_sent_again(redis_client: redis.Redis) -> None:
    assert kit_redis.script(DOUBLED)(keys=[], args=[21]) == 42
    redis_client.script_flush()

    assert kit_redis.script(DOUBLED)(keys=[], args=[4]) == 8
    assert redis_client.script_exists(kit_redis.script(DOUBLED)._sha) == [True]


def test_a_redis_that_is_down_is_said(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.REDIS_URL = "unix:///nowhere/redis.sock"
    ask: Callable[[], Any] = lambda: kit_redis.script(DOUBLED)(keys=[], args=[1])  # noqa: E731

    with ThreadPoolExecutor(1) as pool, pytest.raises(redis.RedisError):
        pool.submit(ask).result()
