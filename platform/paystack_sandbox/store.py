"""The sandbox's tiny SQLite store: one connection, one thread, short transactions."""

import json
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Row = sqlite3.Row

SCHEMA = (Path(__file__).parent / "sql" / "schema.sql").read_text(encoding="utf-8")

FIRST_IDS = {
    "customers": 70_000,
    "transactions": 5_100_000_000,
    "recipients": 80_000,
    "transfers": 60_000,
    "refunds": 40_000,
    "disputes": 310_000,
    "settlements": 90_000,
    "dispute_evidence": 21_000,
    "dispute_files": 0,
}
TABLES = (
    "refund_disputes",
    "disputes",
    "dispute_evidence",
    "dispute_files",
    "refunds",
    "transfers",
    "recipients",
    "transactions",
    "customers",
    "settlements",
    "balances",
    "balance_entries",
    "deliveries",
    "faults",
)


def _keep_private(path: Path) -> None:
    """Make a file that its owner alone may read, if there is none, and take others' leave to read one that is there."""
    path.touch(mode=0o600)
    path.chmod(0o600)


class Store:
    """Store of the sandbox. Used from the event loop's thread only."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        _keep_private(path)
        self._connection = sqlite3.connect(path, isolation_level=None, timeout=2)
        self._connection.row_factory = sqlite3.Row
        # Exclusive locking makes a second sandbox on the same file fail instead of mixing in.
        for pragma in (
            "locking_mode = EXCLUSIVE",
            "journal_mode = WAL",
            "synchronous = OFF",
            "foreign_keys = ON",
        ):
            self._connection.execute(f"PRAGMA {pragma}")
        self._connection.executescript(SCHEMA)
        self._seed_ids()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    @contextmanager
    def transaction(self) -> Generator[None]:
        """Commit the block's writes together or not at all; a block inside a block joins it."""
        if self._connection.in_transaction:
            yield
            return
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def one(self, sql: str, *values: object) -> Row | None:
        """Return the first row, or None."""
        row: Row | None = self._connection.execute(sql, values).fetchone()
        return row

    def all(self, sql: str, *values: object) -> list[Row]:
        """Return all rows."""
        return self._connection.execute(sql, values).fetchall()

    def number(self, sql: str, *values: object) -> int:
        """Return the first column of the first row as an integer; NULL counts as 0."""
        return int(self._connection.execute(sql, values).fetchone()[0] or 0)

    def insert(self, table: str, **columns: object) -> int:
        """Insert one row and return its id."""
        names, marks = ", ".join(columns), ", ".join("?" * len(columns))
        cursor = self._connection.execute(
            f"INSERT INTO {table} ({names}) VALUES ({marks})",  # noqa: S608 - our own names
            tuple(columns.values()),
        )
        return cursor.lastrowid or 0

    def update(self, table: str, row_id: int, **columns: object) -> None:
        """Change the named columns of one row."""
        changes = ", ".join(f"{name} = ?" for name in columns)
        self._connection.execute(
            f"UPDATE {table} SET {changes} WHERE id = ?",  # noqa: S608 - our own names
            (*columns.values(), row_id),
        )

    def run(self, sql: str, *values: object) -> int:
        """Execute one statement and return how many rows it changed."""
        return self._connection.execute(sql, values).rowcount

    def empty(self) -> None:
        """Delete everything; ids continue, so that none is ever used twice."""
        with self.transaction():
            for table in TABLES:
                self._connection.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names

    def _seed_ids(self) -> None:
        for table, first in FIRST_IDS.items():
            if not self.one("SELECT 1 FROM sqlite_sequence WHERE name = ?", table):
                self.insert("sqlite_sequence", name=table, seq=first)


def dump(value: Any) -> str:
    """Return compact JSON, as Paystack sends it."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def load(text: str) -> Any:
    """Return the value given to `dump`."""
    return json.loads(text)
