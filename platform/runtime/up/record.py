"""Record of a database: the migrations that updated it last, and whether the demo was loaded."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps

from runtime.datadir import DataDir, read_json, write_private

LOADING, DONE = "loading", "done"


@dataclass(frozen=True, slots=True)
class Record:
    """A file beside the data it speaks of, and gone with it."""

    path: Path

    @classmethod
    def of_cluster(cls, cluster: str) -> Record:
        """Return the record of the embedded database, in its own directory."""
        return cls(Path(cluster) / "kasuwa.json")

    @classmethod
    def of_address(cls, data_dir: DataDir, url: str) -> Record:
        """Return the record of an external database, by its address."""
        return cls(data_dir.path / f"database-{hashlib.sha256(url.encode()).hexdigest()[:12]}.json")

    @property
    def is_current(self) -> bool:
        """Return whether the database was last brought up to date by this very code, to the end."""
        content = read_json(self.path)
        return content.get("migrations") == fingerprint() and content.get("demo") != LOADING

    @property
    def has_demo(self) -> bool:
        return bool(read_json(self.path).get("demo") == DONE)

    @property
    def is_interrupted(self) -> bool:
        return bool(read_json(self.path).get("demo") == LOADING)

    def begin_demo(self) -> None:
        """Note that what is in the database from here on is not complete."""
        write_private(self.path, {"demo": LOADING})

    def complete(self, *, with_demo: bool) -> None:
        """Note that the database is as this code wants it."""
        demo = {"demo": DONE} if with_demo else {}
        write_private(self.path, {**demo, "migrations": fingerprint()})


def fingerprint() -> str:
    """A digest of all migrations and of the shops' DDL, by name, size and time."""
    digest = hashlib.sha256()
    folders = [Path(app.path) / "migrations" for app in apps.get_app_configs()]
    folders.append(Path(apps.get_app_config("tenants").path) / "ddl")
    for folder in folders:
        for file in sorted(folder.glob("*")) if folder.is_dir() else ():
            if file.is_file():
                status = file.stat()
                digest.update(f"{file.name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()
