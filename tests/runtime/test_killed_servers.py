"""The embedded PostgreSQL and Redis, killed again and again: always back, at the same addresses."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from runtime import embedded, processes
from runtime.datadir import DAEMON_PID, DataDir, read_json
from runtime.errors import StartupError
from tests.world.market_process import fresh_data_dir

BACK_WITHIN_SECONDS = 10.0
KILLS = 50
LOWEST_PRIORITY = 19
BUSY = "SELECT count(*) FROM generate_series(1, 200000000)"


@pytest.fixture
def data_dir() -> Iterator[DataDir]:
    with fresh_data_dir() as fresh:
        yield fresh


def pid_of(data_dir: DataDir, server: str) -> int:
    return int(read_json(data_dir.services_state)[f"{server}_pid"])


def seconds_until_both_answer(services: embedded.EmbeddedServices) -> float:
    began = time.monotonic()
    while time.monotonic() - began < BACK_WITHIN_SECONDS:
        with contextlib.suppress(psycopg.Error, redis.RedisError):
            with psycopg.connect(services.database_url, autocommit=True) as connection:
                connection.execute("INSERT INTO load DEFAULT VALUES")
            with redis.Redis.from_url(services.redis_url, socket_timeout=1) as client:
                client.set("load", "1")
            return time.monotonic() - began
        time.sleep(0.1)
    pytest.fail(f"Not back within {BACK_WITHIN_SECONDS} seconds.")


class Load:
    """Connections that are busy whenever a server dies, with the time that other processes of the machine leave."""

    def __init__(self, services: embedded.EmbeddedServices) -> None:
        self._services = services
        self._ending = threading.Event()
        statements = [BUSY, "SELECT pg_sleep(60)", "INSERT INTO load DEFAULT VALUES", "INSERT INTO load DEFAULT VALUES"]
        self._threads = [threading.Thread(target=self._run, args=[statement]) for statement in statements]

    def __enter__(self) -> Load:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        with psycopg.connect(self._services.database_url, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND usename <> ''"
            )
        for thread in self._threads:
            thread.join()

    def _run(self, statement: str) -> None:
        while not self._ending.is_set():
            with (
                contextlib.suppress(psycopg.Error, ProcessLookupError),  # killed before its priority is set
                psycopg.connect(self._services.database_url, autocommit=True) as connection,
            ):
                os.setpriority(os.PRIO_PROCESS, connection.info.backend_pid, LOWEST_PRIORITY)
                while not self._ending.is_set():
                    connection.execute(statement.encode())
            self._ending.wait(0.05)


def test_servers_killed_fifty_times_under_load_are_always_back_within_ten_seconds(data_dir: DataDir) -> None:
    chance = random.Random(8)
    with embedded.hold(data_dir) as services:
        with psycopg.connect(services.database_url, autocommit=True) as connection:
            connection.execute("CREATE TABLE load (id bigint GENERATED ALWAYS AS IDENTITY)")
        with Load(services):
            for _ in range(KILLS):
                os.kill(pid_of(data_dir, chance.choice(["postgres", "postgres", "redis"])), signal.SIGKILL)
                seconds_until_both_answer(services)
        assert read_json(data_dir.services_state)[DAEMON_PID] == services.daemon_pid


def test_a_stopped_process_of_a_killed_postgres_does_not_keep_the_next_one_from_starting(data_dir: DataDir) -> None:
    with embedded.hold(data_dir) as services, psycopg.connect(services.database_url, autocommit=True) as connection:
        connection.execute("CREATE TABLE load (id bigint GENERATED ALWAYS AS IDENTITY)")
        held = connection.info.backend_pid
        os.kill(held, signal.SIGSTOP)
        os.kill(pid_of(data_dir, "postgres"), signal.SIGKILL)
        seconds_until_both_answer(services)
        assert not processes.exists(held)


def test_servers_are_served_at_the_same_addresses_by_the_next_daemon(data_dir: DataDir) -> None:
    first = embedded.hold(data_dir)
    for number in (signal.SIGKILL, signal.SIGTERM):
        os.kill(first.daemon_pid, number)
        assert first.connection.recv(1) == b""
        second = embedded.hold(data_dir)
        assert second.daemon_pid != first.daemon_pid
        assert (second.database_url, second.redis_url) == (first.database_url, first.redis_url)
        first.connection.close()
        first.reap()
        first = second
    first.release()


def test_a_server_that_cannot_start_at_all_is_told_of_with_its_own_words(data_dir: DataDir) -> None:
    with embedded.hold(data_dir, fast=True) as services:
        cluster = Path(services.cluster)
    (cluster / "postgresql.conf").write_text("shared_buffers = none\n")
    began = time.monotonic()
    with pytest.raises(StartupError, match="invalid value for parameter") as refusal:
        embedded.hold(data_dir, fast=True)
    assert "The embedded PostgreSQL did not start" in str(refusal.value)
    assert time.monotonic() - began < BACK_WITHIN_SECONDS
