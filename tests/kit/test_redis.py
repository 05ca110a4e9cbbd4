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
    redis_client.client_kill_filter(_id=before)

    assert connection_id() != before


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
