"""`manage.py up` with a wrong port, address, setting or folder: one sentence, and nothing is left behind."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from runtime import processes
from runtime.datadir import DataDir, Lock, write_private
from tests.world.live_site import free_port
from tests.world.market_process import command, environment, fresh_data_dir

NOBODY = "postgresql://someone:secret@127.0.0.1:1/none"
NOBODY_REDIS = "redis://:secret@127.0.0.1:1/0"


@pytest.fixture
def data_dir() -> Iterator[DataDir]:
    with fresh_data_dir() as fresh:
        yield fresh


@dataclass(frozen=True)
class Refused:
    """A command that cannot start.

    Args:
        words: of the command; `{port}` and `{other}` are free ports.
        given: what the environment has besides.
        says: what its one sentence names.
    """

    words: tuple[str, ...]
    says: tuple[str, ...]
    given: dict[str, str] = field(default_factory=dict)


UP = ("up", "--port", "{port}", "--sandbox-port", "{other}")
CASES = {
    "no-such-port": Refused(("up", "--port", "70000"), ("70000", "--port")),
    "port-zero": Refused(("up", "--port", "0"), ("0 is not a port", "--port")),
    "no-room-for-the-sandbox": Refused(("up", "--port", "65535"), ("65536", "--sandbox-port")),
    "one-port-for-both": Refused(("up", "--port", "{port}", "--sandbox-port", "{port}"), ("--sandbox-port",)),
    "no-such-host": Refused((*UP, "--host", "nowhere.invalid"), ("nowhere.invalid", "--host")),
    "another-machine": Refused((*UP, "--host", "203.0.113.9"), ("203.0.113.9", "--host")),
    "no-such-settings": Refused(
        UP, ("nope.nothing", "DJANGO_SETTINGS_MODULE"), {"DJANGO_SETTINGS_MODULE": "nope.nothing"}
    ),
    "no-number": Refused(UP, ("WEB_THREADS", "'many'"), {"WEB_THREADS": "many"}),
    "no-database-address": Refused(UP, ("DATABASE_URL",), {"DATABASE_URL": "garbage", "REDIS_URL": NOBODY_REDIS}),
    "no-redis-address": Refused(UP, ("REDIS_URL",), {"DATABASE_URL": NOBODY, "REDIS_URL": "garbage"}),
    "a-database-that-is-not-there": Refused(
        UP, ("DATABASE_URL", "does not answer"), {"DATABASE_URL": NOBODY, "REDIS_URL": NOBODY_REDIS}
    ),
    "a-command-without-its-database": Refused(
        ("shops", "roles"), ("DATABASE_URL", "does not answer"), {"DATABASE_URL": NOBODY, "REDIS_URL": NOBODY_REDIS}
    ),
    "up-with-a-port-that-is-none": Refused(("up",), ("KASUWA_PORT", "'abc'"), {"KASUWA_PORT": "abc"}),
    "a-command-with-a-port-that-is-none": Refused(("check",), ("KASUWA_PORT", "'abc'"), {"KASUWA_PORT": "abc"}),
}


def run(refused: Refused, data_dir: DataDir) -> subprocess.CompletedProcess[str]:
    ports = {"port": str(free_port()), "other": str(free_port())}
    words = [word.format_map(ports) for word in refused.words]
    given = environment(data_dir) | refused.given
    return subprocess.run(command(*words), env=given, capture_output=True, text=True, check=False, timeout=300)


def require_a_sentence(answer: subprocess.CompletedProcess[str], says: tuple[str, ...]) -> None:
    assert answer.returncode == 1, answer.stderr
    assert "Traceback" not in answer.stdout + answer.stderr
    assert "secret" not in answer.stdout + answer.stderr
    sentence = answer.stderr.strip().splitlines()[-1]
    assert all(text in sentence for text in says), answer.stderr


@pytest.mark.parametrize("name", CASES)
def test_it_says_what_is_wrong_and_leaves_nothing(data_dir: DataDir, name: str) -> None:
    require_a_sentence(run(CASES[name], data_dir), CASES[name].says)
    assert not processes_with(data_dir)


@pytest.mark.parametrize("below", ["a file", "a link in a circle"])
def test_a_folder_that_cannot_be_made_is_named(data_dir: DataDir, below: str) -> None:
    data_dir.path.mkdir(parents=True)
    blocking = data_dir.path / "blocking"
    if below == "a file":
        blocking.write_text("")
    else:
        blocking.symlink_to(blocking)
    answer = run(Refused((*UP, "--data-dir", str(blocking / "data")), ()), data_dir)
    require_a_sentence(answer, ("Cannot keep data in", str(blocking), "--data-dir"))


def test_a_second_one_on_the_same_data_names_the_first(data_dir: DataDir) -> None:
    data_dir.create()
    first = Lock(data_dir.up_lock)
    assert first.take()
    write_private(data_dir.up_state, {"pid": 4711, "address": "http://localhost:8000"})
    answer = run(Refused(UP, ()), data_dir)
    first.release()
    require_a_sentence(answer, ("already runs", "4711", "http://localhost:8000", "--data-dir"))
    assert not (data_dir.path / "postgres").exists()


def test_the_port_is_free_again_after_a_refusal(data_dir: DataDir) -> None:
    port = free_port()
    words = ("up", "--port", str(port), "--sandbox-port", str(port))
    require_a_sentence(run(Refused(words, ()), data_dir), (str(port),))
    with socket.create_server(("127.0.0.1", port)):
        pass


def processes_with(data_dir: DataDir) -> list[str]:
    """Return the command lines of processes that were started on a data directory and go on."""
    if not processes.ON_LINUX:
        return []
    found = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    return [line for line in found.splitlines() if str(data_dir.path) in line]
