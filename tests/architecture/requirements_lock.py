"""`python -m tests.architecture.requirements_lock [--write]`: the lock pins, with hashes, what pyproject names.

Without `--write` it compares the direct dependencies of both files and asks for nothing from a network.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "requirements.lock"
COMPILE = ["uv", "pip", "compile", "--quiet", "--universal", "--generate-hashes", "--no-header", "--no-annotate"]
COMPILE += ["--no-emit-index-url", "--python-version", "3.11", "pyproject.toml", "--output-file", str(LOCK)]


def normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name.split("[", maxsplit=1)[0]).lower()


def problems() -> list[str]:
    """Return the faults of the lock; nothing where it fits."""
    if not LOCK.exists():
        return ["requirements.lock is missing."]
    text = LOCK.read_text()
    locked = {
        normalised(name): version
        for name, version in re.findall(r"^([A-Za-z0-9._\-\[\]]+)==([^ ;\\]+)", text, re.MULTILINE)
    }
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    found = [
        f"{line} is {locked.get(normalised(name), 'missing')} in requirements.lock."
        for line in wanted
        for name, version in [line.split("==")]
        if locked.get(normalised(name)) != version
    ]
    if "://" in text:
        found.append("requirements.lock names an address.")
    if "--hash=sha256:" not in text:
        found.append("requirements.lock has no hashes.")
    return found


def main() -> int:
    """Compare, or write the lock anew."""
    if "--write" in sys.argv:
        subprocess.run(COMPILE, cwd=ROOT, check=True)
    for problem in (found := problems()):
        sys.stderr.write(f"{problem}\n")
    if found:
        sys.stderr.write("Run: uv run python -m tests.architecture.requirements_lock --write\n")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
