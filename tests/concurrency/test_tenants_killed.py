"""Processes side by side, and processes killed: what was begun is undone, and the next run goes on."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tenants.errors import ShopUnavailableError
from tenants.hosts.look_up import get_shop_by_host
from tenants.models import Domain, MigrationFailure, Shop
from tenants.schemas.build import describe_shop
from tenants.shops import host_cache
from tests.world.next_release import GATE, has_note, holding, nobody_else, run, somebody_waits, start, write_release
from tests.world.shops import make_shop, schemas

COUNT = 8
SLUGS = [f"shop-{number}" for number in range(COUNT)]
SCHEMAS = [f"shop_shop_{number}" for number in range(COUNT)]
Eventually = Callable[..., Any]


@pytest.fixture
def release(live_database: str, tmp_path: Path) -> Path:
    """Shops of the last release, and the folder of the next."""
    for slug in SLUGS:
        make_shop(slug)
    write_release(tmp_path)
    return tmp_path


def kill(process: subprocess.Popen[str], *, everyone: bool = True) -> None:
    """End a process without a word, with its children or without."""
    (os.killpg if everyone else os.kill)(process.pid, signal.SIGKILL)
    process.communicate(timeout=60)


def whole(schema_names: list[str]) -> bool:
    """Return whether schemas are all alike, the record of their migrations included."""
    return len({tuple(describe_shop(name).lines()) for name in schema_names}) == 1


def running_children(parent: int) -> list[int]:
    """The workers that have not ended."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [int(child) for child in children if is_running(child)]


def is_running(child: str) -> bool:
    """Return whether a process neither has ended nor is gone by now."""
    try:
        return Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_two_processes_share_the_shops(release: Path, live_database: str) -> None:
    code, said = run(release, live_database, "migrate_shops", "--jobs", "2")
    assert code == 0, said
    assert f"Shops migrated: {COUNT}." in said
    assert all(map(has_note, SCHEMAS))
    assert whole(SCHEMAS)


def test_two_processes_leave_one_failing_shop_behind(release: Path, live_database: str) -> None:
    code, said = run(release, live_database, "migrate_shops", "--jobs", "2", TRIAL_BROKEN=SCHEMAS[5])
    assert code == 1
    assert f"{SCHEMAS[5]}: no such rate" in said
    assert [name for name in SCHEMAS if not has_note(name)] == [SCHEMAS[5]]
    assert [failure.reason for failure in MigrationFailure.objects.all()] == ["no such rate"]
    code, said = run(release, live_database, "migrate_shops", "--jobs", "2")
    assert (code, MigrationFailure.objects.count()) == (0, 0), said


@pytest.mark.parametrize(("jobs", "everyone"), [("1", True), ("2", True), ("2", False)])
def test_killed_in_the_middle_of_migrating(
    release: Path, live_database: str, eventually: Eventually, jobs: str, everyone: bool
) -> None:
    with holding(live_database, f"SELECT pg_advisory_lock({GATE})"):
        process = start(release, live_database, "migrate_shops", "--jobs", jobs, TRIAL_WAITING=SCHEMAS[3])
        eventually(lambda: somebody_waits() and has_note(SCHEMAS[0]))  # two workers' shares are done side by side
        kill(process, everyone=everyone)
        assert not has_note(SCHEMAS[3])
    code, said = run(release, live_database, "migrate_shops", "--jobs", jobs)
    assert code == 0, said
    eventually(lambda: nobody_else(live_database))
    assert all(map(has_note, SCHEMAS))
    assert whole(SCHEMAS)
    assert not MigrationFailure.objects.exists()


def test_two_commands_at_the_same_time(release: Path, live_database: str) -> None:
    both = [start(release, live_database, "migrate_shops", "--jobs", "2") for _ in range(2)]
    said = [process.communicate(timeout=300)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert whole(SCHEMAS)


def test_a_worker_that_is_killed_leaves_its_share_to_the_next_run(
    release: Path, live_database: str, eventually: Eventually
) -> None:
    with holding(live_database, f"SELECT pg_advisory_lock({GATE})"):
        process = start(release, live_database, "migrate_shops", "--jobs", "2", TRIAL_WAITING=SCHEMAS[3])
        eventually(somebody_waits)
        eventually(lambda: len(running_children(process.pid)) == 1)
        [worker] = running_children(process.pid)
        os.kill(worker, signal.SIGKILL)
        said, _ = process.communicate(timeout=300)
    assert process.returncode == 1
    assert f"{SCHEMAS[3]}: The process that was to migrate it ended early." in said
    assert all(map(has_note, SCHEMAS[::2]))
    code, said = run(release, live_database, "migrate_shops", "--jobs", "2")
    assert code == 0, said
    assert whole(SCHEMAS)


def test_killed_in_the_middle_of_provisioning(live_database: str, tmp_path: Path, eventually: Eventually) -> None:
    write_release(tmp_path)
    kept = {"DJANGO_SETTINGS_MODULE": "config.settings.test"}
    assert run(tmp_path, live_database, "shops", "create", "--count", "2", **kept)[0] == 0
    before = schemas()
    with holding(live_database, "LOCK TABLE tenants_domain IN SHARE MODE"):
        process = start(tmp_path, live_database, "shops", "create", "--count", "4", **kept)
        eventually(somebody_waits)
        kill(process)
    eventually(lambda: nobody_else(live_database))
    assert (Shop.objects.count(), Domain.objects.count(), schemas()) == (2, 2, before)
    assert get_shop_by_host("trial-00003.kasuwa.localhost") is None
    code, said = run(tmp_path, live_database, "shops", "create", "--count", "4", **kept)
    assert (code, "Shops made: 2. There before: 2." in said) == (0, True), said
    host_cache.clear_process()
    assert get_shop_by_host("trial-00003.kasuwa.localhost") is not None
    assert whole([shop.schema_name for shop in Shop.objects.all()])


def test_schema_without_a_shop_and_shop_without_a_schema_are_out_of_reach(live_database: str) -> None:
    make_shop("whole")
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA shop_half")
        cursor.execute("DROP SCHEMA shop_whole CASCADE")
    assert get_shop_by_host("half.kasuwa.localhost") is None
    with pytest.raises(ShopUnavailableError):
        get_shop_by_host("whole.kasuwa.localhost")
