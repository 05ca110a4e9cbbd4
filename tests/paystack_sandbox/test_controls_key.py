"""Access to the sandbox's controls: this machine; others with the secret key."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from paystack_sandbox.testing import SandboxProcess

KEY = "sk_test_of_the_tests"


@pytest.fixture(scope="module")
def reachable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    store = tmp_path_factory.mktemp("reachable") / "sandbox.sqlite3"
    with SandboxProcess("--host", "0.0.0.0", store=store, webhook_url="http://127.0.0.1:9/", secret_key=KEY) as sandbox:
        yield f"http://127.0.0.1:{httpx.URL(sandbox.url).port}"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/sandbox/faults"),
        ("POST", "/sandbox/faults"),
        ("GET", "/sandbox"),
        ("GET", "/sandbox/deliveries"),
        ("GET", "/sandbox/mail/"),
        ("GET", "/sandbox/mail/20260101-101500-1-0/html"),
        ("GET", "/sandbox/mail/20260101-101500-1-0/attachments/0"),
        ("POST", "/sandbox/transactions/order-1/pay"),
        ("POST", "/sandbox/reset"),
    ],
)
def test_a_sandbox_that_others_can_reach_asks_for_the_key(reachable: str, method: str, path: str) -> None:
    asked = httpx.request(method, reachable + path, json={} if method == "POST" else None)
    wrong = httpx.request(method, reachable + path, auth=("me", "sk_test_wrong"))
    right = httpx.request(method, reachable + path, auth=("me", KEY), json={} if method == "POST" else None)
    bearer = httpx.request(method, reachable + path, headers={"Authorization": f"Bearer {KEY}"})

    assert (asked.status_code, wrong.status_code) == (401, 401)
    assert asked.headers["www-authenticate"].startswith("Basic")
    assert 401 not in (right.status_code, bearer.status_code)


def test_on_the_loopback_interface_no_key_is_needed(tmp_path: Path) -> None:
    """The control."""
    with SandboxProcess(store=tmp_path / "own.sqlite3", webhook_url="http://127.0.0.1:9/", secret_key=KEY) as sandbox:
        assert httpx.get(f"{sandbox.url}/sandbox/faults").status_code == 200
