"""The source files that the rules of the house are about."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("tenants", "vendors", "catalogue", "checkout", "payouts", "webhooks", "platform")
LEFT_OUT = {"migrations", "node_modules", "ddl"}  # the shops' schema is made by a command


def repository_files(root: Path = ROOT) -> list[Path]:
    """Return the files of the repository, those that are not added yet among them; without what git ignores."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return sorted({root / name for name in listed.split("\0") if name and (root / name).is_file()})


def source_files(suffix: str) -> Iterator[Path]:
    """Yield the product's own files with a suffix, without migrations and what is generated."""
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob(f"*{suffix}")):
            if not LEFT_OUT & set(path.relative_to(ROOT).parts):
                yield path


def python_files() -> Iterator[Path]:
    """Yield the product's own modules."""
    return source_files(".py")


def modules() -> Iterator[tuple[str, str]]:
    """Yield the dotted name and the source of each of the product's modules."""
    for path in python_files():
        parts = path.relative_to(ROOT).with_suffix("").parts
        yield ".".join(parts[1:] if parts[0] == "platform" else parts), path.read_text(encoding="utf-8")


@cache
def parsed(source: str) -> ast.Module:
    """Parse one of the product's modules, once for all tests of this folder: two dozen of them read every module.

    Whoever is given the tree leaves it as it is.
    """
    return ast.parse(source)


@cache
def nodes(source: str) -> tuple[ast.AST, ...]:
    """Return the nodes of one of the product's modules, from the top down, walked once for all tests of this folder."""
    return tuple(ast.walk(parsed(source)))


def dotted(node: ast.expr) -> str:
    """Return a dotted name as it is written, and nothing for another expression."""
    if isinstance(node, ast.Attribute):
        return (before := dotted(node.value)) and f"{before}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


@lru_cache(maxsize=1)
def own_apps() -> dict[str, Path]:
    """Return the folders of the product's own apps by label."""
    folders = {config.label: Path(config.path).resolve() for config in apps.get_app_configs()}
    return {label: path for label, path in folders.items() if path.is_relative_to(ROOT) and ".venv" not in path.parts}


@cache
def app_of(path: Path) -> str:
    """Return the label of the app that a file is of, or "" where it is of none."""
    owners = [(len(folder.parts), label) for label, folder in own_apps().items() if path.is_relative_to(folder)]
    return max(owners)[1] if owners else ""
