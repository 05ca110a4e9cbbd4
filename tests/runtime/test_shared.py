"""Objects made before the processes of `up` are forked must survive the fork."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.world.market_process import ADDRESSES

PROGRAM = """
import gc, os, threading
from runtime.up import shared
before = set(os.listdir("/proc/self/fd"))
shared.load()
print("threads", threading.active_count())
print("descriptors", len(set(os.listdir("/proc/self/fd")) - before))
print("frozen", gc.get_freeze_count() > 100_000)
from django.urls import get_resolver
from gateway import get_provider
print("addresses", all(get_resolver(urls)._populated for urls in shared.URLS))
print("provider", get_provider("paystack") is get_provider("paystack"))
from config.celery import app
print("jobs", "checkout.expire_reservations" in app.tasks, app.finalized)
"""


def load_in_a_process_of_its_own() -> dict[str, str]:
    environment = {name: value for name, value in os.environ.items() if name not in ADDRESSES}
    nowhere = {"DATABASE_URL": "postgresql://127.0.0.1:9/nowhere", "REDIS_URL": "redis://127.0.0.1:9/0"}
    answer = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={**environment, **nowhere, "DJANGO_SETTINGS_MODULE": "config.settings.local"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    return dict(line.split(" ", 1) for line in answer.stdout.splitlines())


def test_neither_threads_nor_connections_are_there_before_the_fork_and_the_work_is_done() -> None:
    found = load_in_a_process_of_its_own()
    assert found["threads"] == "1"
    assert found["descriptors"] == "0"
    assert found["frozen"] == "True"
    assert found["addresses"] == "True"
    assert found["provider"] == "True"
    assert found["jobs"] == "True True"
