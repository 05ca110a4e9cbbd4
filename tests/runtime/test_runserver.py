"""`manage.py runserver` beside a market, and without one."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from runtime import development_server
from runtime.datadir import DataDir, Lock, read_json
from tests.world.live_site import free_port
from tests.world.market_process import command, environment, running_market
from tests.world.migrated_market import migrated_data_dir

MISSING = "No market runs on the data in"


@contextlib.contextmanager
def development(data_dir: DataDir, port: int, said: Path) -> Iterator[Callable[[str], httpx.Response | None]]:
    """Run the development server for as long as the block lasts; the block's end is Ctrl-C.

    Yields a function that returns an answer of the platform's host, or nothing while the server does not listen yet.
    """

    def page(path: str) -> httpx.Response | None:
        if server.poll() is not None:
            pytest.fail(f"The development server has ended: {said.read_text()}")
        return answer(port, path)

    with said.open("wb") as output:
        server = subprocess.Popen(
            command("runserver", str(port)),
            env=environment(data_dir),
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield page
        assert server.poll() is None, said.read_text()
    finally:
        os.killpg(server.pid, signal.SIGINT)  # as a terminal does: the server and the process that it serves in
        server.wait(timeout=120)


def answer(port: int, path: str) -> httpx.Response | None:
    """Return an answer of the platform's host; nothing while no server listens.

    One that listens is waited for: a page that takes long on a busy machine is not asked for again and again.
    """
    host = {"Host": f"kasuwa.localhost:{port}"}
    with contextlib.suppress(httpx.ConnectError):
        # Else each question reads a file of certificates, and until the server is there hundreds are asked.
        return httpx.get(f"http://127.0.0.1:{port}{path}", headers=host, timeout=180, verify=False)
    return None


def test_it_shares_a_market_and_says_what_is_missing_without_one(
    tmp_path: Path, eventually: Callable[..., Any]
) -> None:
    with migrated_data_dir() as data_dir:
        with running_market(data_dir) as market:
            port, said = free_port(), tmp_path / "beside"
            with development(data_dir, port, said) as page:
                home = eventually(lambda: page("/"))
                assert home.status_code == httpx.codes.OK
                assert f"kasuwa.localhost:{port}/" in home.text
                assert f"kasuwa.localhost:{market.port}/" not in home.text
                ready = page("/health/ready")
                assert ready is not None
                assert ready.json()["status"] == "ok"  # its database is migrated, its worker in its Redis
            assert MISSING not in said.read_text()
            assert market.process.poll() is None

        port, said = free_port(), tmp_path / "without"
        with development(data_dir, port, said) as page:
            assert eventually(lambda: page("/")).status_code == httpx.codes.OK
            eventually(lambda: (health := page("/health/ready")) and not health.json()["checks"]["worker"]["ok"])
        assert said.read_text().count(f"{MISSING} {data_dir.path}.") == 1
        eventually(lambda: not read_json(data_dir.services_state))


@pytest.mark.parametrize(
    ("words", "port"),
    [([], "8000"), (["8100"], "8100"), (["0.0.0.0:8100"], "8100"), (["[::1]:8100", "--noreload"], "8100")],
)
def test_pages_lead_to_its_own_port(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, words: list[str], port: str
) -> None:
    for given, expected in (({}, port), ({development_server.PORT: "9000"}, "9000")):
        monkeypatch.setattr(os, "environ", given)
        development_server.prepare(words, DataDir(tmp_path))
        assert given[development_server.PORT] == expected


def test_a_running_market_is_known_by_its_lock(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "environ", {})
    data_dir = DataDir(tmp_path)
    lock = Lock(data_dir.up_lock)
    assert not lock.is_taken()
    assert lock.take()
    assert Lock(data_dir.up_lock).is_taken()
    development_server.prepare([], data_dir)
    assert MISSING not in capsys.readouterr().err
    lock.release()
    development_server.prepare([], data_dir)
    assert MISSING in capsys.readouterr().err
