"""Distribution of tests to the workers of pytest-xdist: one by one, but all browser tests to the same one, and first.

They share a market that takes a while to open; the tests of a file of the isolation matrix share its world. xdist's own
groups are written into the tests' ids, which pytest 9.2 does not allow any more.
"""

from __future__ import annotations

import pytest
from xdist.remote import Producer
from xdist.scheduler.loadscope import LoadScopeScheduling

BROWSER_TESTS = "tests/e2e/"
ISOLATION_TESTS = "tests/isolation/"


class BrowserTestsTogether(LoadScopeScheduling):
    """Takes each test for a unit of its own, those with a browser for one, and a file of the matrix for one."""

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(ISOLATION_TESTS):
            return nodeid.partition("::")[0]
        return BROWSER_TESTS if nodeid.startswith(BROWSER_TESTS) else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> BrowserTestsTogether | None:
    """Replace the distribution that is set for the project; another one on the command line stays."""
    return BrowserTestsTogether(config, log) if config.getvalue("dist") == "loadgroup" else None
