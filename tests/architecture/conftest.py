"""What the rules of the house have in common."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.architecture.sources import nodes, parsed


@pytest.fixture(scope="package", autouse=True)
def _parsed_while_needed() -> Iterator[None]:
    """Forget the trees, 150 MB, after the last of these tests, which one worker has (tests/distribution.py)."""
    yield
    nodes.cache_clear()
    parsed.cache_clear()
