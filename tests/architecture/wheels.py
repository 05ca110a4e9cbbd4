"""`python -m tests.architecture.wheels`: no dependency needs a compiler on a platform that the README names.

Asks the package index, so it is a step of `.ci/run` and not a test.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PLATFORMS = ("x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu", "aarch64-apple-darwin", "x86_64-apple-darwin")
PYTHONS = ("3.11", "3.13")
# Published as source alone, in Python alone: built without a compiler.
PURE_SOURCE = ("dj-rest-auth",)
COMPILE = ("uv", "pip", "compile", "--quiet", "--no-header", "--no-annotate", "--only-binary", ":all:")


def problems(project: Path) -> Iterator[str]:
    """Yield a line for each platform and Python on which something would have to be compiled."""
    cases = [(project, platform, python) for platform in PLATFORMS for python in PYTHONS]
    with ThreadPoolExecutor(len(cases)) as pool:  # they wait for the index
        yield from filter(None, pool.map(_problem, cases))


def _problem(case: tuple[Path, str, str]) -> str:
    project, platform, python = case
    exceptions = [word for name in PURE_SOURCE for word in ("--no-binary", name)]
    words = [*COMPILE, *exceptions, "--python-platform", platform, "--python-version", python]
    words += ["--group", f"{project}:dev", str(project), "--output-file", "/dev/null"]
    ended = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    return f"{platform}, Python {python}: {ended.stderr.strip()}" if ended.returncode else ""


def main() -> int:
    """Print the problems; return an exit code."""
    project = Path(sys.argv[1]) if sys.argv[1:] else ROOT / "pyproject.toml"
    found = list(problems(project))
    for problem in found:
        sys.stderr.write(f"{problem}\n")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
