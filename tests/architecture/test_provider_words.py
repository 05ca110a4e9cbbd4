"""The words of a payment provider or of a source of carriers' rates stand in its adapter, and what documents it."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.architecture.sources import ROOT, repository_files

WORDS = (
    *("paystack", "trxref", "charge.success", "merchant_note", "sk_test_", "sk_live_"),
    *("terminal_africa", "terminal africa"),
)
ALLOWED = (
    "platform/gateway/paystack/",
    "platform/carriers/terminal_africa/",
    "platform/paystack_sandbox/",
    "platform/config/settings/",
    "platform/runtime/sandbox.py",  # starts the sandbox
    "platform/deploy/",
    "docs/",
    "tests/",
    ".ci/",
    ".github/",
    ".env.example",
    "README.md",
    "CONTRIBUTING.md",
    "docker-compose.yml",
    "pyproject.toml",
    "requirements.lock",
)
# Migrations that are history; a new one has no such words.
HISTORY = (
    "checkout/migrations/0001_initial.py",
    "payouts/migrations/0001_initial.py",
    "payouts/migrations/0004_account_codes.py",
)
# One line each, with its reason.
EXCEPTIONS = {
    "checkout/views/payments.py": ("trxref",),  # pages that the version before opened come back with it
}


def provider_words(paths: Iterable[Path], *, root: Path = ROOT) -> Iterator[str]:
    """Yield where a provider's words stand outside the places that are theirs."""
    for path in paths:
        name = path.relative_to(root).as_posix()
        if name.startswith(ALLOWED) or name in HISTORY:
            continue
        text = (name + "\n" + path.read_bytes().decode("utf-8", "ignore")).lower()
        for word in WORDS:
            if word in text and word not in EXCEPTIONS.get(name, ()):
                yield f"{name}: {word}"


def test_a_providers_words_stand_in_its_own_folder() -> None:
    assert list(provider_words(repository_files())) == [], (
        "Keep a provider's words in its own folder and ask the port (docs/recipes/add-a-provider.md, step 7)."
    )


def test_every_provider_has_its_words_here() -> None:
    folders = {path.parent.name for app in ("gateway", "carriers") for path in (ROOT / "platform" / app).glob("*/*.py")}
    assert folders - set(WORDS) == set(), "Add its name to WORDS (docs/recipes/add-a-provider.md, step 7)."


def test_every_exception_is_needed() -> None:
    for name, words in EXCEPTIONS.items():
        assert [word for word in words if word not in (ROOT / name).read_text().lower()] == []
    assert [name for name in HISTORY if not any(word in (ROOT / name).read_text().lower() for word in WORDS)] == []


def test_a_providers_word_elsewhere_is_found(tmp_path: Path) -> None:
    """The control."""
    for name, text in {
        "payouts/posting.py": "CLEARING = 'PayStack_clearing'",
        "checkout/paystack_page.html": "",
        "payouts/fine.py": "CLEARING = clearing_code(provider)",
        "payouts/migrations/0001_initial.py": "paystack_clearing",
        "payouts/migrations/0099_codes.py": "paystack_clearing",
        "docs/payments.md": "Paystack",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    found = list(provider_words(sorted(path for path in tmp_path.rglob("*") if path.is_file()), root=tmp_path))

    assert found == [
        "checkout/paystack_page.html: paystack",
        "payouts/migrations/0099_codes.py: paystack",
        "payouts/posting.py: paystack",
    ]


def test_files_that_are_not_added_yet_are_looked_at(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    for name, text in {".gitignore": "*.log\n", "payouts/new.py": "", "up.log": ""}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)

    assert [path.relative_to(tmp_path).as_posix() for path in repository_files(tmp_path)] == [
        ".gitignore",
        "payouts/new.py",
    ]
