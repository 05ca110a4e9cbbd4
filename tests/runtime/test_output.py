"""The terminal of `manage.py up`, its banner and its arguments."""

from __future__ import annotations

import argparse
import io
import socket
from pathlib import Path

import pytest

from demo.accounts import ACCOUNTS, PASSWORD
from runtime import sandbox
from runtime.errors import StartupError
from runtime.up import banner, options, probes
from runtime.up.output import Terminal

ESCAPE = "\x1b["


class Tty(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _plain_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")


def test_lines_carry_their_process_and_its_colour() -> None:
    stream = Tty()
    Terminal(stream).line("web", "hello")
    assert stream.getvalue() == "\x1b[32mweb      |\x1b[0m hello\n"


def test_no_color_is_respected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    stream = Tty()
    Terminal(stream).line("web", "hello")
    assert stream.getvalue() == "web      | hello\n"


def test_an_empty_no_color_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "")
    stream = Tty()
    Terminal(stream).line("web", "hello")
    assert ESCAPE in stream.getvalue()


def test_a_pipe_gets_no_colours() -> None:
    stream = io.StringIO()
    Terminal(stream).line("web", "hello")
    assert ESCAPE not in stream.getvalue()


def test_a_dumb_terminal_gets_no_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    stream = Tty()
    Terminal(stream).line("web", "hello")
    assert ESCAPE not in stream.getvalue()


def test_an_ascii_terminal_gets_question_marks_instead_of_an_error() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    Terminal(stream).line("web", "₦500")
    assert raw.getvalue() == b"web      | ?500\n"


def _options(*words: str) -> options.Options:
    parser = argparse.ArgumentParser()
    options.add_arguments(parser)
    return options.read(vars(parser.parse_args(words)))


def test_the_sandbox_listens_beside_the_market() -> None:
    assert _options("--port", "9000").sandbox_port == 9001
    assert _options("--port", "9000", "--sandbox-port", "7").sandbox_port == 7
    assert _options().demo
    assert not _options("--no-demo").demo


def test_the_port_is_that_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KASUWA_PORT", "9000")
    assert (_options().port, _options().sandbox_port, _options("--port", "7000").port) == (9000, 9001, 7000)
    monkeypatch.delenv("KASUWA_PORT")
    assert _options().port == 8000


def test_the_banner_tells_addresses_and_who_can_sign_in() -> None:
    stream = io.StringIO()
    banner.show(
        Terminal(stream), _options(), base_domain="kasuwa.localhost", with_demo=True, with_sandbox=True, seconds=1.0
    )
    text = stream.getvalue()
    for word in (
        "http://kasuwa.localhost:8000/",
        "http://indigo-fabrics.kasuwa.localhost:8000/dashboard/",
        "http://copper-kitchen.kasuwa.localhost:8000/dashboard/",
        "/operator/",
        "/api/docs/",
        "http://localhost:8001/",
        PASSWORD,
        *(account.email for account in ACCOUNTS),
    ):
        assert word in text


def test_an_empty_market_has_nobody_to_sign_in() -> None:
    stream = io.StringIO()
    banner.show(
        Terminal(stream), _options(), base_domain="kasuwa.localhost", with_demo=False, with_sandbox=False, seconds=1.0
    )
    assert PASSWORD not in stream.getvalue()
    assert "8001" not in stream.getvalue()


def test_the_mailbox_is_named_where_letters_are_kept_as_files(monkeypatch: pytest.MonkeyPatch) -> None:
    def shown() -> str:
        stream, domain = io.StringIO(), "kasuwa.localhost"
        banner.show(Terminal(stream), _options(), base_domain=domain, with_demo=False, with_sandbox=True, seconds=1.0)
        return stream.getvalue()

    monkeypatch.delenv("EMAIL_BACKEND", raising=False)
    assert "http://localhost:8001/sandbox/mail/" in shown()
    pictures = "http://kasuwa.localhost:8000/media/"
    told = sandbox.arguments(port=8001, data_dir=Path("data"), web_port=8000, pictures=pictures)
    assert told[told.index("--mail") :] == ["--mail", "data/mail", "--mail-pictures", pictures]
    monkeypatch.setenv("EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend")
    assert "http://localhost:8001/" in shown()
    assert "/sandbox/mail/" not in shown()
    assert "--mail" not in sandbox.arguments(port=8001, data_dir=Path("data"), web_port=8000)


def test_a_taken_port_is_named_with_the_option_that_changes_it() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(StartupError, match=rf"Port {port} .* --port"):
            probes.require_free(host="127.0.0.1", port=port, option="--port")
    probes.require_free(host="127.0.0.1", port=port, option="--port")


def test_a_number_that_is_no_port_is_refused() -> None:
    with pytest.raises(StartupError, match="70000 is not a port"):
        probes.require_free(host="127.0.0.1", port=70000, option="--port")
