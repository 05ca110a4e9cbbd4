"""The tests are laid out as the apps are; what goes across apps, and what makes their world, has folders of its own."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath

from tests.architecture.sources import ROOT, repository_files

ACROSS_APPS = {"architecture", "bench", "concurrency", "e2e", "isolation", "paystack_cases", "texts", "world"}
PLUGINS = {"__init__.py", "conftest.py", "distribution.py", "runtime_plugin.py"}


def apps() -> set[str]:
    """Return the names of the top-level packages."""
    return {path.parent.name for root in (ROOT, ROOT / "platform") for path in root.glob("*/__init__.py")} - {"tests"}


def misplaced(paths: Iterable[PurePath]) -> list[str]:
    """Return the modules below `tests/` that stand in no app's folder and in none that goes across apps."""
    known = apps() | ACROSS_APPS
    return sorted(str(path) for path in paths if path.parts[0] not in (known if len(path.parts) > 1 else PLUGINS))


def test_tests_stand_where_their_app_does() -> None:
    tests = ROOT / "tests"
    modules = [path.relative_to(tests) for path in repository_files() if path.is_relative_to(tests)]
    assert {"checkout", "paystack_sandbox", "tenants"} <= apps()
    assert misplaced(path for path in modules if path.suffix == ".py") == []


def test_a_misplaced_test_is_found() -> None:
    """The control."""
    paths = ["integration/test_carts.py", "cart_support.py", "checkout/test_api.py", "world/market.py", "conftest.py"]
    assert misplaced(map(PurePath, paths)) == ["cart_support.py", "integration/test_carts.py"]
