"""`manage.py bench`: a benchmark runs to its end, writes its reports, and leaves nothing behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import pytest

from runtime import processes
from tests.bench.core import busy, page, report
from tests.bench.core.load import whole_answer
from tests.bench.core.measure import compare, found
from tests.bench.core.results import Figure, Result, Run, Target
from tests.bench.core.scale import fitting
from tests.bench.core.table import number
from tests.runtime_plugin import folder_in_memory
from tests.world.market_process import command

DONE_CODES = {0, 1, 3}  # good, a target missed, or others at work: a test's machine promises nothing


def environment() -> dict[str, str]:
    """Ours, with databases in memory: what is measured says nothing anyway."""
    place = {"TMPDIR": folder_in_memory() or tempfile.gettempdir()}
    return {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"} | place


def test_a_quick_benchmark_runs_and_reports(tmp_path: Path) -> None:
    results, html_file = tmp_path / "results.json", tmp_path / "report.html"
    words = command("bench", "ledger", "checkout-service", "--quick", "--json", str(results), "--html", str(html_file))
    ended = subprocess.run(words, env=environment(), capture_output=True, text=True, check=False, timeout=300)
    assert ended.returncode in DONE_CODES, ended.stdout + ended.stderr
    found = {result["name"]: result for result in json.loads(results.read_text())}
    posted = found["ledger/postings/2-processes"]
    placed = found["checkout-service/2-processes"]
    assert min(posted["value"], placed["value"], placed["ratio"]) > 0
    assert all(set(result) == set(report.KEYS) for result in found.values())
    assert report.problems(posted) == []
    assert report.made(posted)["quick"]
    assert "ledger/postings/2-processes" in ended.stdout
    html = html_file.read_text()
    assert "ledger/<wbr>postings/<wbr>2-processes" in html
    assert "<script" not in html
    assert "src=" not in html


def made(name: str, *, value: float = 1.0, **other: Any) -> dict[str, Any]:
    """A result as a file has it."""
    runs = tuple(Run(Figure(value * factor, **other), Figure(2.0), 0.01) for factor in (0.9, 1.0, 1.2))
    result = Result(name, "orders/s", runs, is_valid=True, yardstick_name="floor", target=Target("ratio", at_least=0.4))
    return result.as_json()


def test_a_result_has_these_keys_and_no_others() -> None:
    assert list(made("checkout/1-shop")) == ["name", "value", "unit", "yardstick", "ratio", "target", "ok", "runs"]


def test_files_of_several_runs_make_one_report(tmp_path: Path) -> None:
    first, second, html_file = (tmp_path / name for name in ("first.json", "second.json", "report.html"))
    report.write(first, [made("checkout/1-shop", value=0.2), made("ledger/audit", value=5.0)])
    report.write(second, [made("checkout/1-shop", value=3.0), made("shops/<b>", value=4.0)])
    words = command("bench", "--from", str(first), str(second), "--html", str(html_file))
    ended = subprocess.run(words, env=environment(), capture_output=True, text=True, check=False, timeout=300)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert [result["value"] for result in report.read([first, second])] == [3.0, 5.0, 4.0]
    html = html_file.read_text()
    assert "checkout/<wbr>1-shop" in html
    assert "shops/<wbr>&lt;b&gt;" in html
    assert "<b>" not in html.partition("</header>")[2]


@pytest.mark.parametrize("content", ["{", "[]x", '[{"name": "checkout"}]', '{"a": 1}'])
def test_a_file_of_something_else_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "other.json"
    path.write_text(content)
    with pytest.raises(report.NotResultsError, match=r"other\.json"):
        report.read([path])


def test_what_goes_wrong_on_either_side_is_a_problem() -> None:
    run = Run(Figure(1.0, problems=("sold twice",)), Figure(0.0, problems=("500",)), 0.0)
    result = Result("x", "/s", (run,), is_valid=True)
    assert (result.is_ok, result.problems) == (False, ["sold twice", "yardstick: 500"])


def test_a_disturbed_result_is_never_good() -> None:
    run = Run(Figure(1.0), None, 0.5)
    result = Result("x", "/s", (run,), is_valid=False, target=Target("value", at_least=0.5))
    assert result.as_json()["ok"] is False


def test_memory_over_time_is_drawn() -> None:
    drawn = made("replay/orders", facts={"series": {"web <1>": [[0.0, 100.0], [60.0, 150.0], [120.0, 150.0]]}})
    html = page.render([drawn], {})
    assert "<polyline" in html
    assert "web &lt;1&gt; 150" in html


@pytest.mark.parametrize("values", [[0.0], [0.003, 0.004], [1, 999.7], [0.0001, 5000.0], [10.0, 1000.0], [7.0]])
def test_every_figure_lies_on_its_axis(values: list[float]) -> None:
    scale = fitting(values)
    assert scale.first <= min(values)
    assert max(values) <= scale.last
    places = [scale.at(value) for value in sorted(values)]
    assert places == sorted(places)
    assert 2 <= len(scale.ticks) <= 12


@pytest.mark.parametrize(
    ("value", "said"),
    [(999.7, "1,000"), (999.4, "999"), (0.0539, "0.0539"), (0, "0"), (5.52e-5, "5.5e-05"), (None, "")],
)
def test_figures_for_people(value: float | None, said: str) -> None:
    assert number(value) == said


@pytest.mark.parametrize("uv", ["", "#!/bin/sh\necho 'no route to host' >&2; exit 2\n"])
def test_a_yardstick_that_cannot_be_installed_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], uv: str
) -> None:
    from tests.bench.suites import oscar

    if uv:
        (tmp_path / "uv").write_text(uv)
        (tmp_path / "uv").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin" if uv else str(tmp_path))
    assert oscar._environment(tmp_path / "oscar") is None
    said = capsys.readouterr().out
    assert "oscar is left out" in said
    assert ("no route to host" in said) is bool(uv)


def test_an_unknown_benchmark_is_refused() -> None:
    ended = subprocess.run(
        command("bench", "speed"), env=environment(), capture_output=True, text=True, check=False, timeout=300
    )
    assert ended.returncode == 2
    assert "no benchmark 'speed'" in ended.stderr


def test_ctrl_c_ends_everything_it_started() -> None:
    words = command("bench", "ledger")
    bench = subprocess.Popen(words, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        deadline = time.monotonic() + 300
        started: set[int] = set()
        while time.monotonic() < deadline:
            family = busy.family(bench.pid)
            started = {process.pid for process in family} - {bench.pid}
            if "valkey-server" in {process.name for process in family}:
                break
            time.sleep(0.05)
        bench.send_signal(signal.SIGTERM)
        _, errors = bench.communicate(timeout=300)
    finally:
        bench.kill()
        bench.wait()
    assert bench.returncode == 130, errors.decode()
    assert started
    # Stopped while they start, the services stop by themselves as soon as they notice that nobody is there.
    for pid in started:
        assert processes.wait_until_gone(pid, seconds=30), processes.command_line(pid)


@pytest.mark.parametrize(
    ("target", "value", "ratio", "is_met"),
    [
        (Target("ratio", at_least=0.4), 1, 0.41, True),
        (Target("ratio", at_least=0.4), 1, 0.39, False),
        (Target("ratio", at_least=0.4), 1, None, False),
        (Target("value", at_most=1.0), 0.9, None, True),
        (Target("value", at_least=0, at_most=0), 1, None, False),
    ],
)
def test_targets(target: Target, value: float, ratio: float | None, is_met: bool) -> None:
    assert target.is_met(value=value, ratio=ratio) is is_met


def test_sides_take_turns_and_the_first_pair_is_thrown_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(busy, "TOLERATED_SHARE", 1.0)
    turns: list[str] = []
    values = iter([1000.0, 10.0, 30.0, 20.0])

    def ours() -> Figure:
        turns.append("ours")
        return Figure(next(values))

    def yardstick() -> Figure:
        turns.append("yardstick")
        return Figure(40.0)

    result = compare("x", ours, yardstick, unit="/s", rounds=3)
    assert turns == ["ours", "yardstick"] * 4
    assert (result.value, result.ratio, result.is_valid) == (20.0, 0.5, True)


def test_one_pair_is_neither_warmed_up_nor_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Quick runs have one, and prove only that everything runs."""
    monkeypatch.setattr(busy.Reading, "others_share_since", lambda *_: 0.5)
    values = iter([1.0])
    result = compare("x", lambda: Figure(next(values)), unit="/s", rounds=1)
    assert (result.value, result.is_valid) == (1.0, False)


def test_a_result_that_was_disturbed_is_not_valid(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(busy.Reading, "others_share_since", lambda *_: 0.5)
    result = compare("x", lambda: Figure(1.0), unit="/s", rounds=2)
    assert not result.is_valid


def test_a_count_of_a_disturbed_run_is_valid_and_a_time_is_not() -> None:
    whole = Result("x", "/s", (Run(Figure(1.0), None, 0.5),), is_valid=False)
    assert found("x/oversold", 0, unit="units", like=whole, depends_on_time=False).is_valid
    assert not found("x/p95", 12, unit="ms", like=whole).is_valid


def test_an_answer_is_whole_only_when_all_of_it_is_there() -> None:
    head = b"HTTP/1.1 201 Created\r\nContent-Length: 4\r\nX-Cart-Token: abc\r\n\r\n"
    assert whole_answer(head[:20]) is None
    assert whole_answer(head + b"abc") is None
    answer = whole_answer(head + b"abcd")
    assert answer is not None
    assert (answer.status, answer.body, answer.header(b"x-cart-token")) == (201, b"abcd", "abc")
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n"
    assert whole_answer(chunked) is None
    assert whole_answer(chunked + b"0\r\n\r\n") is not None
