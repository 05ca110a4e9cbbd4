"""`python -m tests.architecture.requirements_lock [--write]`: every version that is installed anywhere is held.

requirements.lock pins, with hashes, what the market needs. uv holds contributors to the same versions, and to those of
the tools' own dependencies, by `constraint-dependencies` in pyproject.toml: no lock of uv's is committed, for it names
the hosts that packages came from. Without `--write` the files are compared, and nothing is asked of a network.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "requirements.lock"
PROJECT = ROOT / "pyproject.toml"
COMPILE = ["uv", "pip", "compile", "--quiet", "--universal", "--no-header", "--no-annotate", "--no-emit-index-url"]
COMPILE += ["--python-version", "3.11", "--extra", "s3", "pyproject.toml", "--output-file"]
PINNED = re.compile(r"^([A-Za-z0-9._\-]+)(?:\[[^\]]*\])?==([^\s;\\]+)( ; [^\\\n]+?)?(?: \\)?$", re.MULTILINE)
HELD = re.compile(r"(?<=^constraint-dependencies = \[\n)[^\]]*(?=^\])", re.MULTILINE)
# The locked version has no wheels for Macs with an Intel processor: an earlier one is taken there (README, platforms).
WITHOUT_INTEL_MACS = {"cryptography"}
ELSEWHERE = " ; sys_platform != 'darwin' or platform_machine != 'x86_64'"


def normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name.split("[", maxsplit=1)[0]).lower()


def pins(text: str) -> dict[str, str]:
    """Return the version of each package that a text pins, with its marker."""
    return {normalised(name): f"{version}{marker}" for name, version, marker in PINNED.findall(text)}


def given(project: dict[str, Any]) -> dict[str, str]:
    """Return what pyproject itself pins: the market's dependencies and the tools."""
    return pins("\n".join([*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]))


def held(project: dict[str, Any]) -> dict[str, str]:
    """Return what uv holds further packages to."""
    return pins("\n".join(project["tool"]["uv"]["constraint-dependencies"]))


def as_held(name: str, pin: str) -> str:
    """Return a pin as uv is held to it."""
    return f"{pin}{ELSEWHERE}" if name in WITHOUT_INTEL_MACS else pin


def problems(*, lock: str | None = None, project: dict[str, Any] | None = None) -> list[str]:
    """Return the faults of the lock and of what uv is held to; nothing where they fit."""
    if lock is None and not LOCK.exists():
        return ["requirements.lock is missing."]
    text = LOCK.read_text() if lock is None else lock
    project = tomllib.loads(PROJECT.read_text()) if project is None else project
    locked, wanted = pins(text), pins("\n".join(project["project"]["dependencies"]))
    found = [
        f"{name}=={version} is {locked.get(name, 'missing').split(' ;')[0]} in requirements.lock."
        for name, version in wanted.items()
        if locked.get(name, "").split(" ;")[0] != version
    ]
    constraints = held(project)
    found += [
        f"{name}=={version} of requirements.lock is {constraints.get(name, 'missing')} among uv's constraints."
        for name, version in locked.items()
        if name not in given(project) and constraints.get(name) != as_held(name, version)
    ]
    if "://" in text:
        found.append("requirements.lock names an address.")
    if "--hash=sha256:" not in text:
        found.append("requirements.lock has no hashes.")
    return found


def write() -> None:
    """Write the lock, and what uv is held to, anew."""
    text = PROJECT.read_text()
    with TemporaryDirectory() as folder:
        Path(folder, "pyproject.toml").write_text(HELD.sub("", text))  # the old versions must not hold the new ones
        tools = Path(folder, "tools.txt")
        subprocess.run([*COMPILE, str(LOCK), "--generate-hashes"], cwd=folder, check=True)
        subprocess.run([*COMPILE, str(tools), "--group", "dev", "--constraint", str(LOCK)], cwd=folder, check=True)
        found = pins(tools.read_text())
    PROJECT.write_text(HELD.sub(_lines(found, without=given(tomllib.loads(text))), text))


def _lines(found: dict[str, str], *, without: Iterable[str]) -> str:
    return "".join(f'    "{name}=={as_held(name, found[name])}",\n' for name in sorted(found.keys() - without))


def main() -> int:
    """Compare, or write both files anew."""
    if "--write" in sys.argv:
        write()
    for problem in (found := problems()):
        sys.stderr.write(f"{problem}\n")
    if found:
        sys.stderr.write("Run: uv run --no-sync python -m tests.architecture.requirements_lock --write\n")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
