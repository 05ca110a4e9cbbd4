"""The embedded Redis: which program it is, and which data directories it opens."""

from __future__ import annotations

import base64
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import redis

from runtime import processes, redis_server
from runtime.datadir import DataDir
from runtime.errors import StartupError
from runtime.redis_server import Redis

# An append-only file that Redis 6.2.14 wrote and rewrote: a snapshot in its compact forms (ziplist, quicklist), then
# two commands. The server of earlier releases left such files; no program that comes with this one can write them.
REWRITTEN_BY_REDIS_6 = base64.b64decode(
    "UkVESVMwMDA5+glyZWRpcy12ZXIGNi4yLjE0+gpyZWRpcy1iaXRzwED6BWN0aW1lwrMgDGv6CHVzZWQtbWVtwuDODgD6DGFvZi1wcmVhbWJsZcAB"
    "/gD7BAECB21lbWJlcnMCBG5hbWXABw4HZGVmYXVsdAEiIgAAABUAAAACAAAJZmlyc3Qgam9iCwpzZWNvbmQgam9i/wwDZHVlFRUAAAAPAAAAAgAA"
    "A2pvYgUDMS41//wA2MMsuwMAAA0GYmFza2V0NDQAAAAxAAAABAAAEGNvcHBlcl9raXRjaGVuOjcS8wIRaW5kaWdvX2ZhYnJpY3M6MTIT8v//UaZf"
    "NbeCb4wqMg0KJDYNClNFTEVDVA0KJDENCjANCiozDQokNQ0KUlBVU0gNCiQ3DQpkZWZhdWx0DQokOQ0KdGhpcmQgam9iDQoqNQ0KJDMNClNFVA0K"
    "JDYNCmNhY2hlZA0KJDMNCnllcw0KJDQNClBYQVQNCiQxMw0KMzc5NTk1NjkxNjE1Nw0K"
)


@pytest.fixture
def data_dir(tmp_path: Path) -> DataDir:
    """An empty data directory."""
    made = DataDir(tmp_path / "data")
    made.create()
    return made


@pytest.fixture
def home(data_dir: DataDir) -> Path:
    """The server's own directory in it."""
    return data_dir.redis_home


@pytest.fixture
def start(data_dir: DataDir, tmp_path: Path, eventually: Callable[..., Any]) -> Iterator[Callable[[], redis.Redis]]:
    """Start the server of the data directory, again where it runs already, and return a client."""
    server = Redis(data_dir, socket_path=tmp_path / "r.sock", fast=False)
    clients: list[redis.Redis] = []

    def start_server() -> redis.Redis:
        server.stop()
        server.start()
        eventually(server.is_ready)
        clients.append(redis.Redis.from_url(server.url, decode_responses=True))
        return clients[-1]

    yield start_server
    for client in clients:
        client.close()
    server.stop()


def command(*words: str) -> bytes:
    """Return a command as append-only files have it (RESP, https://redis.io/docs/latest/develop/reference/protocol-spec/)."""
    parts = [word.encode() for word in words]
    return b"*%d\r\n" % len(parts) + b"".join(b"$%d\r\n%s\r\n" % (len(part), part) for part in parts)


def everything(client: redis.Redis) -> dict[str, object]:
    return {
        "basket": client.hgetall("basket"),
        "default": client.lrange("default", 0, -1),
        "due": client.zrange("due", 0, -1, withscores=True),
        "members": client.smembers("members"),
        "cached": client.get("cached"),
    }


KEPT = {
    "basket": {"copper_kitchen:7": "2", "indigo_fabrics:12": "1"},
    "default": ["first job", "second job", "third job"],
    "due": [("job", 1.5)],
    "members": {"7", "name"},
    "cached": "yes",
}


def test_a_data_directory_of_redis_6_opens_in_place_and_stays_open(
    home: Path, start: Callable[[], redis.Redis]
) -> None:
    (home / "appendonly.aof").write_bytes(REWRITTEN_BY_REDIS_6)
    client = start()
    assert everything(client) == KEPT
    assert client.pexpiretime("basket") == 4_102_444_800_000

    client.rpush("default", "fourth job")
    again = start()
    assert again.lrange("default", 0, -1) == ["first job", "second job", "third job", "fourth job"]
    assert again.hgetall("basket") == KEPT["basket"]


def test_a_rewritten_file_of_the_opened_directory_keeps_all(
    home: Path, start: Callable[[], redis.Redis], eventually: Callable[..., Any]
) -> None:
    (home / "appendonly.aof").write_bytes(REWRITTEN_BY_REDIS_6)
    client = start()
    client.bgrewriteaof()
    eventually(lambda: not (home / "appendonlydir" / "appendonly.aof").exists())
    assert everything(start()) == KEPT


def test_an_old_file_without_a_snapshot_and_with_its_last_command_cut_off_opens(
    home: Path, start: Callable[[], redis.Redis]
) -> None:
    """After a power cut the old server's file was commands alone, the last one half written."""
    whole = command("SELECT", "0") + command("HSET", "basket", "copper_kitchen:7", "2")
    (home / "appendonly.aof").write_bytes(whole + command("RPUSH", "default", "half a job")[:-7])
    client = start()
    assert client.hgetall("basket") == {"copper_kitchen:7": "2"}
    assert client.llen("default") == 0


def test_a_broken_file_stops_the_start_and_is_left_as_it_is(data_dir: DataDir, home: Path, tmp_path: Path) -> None:
    broken = b"REDIS0009 and then nothing that a server wrote"
    (home / "appendonly.aof").write_bytes(broken)
    server = Redis(data_dir, socket_path=tmp_path / "r.sock", fast=False)
    server.start()
    assert server.process is not None
    assert server.process.wait(timeout=60) != 0
    assert [path.read_bytes() for path in home.rglob("appendonly.aof")] == [broken]
    assert str(data_dir.redis_log) in server.failure()


def test_the_program_is_found_without_its_package_being_imported() -> None:
    program = redis_server.bundled_program()
    assert program.name == "valkey-server"
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    assert version.startswith("Valkey server v=9.")


def test_a_platform_without_the_program_is_told_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redis_server, "PROGRAM", "no-such-server")
    with pytest.raises(StartupError, match="Set REDIS_URL"):
        redis_server.bundled_program()


@pytest.mark.parametrize("name", ["redis-server", "valkey-server"])
def test_a_leftover_of_this_and_of_earlier_releases_is_ended(tmp_path: Path, name: str) -> None:
    socket_path = tmp_path / "r.sock"
    words = ["-c", "import time; print(flush=True); time.sleep(600)", f"{name} unixsocket:{socket_path}"]
    with subprocess.Popen([sys.executable, *words], stdout=subprocess.PIPE) as leftover:
        try:
            assert leftover.stdout is not None
            assert leftover.stdout.readline() == b"\n"  # it handles signals as a running program does
            server = Redis(DataDir(tmp_path), socket_path=socket_path, fast=True)
            server.end_leftover(pid=leftover.pid, socket_path=str(tmp_path / "another.sock"))
            assert processes.exists(leftover.pid)
            server.end_leftover(pid=leftover.pid, socket_path=str(socket_path))
            assert leftover.wait(timeout=60) == -signal.SIGTERM
        finally:
            leftover.kill()
