"""The embedded PostgreSQL and Redis: wherever they are put, whoever is killed."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import redis

from runtime import embedded, postgres_home, processes
from runtime.datadir import PROJECT_ROOT, DataDir, local_secrets, read_json
from runtime.errors import StartupError
from tests.runtime_plugin import folder_in_memory

AS_ROOT = os.geteuid() == 0
HOLD = """
import sys
from runtime import embedded
from runtime.datadir import DataDir
with embedded.hold(DataDir.resolve(sys.argv[1]), fast=True) as services:
    print(services.database_url, services.daemon_pid, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def place() -> Iterator[Path]:
    """A directory that PostgreSQL's user may pass through, as pytest's own is not."""
    path = Path(tempfile.mkdtemp(prefix="kasuwa-embedded-", dir=folder_in_memory()))
    path.chmod(0o755)
    yield path
    for location in list(path.rglob("postgres.location")):
        shutil.rmtree(Path(location.read_text().strip()).parent, ignore_errors=True)
    shutil.rmtree(path)


def ask(url: str, statement: str) -> Any:
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(statement).fetchone() if statement.startswith("SELECT") else None
        if row is None:
            connection.execute(statement)
        return row[0] if row else None


def servers_of(data_dir: DataDir) -> list[int]:
    state = read_json(data_dir.services_state)
    return [state["postgres_pid"], state["redis_pid"]]


@pytest.mark.parametrize(
    "name",
    ["plain", "with spaces and 'quotes'", "/".join(["so-long-that-a-socket-in-it-would-be-refused"] * 6)],
    ids=["plain", "spaces", "long"],
)
def test_it_works_wherever_it_is_put(place: Path, name: str) -> None:
    with embedded.hold(DataDir(place / name), fast=True) as services:
        assert ask(services.database_url, "SELECT current_database()") == "kasuwa"
        with redis.Redis.from_url(services.redis_url) as client:
            assert client.ping()


def test_nothing_listens_on_the_network_and_durability_is_the_default(place: Path) -> None:
    with embedded.hold(DataDir(place / "data")) as services:
        for setting, value in {
            "listen_addresses": "",
            "fsync": "on",
            "synchronous_commit": "on",
            "full_page_writes": "on",
        }.items():
            assert ask(services.database_url, f"SELECT current_setting('{setting}')") == value
        with redis.Redis.from_url(services.redis_url) as client:
            assert client.config_get("port")["port"] == "0"
            assert client.config_get("appendonly")["appendonly"] == "yes"


def test_data_and_secrets_outlive_the_servers(place: Path) -> None:
    data_dir = DataDir(place / "data")
    with embedded.hold(data_dir) as services:
        ask(services.database_url, "CREATE TABLE kept AS SELECT 42 AS answer")
        with redis.Redis.from_url(services.redis_url) as client:
            client.set("kept", "42")
        first = read_json(data_dir.secrets_file)
    with embedded.hold(data_dir) as services:
        assert ask(services.database_url, "SELECT answer FROM kept") == 42
        with redis.Redis.from_url(services.redis_url) as client:
            assert client.get("kept") == b"42"
    assert read_json(data_dir.secrets_file) == first


def test_servers_stop_with_the_last_of_those_who_use_them(place: Path) -> None:
    data_dir = DataDir(place / "data")
    first = embedded.hold(data_dir, fast=True)
    second = embedded.hold(data_dir, fast=True)
    pids = [first.daemon_pid, *servers_of(data_dir)]
    assert second.daemon_pid == first.daemon_pid

    first.release()
    assert ask(second.database_url, "SELECT 1") == 1

    second.release()
    assert not any(processes.exists(pid) for pid in pids[1:])
    assert processes.wait_until_gone(pids[0], seconds=5)


def test_servers_stop_when_their_user_is_killed(place: Path) -> None:
    data_dir = DataDir(place / "data")
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(data_dir.path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as user:
        assert user.stdout is not None
        daemon = int(user.stdout.readline().split()[-1])
        pids = [daemon, *servers_of(data_dir)]
        user.kill()
    assert all(processes.wait_until_gone(pid, seconds=10) for pid in pids)


def test_after_the_daemon_was_killed_nothing_is_lost(place: Path) -> None:
    data_dir = DataDir(place / "data")
    first = embedded.hold(data_dir)
    ask(first.database_url, "CREATE TABLE kept AS SELECT 42 AS answer")
    before = servers_of(data_dir)
    os.kill(first.daemon_pid, signal.SIGKILL)

    with embedded.hold(data_dir) as services:
        assert ask(services.database_url, "SELECT answer FROM kept") == 42
        assert not set(before) & set(servers_of(data_dir))
        assert not any(processes.exists(pid) for pid in before)
    first.release()


def test_a_server_that_dies_is_started_again(place: Path, eventually: Callable[..., Any]) -> None:
    data_dir = DataDir(place / "data")
    with embedded.hold(data_dir, fast=True) as services:
        postgres, redis_server = servers_of(data_dir)
        os.kill(redis_server, signal.SIGKILL)
        eventually(lambda: servers_of(data_dir)[1] != redis_server)

        def answers() -> bool:
            try:
                with redis.Redis.from_url(services.redis_url) as client:
                    return bool(client.ping())
            except redis.RedisError:
                return False

        eventually(answers)
        assert servers_of(data_dir)[0] == postgres


def test_throwaway_data_goes_with_its_last_user(place: Path) -> None:
    private = place / "private"
    private.mkdir(mode=0o700)
    with embedded.hold(DataDir(private / "data"), fast=True, throwaway=True, say=lambda _: None) as services:
        assert Path(services.cluster).exists()
        daemon = services.daemon_pid
    assert processes.wait_until_gone(daemon, seconds=5)
    assert not Path(services.cluster).exists()
    assert list(private.iterdir()) == []


def test_an_interrupted_first_start_is_begun_again(place: Path) -> None:
    data_dir = DataDir(place / "data")
    half_made = data_dir.path / "postgres.new"
    half_made.mkdir(parents=True)
    (half_made / "PG_VERSION").write_text("18\n")
    data_dir.path.chmod(0o755)
    with embedded.hold(data_dir, fast=True) as services:
        assert ask(services.database_url, "SELECT 1") == 1
    assert not half_made.exists()


def test_a_cluster_of_another_version_is_left_alone(place: Path) -> None:
    data_dir = DataDir(place / "data")
    cluster = data_dir.path / "postgres"
    cluster.mkdir(parents=True)
    data_dir.path.chmod(0o755)
    (cluster / "PG_VERSION").write_text("14\n")
    if AS_ROOT:
        nobody = pwd.getpwnam("nobody")
        os.chown(cluster, nobody.pw_uid, nobody.pw_gid)
    with pytest.raises(StartupError, match="PostgreSQL 14, this one is 18"):
        embedded.hold(data_dir, fast=True)
    assert (cluster / "PG_VERSION").read_text() == "14\n"
    assert not (data_dir.path / "redis" / "dump.rdb").exists()


@pytest.mark.skipif(not AS_ROOT, reason="only root's directories can be out of reach of PostgreSQL's user")
def test_what_postgres_cannot_reach_is_put_where_it_can(place: Path) -> None:
    private = place / "private"
    private.mkdir(mode=0o700)
    data_dir = DataDir(private / "data")
    notes: list[str] = []
    with embedded.hold(data_dir, say=notes.append) as services:
        assert not Path(services.cluster).is_relative_to(place)
        ask(services.database_url, "CREATE TABLE kept AS SELECT 42 AS answer")
    assert len(notes) == 1
    assert services.cluster in notes[0]
    assert private.stat().st_mode & 0o777 == 0o700

    with embedded.hold(data_dir, say=notes.append) as services:
        assert ask(services.database_url, "SELECT answer FROM kept") == 42
    assert len(notes) == 1


def _open_to_others(path: Path) -> set[str]:
    return {entry.name for entry in path.iterdir() if stat.S_IMODE(entry.stat().st_mode) & 0o077}


@pytest.mark.skipif(not AS_ROOT, reason="only root's servers run as another user")
@pytest.mark.parametrize("left_as", [None, 0o711])
def test_only_postgres_user_passes_through_the_data_directory_and_nobody_reads_it(
    place: Path, left_as: int | None
) -> None:
    data_dir = DataDir(place / "data")
    if left_as is not None:  # by an earlier version
        data_dir.path.mkdir()
        data_dir.path.chmod(left_as)
    data_dir.create()
    local_secrets(data_dir)
    with embedded.hold(data_dir, fast=True) as services:
        cluster = Path(services.cluster)
        assert cluster.is_relative_to(data_dir.path)
        status, owner = data_dir.path.stat(), cluster.stat()
        assert stat.S_IMODE(status.st_mode) == 0o710
        assert (status.st_uid, status.st_gid) == (0, owner.st_gid)
        assert _open_to_others(data_dir.path) == set()
        (data_dir.path / "left-open").touch(mode=0o644)
        assert _open_to_others(data_dir.path) == {"left-open"}  # the control
        daemon = pwd.getpwnam("daemon")
        refused = subprocess.run(
            ["/bin/cat", str(data_dir.path / "left-open")],
            capture_output=True,
            check=False,
            user=daemon.pw_uid,
            group=daemon.pw_gid,
            extra_groups=[],
        )
        assert refused.returncode != 0


@pytest.mark.skipif(not AS_ROOT, reason="only root has a place to copy to")
def test_a_copy_of_the_programs_works_for_postgres_user(place: Path) -> None:
    copy = place / "copy"
    postgres_home._copy_package(postgres_home.bundled_installation().parent, copy)
    programs = copy / postgres_home.PACKAGE / postgres_home.INSTALLATION / "bin"
    nobody = pwd.getpwnam("nobody")
    for name in ("initdb", "postgres"):
        answer = subprocess.run(
            [programs / name, "--version"],
            capture_output=True,
            text=True,
            check=True,
            user=nobody.pw_uid,
            group=nobody.pw_gid,
            extra_groups=[],
        )
        assert "(PostgreSQL) 18" in answer.stdout


@pytest.mark.skipif(not AS_ROOT, reason="only root's clusters are put elsewhere")
def test_a_place_that_was_chosen_and_not_used_yet_is_used(place: Path) -> None:
    data_dir = DataDir(place / "data")
    data_dir.create()
    home = place / "home"
    home.mkdir(mode=0o711)
    data_dir.postgres_location.write_text(f"{home / 'postgres'}\n")
    with embedded.hold(data_dir, fast=True) as services:
        assert services.cluster == str(home / "postgres")


def test_a_place_that_is_gone_is_not_replaced_in_silence(place: Path) -> None:
    data_dir = DataDir(place / "data")
    data_dir.create()
    data_dir.postgres_location.write_text(f"{place}/gone/postgres\n")
    with pytest.raises(StartupError, match="which is gone"):
        embedded.hold(data_dir, fast=True)
    data_dir.postgres_location.unlink()


@pytest.mark.skipif(not AS_ROOT, reason="needs to become another user")
def test_it_works_as_an_ordinary_user(place: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    home = place / "home of nobody"
    home.mkdir(mode=0o700)
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    python = reachable_python(place)
    answer = subprocess.run(
        [python, "-c", HOLD, str(home / "data")],
        input="",
        capture_output=True,
        text=True,
        user=nobody.pw_uid,
        group=nobody.pw_gid,
        extra_groups=[],
        cwd="/",
        env={
            "PATH": os.defpath,
            "PYTHONPATH": os.pathsep.join(python_path()),
            "PYTHONDONTWRITEBYTECODE": "1",
            "LD_LIBRARY_PATH": str(Path(python).parents[1] / "lib"),
        },
        check=False,
    )
    if "Permission denied" in answer.stderr or "No module named" in answer.stderr:
        pytest.skip("the code or the interpreter is out of reach of user nobody")
    assert answer.returncode == 0, answer.stderr
    assert (home / "data" / "postgres").stat().st_uid == nobody.pw_uid


def reachable_python(place: Path) -> str:
    """This interpreter, copied by links if its own place is private."""
    found = Path(sys.executable).resolve()
    if all(parent.stat().st_mode & 0o001 for parent in found.parents):
        return str(found)
    copy = place / "python"
    (copy / "bin").mkdir(parents=True)
    shutil.copy2(found, copy / "bin" / found.name)
    library = Path(json.__file__).parents[1]
    ignored = shutil.ignore_patterns("site-packages", "test", "__pycache__", "idlelib", "config-*")
    shutil.copytree(library, copy / "lib" / library.name, ignore=ignored)
    for shared in library.parent.glob("libpython*.so*"):  # of an interpreter that is built with a shared library
        shutil.copy2(shared, copy / "lib")
    return str(copy / "bin" / found.name)


def python_path() -> list[str]:
    packages = [str(Path(module.__file__ or "").parents[1]) for module in (psycopg, redis)]
    return [str(PROJECT_ROOT), str(PROJECT_ROOT / "platform"), *dict.fromkeys(packages)]


def test_a_full_redis_drops_cached_answers_and_keeps_baskets_and_queued_jobs(place: Path) -> None:
    with (
        embedded.hold(DataDir(place / "data"), fast=True) as services,
        redis.Redis.from_url(services.redis_url) as client,
    ):
        assert client.config_get("maxmemory")["maxmemory"] == str(256 * 1024 * 1024)
        client.config_set("maxmemory", 16 * 1024 * 1024)
        client.rpush("default", *("a queued job" for _ in range(100)))
        for number in range(200):
            client.hset(f"cart:{number}", mapping={"variant": "1:2:3"})
            client.expire(f"cart:{number}", 7 * 24 * 3600)
        for number in range(1000):
            client.set(f"answer:{number}", b"x" * 39_000, ex=120)
        assert client.info("stats")["evicted_keys"] > 0
        assert sum(client.exists(f"cart:{number}") for number in range(200)) == 200
        assert client.llen("default") == 100
