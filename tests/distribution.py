"""Distribution of tests to the workers of pytest-xdist: one by one, but those together that share a world.

All browser tests share a demo market; the tests of some files share a market, a sandbox or the world of the isolation
matrix, which each worker that has one of them would make for itself. xdist's own groups are written into the tests'
ids, which pytest 9.2 does not allow any more. What takes longest begins first, so that no worker waits at the end.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler.loadscope import LoadScopeScheduling

from tests.world.rewriting import rewrite_side_by_side

MOST_WORKERS = 16
TOGETHER = ("tests/e2e/", "tests/architecture/")  # folders that share a market, or the trees of all modules
SHARED_IN_A_FILE = (
    "tests/isolation/",
    "tests/paystack_cases/",
    "tests/paystack_sandbox/",
    "tests/config/test_generated_client.py",
    "tests/kit/test_front_live.py",
    "tests/runtime/test_outages.py",
)
START_PROCESSES = (
    *("tests/runtime/", "tests/replay/", "tests/paystack_cases/"),
    *("tests/concurrency/test_tenants_", "tests/kit/test_pictures.py"),
)
TAKE_LONG = (
    "tests/config/test_many_shops.py",
    "tests/checkout/histories/",
    "tests/checkout/pricing/test_any_basket.py::test_any_",
    "tests/checkout/pricing/test_coupons.py::test_any_",
    "tests/checkout/reversals/test_shares.py::test_any_",
    "tests/tenants/schemas/test_quick_states.py",
    "tests/catalogue/discovery/test_words.py::test_every_locale",
    "tests/tenants/archives/test_edited.py",
)
ROOMY_BYTES = 6 << 30  # of memory; a worker and what it starts take half a gigabyte


class SharedWorldsTogether(LoadScopeScheduling):
    """Takes each test for a unit of its own, some folders for one, and a file that shares a world for one."""

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(SHARED_IN_A_FILE):
            return nodeid.partition("::")[0]
        return next((folder for folder in TOGETHER if nodeid.startswith(folder)), nodeid)


@pytest.hookimpl(optionalhook=True, tryfirst=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """Return one worker more than there are cores, two where there is memory: tests wait for processes.

    One file has one worker, since further ones would take longer to start than to help.

    All share one PostgreSQL, whose connections set the limit.
    """
    if "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ:
        return None
    if len(config.args) == 1 and config.args[0].partition("::")[0].endswith(".py"):
        return 1
    return min(_cores() + (2 if _memory_bytes() >= ROOMY_BYTES else 1), MOST_WORKERS)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _memory_bytes() -> int:
    """Return the memory that this process may use: the machine's, or the container's share of it."""
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    with contextlib.suppress(OSError, ValueError):  # no container, or one without a limit
        return min(machine, int(Path("/sys/fs/cgroup/memory.max").read_text()))
    return machine


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes(config: pytest.Config, specs: Sequence[object]) -> None:
    """Compile the test modules, before workers would do so side by side, each for all."""
    if len(specs) > 1:
        rewrite_side_by_side(config.args, processes=_cores())


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put tests that start processes of their own first, or take long; the scheduler puts large units before them."""
    items.sort(key=lambda item: not item.nodeid.startswith((*START_PROCESSES, *TAKE_LONG)))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> SharedWorldsTogether | None:
    """Replace the distribution that is set for the project; another one on the command line stays."""
    return SharedWorldsTogether(config, log) if config.getvalue("dist") == "loadgroup" else None
