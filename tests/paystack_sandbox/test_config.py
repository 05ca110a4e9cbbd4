"""The sandbox takes its settings from the command line and the environment, and never a live key."""

from pathlib import Path

import pytest

from paystack_sandbox.config import read_config

NEEDED = ["--store", "s.sqlite3", "--webhook-url", "http://kasuwa.localhost:8000/webhooks/paystack/"]


def test_command_line() -> None:
    config = read_config([*NEEDED, "--secret-key", "sk_test_x", "--finish-after", "never"], {})

    assert (config.store, config.port, config.finish_after) == (Path("s.sqlite3"), 8001, None)


def test_environment() -> None:
    environment = {
        "PAYSTACK_SANDBOX_STORE": "/tmp/a.sqlite3",
        "PAYSTACK_SANDBOX_WEBHOOK_URL": "http://localhost/hook",
        "PAYSTACK_SANDBOX_PORT": "9001",
        "PAYSTACK_SECRET_KEY": "sk_test_y",
    }
    config = read_config([], environment)

    assert (config.port, config.secret_key, config.store) == (9001, "sk_test_y", Path("/tmp/a.sqlite3"))


@pytest.mark.parametrize("arguments", [NEEDED, [*NEEDED, "--secret-key", "sk_live_x"]])
def test_a_missing_or_live_key_is_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        read_config(arguments, {})

    assert "--secret-key" in capsys.readouterr().err
