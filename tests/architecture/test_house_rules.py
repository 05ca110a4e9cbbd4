"""Rules of the house that no linter knows."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.architecture.requirements_lock import problems
from tests.architecture.sources import ROOT, nodes, repository_files

TRACKED = repository_files()
PYTHON = [path for path in TRACKED if path.suffix == ".py" and "migrations" not in path.parts]
TEMPLATES = [path for path in TRACKED if path.suffix == ".html" and "templates" in path.parts]


APPS = {"platform", "tenants", "vendors", "catalogue", "checkout", "payouts", "webhooks", "tests"}
FILES = {
    *("manage.py", "docker-compose.yml", "pyproject.toml", "requirements.lock", "LICENSE", "docs"),
    *("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"),
}
HIDDEN = {
    *(".ci", ".github", ".dockerignore", ".env.example", ".gitignore", ".editorconfig", ".pre-commit-config.yaml"),
}
MOST_IN_A_FUNCTION = 60  # lines
BUILT = (".whl", ".egg", ".zip", ".gz", ".tar", ".so", ".pyc", ".dump", ".db", ".rdb", ".log")


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


CLOCK = ROOT / "tests/world/clock.py"
MOMENT = re.compile(r"^(?:NOW|TODAY)\b[^=\n]*=", re.MULTILINE)


def test_the_tests_have_one_now() -> None:
    tests = [path for path in PYTHON if path.is_relative_to(ROOT / "tests")]
    assert [name(path) for path in tests if MOMENT.search(path.read_text())] == [name(CLOCK)]
    assert MOMENT.search("NOW: datetime = timezone.now()")


def test_platform_is_never_a_package() -> None:
    assert not (ROOT / "platform" / "__init__.py").exists()


def long_functions(source: str) -> list[str]:
    functions = [node for node in nodes(source) if isinstance(node, ast.FunctionDef)]
    return [f.name for f in functions if f.end_lineno and f.end_lineno - f.lineno >= MOST_IN_A_FUNCTION]


def is_against_the_security_policy(template: str) -> bool:
    return bool(re.search(r"\sstyle=|<style|\son[a-z]+=|<script(?![^>]*\ssrc=)", template))


def test_files_hold_one_idea() -> None:
    assert [name(path) for path in PYTHON if len(path.read_text().splitlines()) > 400] == []


def test_functions_are_short() -> None:
    assert {name(path): found for path in PYTHON if (found := long_functions(path.read_text()))} == {}
    assert long_functions("def long() -> None:\n" + "    act()\n" * MOST_IN_A_FUNCTION) == ["long"]


def test_templates_are_short_and_keep_to_the_security_policy() -> None:
    assert [name(path) for path in TEMPLATES if len(path.read_text().splitlines()) > 150] == []
    pages = [path for path in TEMPLATES if "email" not in path.parts]
    assert [name(path) for path in pages if is_against_the_security_policy(path.read_text())] == []
    assert is_against_the_security_policy('<p style="color: red">')


def test_the_top_level_is_what_the_readme_describes() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in TRACKED} == APPS | FILES | HIDDEN


def test_nothing_fetched_is_committed() -> None:
    assert [name(path) for path in TRACKED if path.name.endswith(BUILT)] == []
    assert not {"uv.lock", "node_modules"} & {part for path in TRACKED for part in path.parts}
    assert problems() == []


def test_no_file_says_where_packages_come_from() -> None:
    found = [
        name(path)
        for path in TRACKED
        if path.suffix in {".toml", ".json", ".lock", ".txt", ".yml", ".yaml", ".npmrc", ""}
        and re.search(rb'"resolved":\s*"https?://|index-url|registry\s*[=:]\s*"?https?://', path.read_bytes())
    ]
    assert found == []
