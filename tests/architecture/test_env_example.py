"""`.env.example` names every setting that the environment may set, its meaning, and the value that holds without it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = ROOT / "platform" / "config" / "settings"
NAME = re.compile(r"[A-Z][A-Z0-9_]+")
ENTRY = re.compile(r"(?:# )?([A-Z][A-Z0-9_]+)=(.*)")
# Read by docker-compose.yml alone, or by Django itself.
BESIDE_SETTINGS = {"POSTGRES_PASSWORD", "KASUWA_LISTEN", "DJANGO_SETTINGS_MODULE"}
# Their value is no literal in the settings: a path, a list that depends on the domain.
COMPUTED = {"KASUWA_DATA_DIR", "PAYMENT_PAGES", "CELERY_BROKER_URL"}
# Filled in before the first start, or left empty on purpose.
TO_FILL_IN = {"KASUWA_BASE_DOMAIN", "PLATFORM_EMAIL", "TRUSTED_PROXY_COUNT", "EMAIL_HOST"}


def reads(source: str) -> Iterator[tuple[str, str]]:
    """Yield the variables that a module of settings reads, each with its default as .env would have it."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name = node.args[0].value
            is_read = isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) == "env"
            is_read |= isinstance(node.func, ast.Name) and any(word.arg == "default" for word in node.keywords)
            is_read |= ast.unparse(node.func) in ("origins", "_bucket_name")
            if is_read and isinstance(name, str) and NAME.fullmatch(name):
                yield name, next((shown(default) for default in defaults(node)), "")


def defaults(call: ast.Call) -> Iterator[ast.expr]:
    yield from (word.value for word in call.keywords if word.arg == "default")
    yield from call.args[1:2]


def shown(default: ast.expr) -> str:
    """Return a default as a line of .env; nothing where it takes more than the settings' text to know it."""
    try:
        value = eval(compile(ast.Expression(default), "settings", "eval"), {"__builtins__": {}})
    except NameError:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(value) if isinstance(value, list | dict) else str(value)


def read_in_production() -> dict[str, str]:
    """Return every variable that some settings read, with the default that holds in production."""
    found: dict[str, str] = {}
    for path in sorted(SETTINGS.rglob("*.py"), key=lambda path: (path.name == "production.py", path)):
        for name, default in reads(path.read_text()):
            if path.name in ("local.py", "test.py"):
                found.setdefault(name, default)
            else:
                found[name] = default
    return found


def entries(text: str) -> dict[str, str]:
    return {found[1]: found[2] for line in text.splitlines() if (found := ENTRY.fullmatch(line))}


def unexplained(text: str) -> list[str]:
    """Return the entries without a comment above them, or above the entries that they stand together with."""
    found, is_explained = [], False
    for line in text.splitlines():
        entry = ENTRY.fullmatch(line)
        if entry and not is_explained:
            found.append(entry[1])
        elif not entry:
            is_explained = line.startswith("# ") and not line.startswith("# ---")
    return found


EXAMPLE = (ROOT / ".env.example").read_text()
HOW = "Write each setting into .env.example as `# NAME=<the value without it>`, with a comment above."


def test_every_setting_is_named_and_no_other() -> None:
    assert set(entries(EXAMPLE)) == set(read_in_production()) | BESIDE_SETTINGS, HOW


def test_each_has_its_meaning() -> None:
    assert unexplained(EXAMPLE) == [], HOW
    assert unexplained("# --- Part ---\nA_NAME=\n\n# Explained.\nB_NAME=\n# C_NAME=1\n\nD_NAME=") == [
        "A_NAME",
        "D_NAME",
    ]


def test_the_values_shown_are_those_that_hold() -> None:
    named = entries(EXAMPLE)
    expected = {name: default for name, default in read_in_production().items() if default}
    for name in TO_FILL_IN | COMPUTED:
        expected.pop(name, None)
    assert {name: named.get(name) for name in expected} == expected, HOW


def test_reads_are_found_in_every_form() -> None:
    source = """
A = env.int("A_NAME", default=2 * 3)
B = env.bool("B_NAME", False)
C = port("C_NAME", default=80)
D = {"x": (env.list("D_NAME", default=["a", "b"]), 1)}
E = origins("E_NAME")
F = env.str("F_NAME", default=str(A))
G = print("G_NAME")
"""
    assert dict(reads(source)) == {
        "A_NAME": "6",
        "B_NAME": "false",
        "C_NAME": "80",
        "D_NAME": "a,b",
        "E_NAME": "",
        "F_NAME": "",
    }
