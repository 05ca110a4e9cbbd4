"""The sandbox's file is its owner's alone: it holds buyers' addresses, as a provider's would."""

from pathlib import Path

from paystack_sandbox.store import Store


def test_nobody_else_reads_the_store(tmp_path: Path) -> None:
    path = tmp_path / "sandbox" / "paystack.sqlite3"
    for _ in range(2):
        Store(path).close()
        assert path.stat().st_mode & 0o777 == 0o600
        path.chmod(0o644)  # as an earlier version left it
