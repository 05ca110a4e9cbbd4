"""`manage.py up --reload`: changed files are noticed, and the market has them without being started by hand."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from runtime import processes
from runtime.datadir import PROJECT_ROOT, DataDir, read_json
from runtime.up import launch, reload
from runtime.up.options import Options
from runtime.up.reload import REFUSED, Reloader, Wakeups
from runtime.up.sources import Sources
from tests.world.live_site import free_port
from tests.world.market_process import MarketProcess, command, environment, fresh_data_dir
from tests.world.migrated_market import migrated_data_dir

MENDED = "it starts again when a file has changed"
PAGE = """
from django.http import HttpResponse

urlpatterns = [*urlpatterns, path("changed/", lambda _: HttpResponse("{text}"))]
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project, whose files a test may change."""
    copy = tmp_path / "project"
    left_out = shutil.ignore_patterns(".*", "node_modules", "tests", "deploy", "images")
    shutil.copytree(PROJECT_ROOT, copy, ignore=left_out)
    return copy


def servers(data_dir: DataDir) -> tuple[int, int]:
    state = read_json(data_dir.services_state)
    return state["postgres_pid"], state["redis_pid"]


def test_changes_reach_the_running_market(project: Path, eventually: Callable[..., Any]) -> None:
    """A template, a module, a fault, its mending, Ctrl-C."""
    with migrated_data_dir() as data_dir:
        words = ("--no-demo", "--reload")
        market = MarketProcess(data_dir, free_port(), free_port(), *words, project=project)

        def page(path: str) -> str:
            address, host = f"http://127.0.0.1:{market.port}{path}", {"Host": "kasuwa.localhost"}
            with contextlib.suppress(httpx.HTTPError):
                answer = httpx.get(address, headers=host, verify=False)  # else it reads certificates each time
                return answer.text if answer.status_code == httpx.codes.OK else ""
            return ""

        try:
            market.wait_for_banner()
            before, kept = market.children(), servers(data_dir)
            assert page("/")

            layout = project / "platform/config/templates/layouts/base.html"
            layout.write_text(layout.read_text().replace("</body>", "a changed template</body>"))
            assert "a changed template" in page("/")
            assert market.children() == before

            urls = project / "platform/config/urls_platform.py"
            sound = urls.read_text()
            urls.write_text(sound + PAGE.format(text="a changed module"))
            eventually(lambda: page("/changed/") == "a changed module", timeout=120)
            market.wait_for("open again after")
            assert not {*before.values()} & {*market.children().values()}
            assert servers(data_dir) == kept

            urls.write_text(sound + "def fault(:\n")
            market.wait_for(MENDED)
            assert "SyntaxError" in market.output
            assert "urls_platform.py" in market.output
            assert all(processes.exists(pid) for pid in kept)

            urls.write_text(sound + PAGE.format(text="a mended module"))
            eventually(lambda: page("/changed/") == "a mended module", timeout=120)
            assert servers(data_dir) == kept

            everyone = market.everyone()
            assert market.end(signal.SIGINT) == 0
            assert not any(processes.exists(pid) for pid in everyone)
            assert market.output.rstrip().endswith("Kasuwa is closed.")
        finally:
            market.end()


def test_without_the_option_nothing_watches(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []
    monkeypatch.setattr(launch, "run", lambda _: ran.append("market") or 0)
    monkeypatch.setattr(reload, "run", lambda _: ran.append("reloader") or 0)
    assert launch.main([]) == launch.main(["--reload"]) == 0
    assert ran == ["market", "reloader"]


def test_a_refusal_at_the_first_start_ends_it() -> None:
    with fresh_data_dir() as data_dir:
        words = command("up", "--reload", "--port", "0")
        answer = subprocess.run(words, env=environment(data_dir), capture_output=True, text=True, check=False)
    assert answer.returncode == 1
    assert "--port" in answer.stderr
    assert MENDED not in answer.stdout


class Changes(Sources):
    """Files that change once, after the market has ended."""

    def __init__(self) -> None:
        self.names = ["app.py"]

    def changed(self) -> str:
        return self.names.pop() if self.names else ""


@pytest.fixture
def ended_with(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., tuple[int, list[Options]]]:
    """Run a reloader whose markets end at once, with these codes; return its own code and what was started."""

    def run(*codes: int) -> tuple[int, list[Options]]:
        started: list[Options] = []

        def start(options: Options) -> subprocess.Popen[bytes]:
            started.append(options)
            market = subprocess.Popen([sys.executable, "-c", f"raise SystemExit({codes[len(started) - 1]})"])
            market.wait()
            return market

        monkeypatch.setattr(reload, "_start", start)
        monkeypatch.setattr(reload, "Sources", lambda *_, **__: Changes())
        with Wakeups() as wakeups:
            return Reloader(OPTIONS, DataDir(tmp_path), wakeups).run(), started

    return run


OPTIONS = Options(port=8000, host="127.0.0.1", sandbox_port=8001, demo=False)
AGAIN = replace(OPTIONS, is_again=True)


@pytest.mark.parametrize(
    ("codes", "code", "started"),
    [
        ((0,), 0, [OPTIONS]),  # it was closed
        ((REFUSED,), 1, [OPTIONS]),  # a change of a file frees no port
        ((1, 0), 0, [OPTIONS, AGAIN]),  # a fault in a file, then its mending
    ],
)
def test_a_market_that_ends_by_itself_waits_for_a_change_only_where_one_may_help(
    ended_with: Callable[..., tuple[int, list[Options]]], codes: tuple[int, ...], code: int, started: list[Options]
) -> None:
    assert ended_with(*codes) == (code, started)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    for name in ("app/views.py", "app/page.html", "tests/rows.sql", ".data/x.py", "data/x.py", "app/.hidden/x.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("one")
    return tmp_path


def _write(path: Path) -> None:
    path.write_text("other")


def _touch(path: Path) -> None:
    os.utime(path, ns=(1, 1))


@pytest.mark.parametrize(
    ("name", "act", "is_noticed"),
    [
        ("app/views.py", _write, True),
        ("app/views.py", _touch, True),
        ("app/views.py", Path.unlink, True),
        ("app/new.sql", _write, True),
        ("app/new.html", _write, True),  # where templates are is remembered
        ("app/page.html", Path.unlink, True),
        ("app/page.html", _write, False),  # read again by itself
        ("app/.#views.py", lambda path: path.symlink_to("nobody@machine.1"), False),  # an editor's lock
        ("app/views.py~", _write, False),
        ("tests/rows.sql", _write, False),
        (".data/x.py", _write, False),
        ("data/x.py", _write, False),
        ("app/.hidden/x.py", _write, False),
    ],
)
def test_a_change_of_what_processes_read_once_is_noticed(
    files: Path, name: str, act: Callable[[Path], None], is_noticed: bool
) -> None:
    sources = Sources(files, leave_out=files / "data")
    assert sources.changed() == ""
    act(files / name)
    assert sources.changed() == (name if is_noticed else "")
    assert sources.changed() == ""
