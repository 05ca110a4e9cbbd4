"""A database of its own for a measurement, on the server that is configured, else on an embedded one."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit


@contextmanager
def bench_database(database: str) -> Iterator[Path]:
    """Point the settings at an empty database and drop it afterwards; gives a folder for files."""
    import psycopg
    from psycopg import sql

    with tempfile.TemporaryDirectory(prefix="kasuwa-bench-") as folder, _services(Path(folder)):
        server = os.environ["DATABASE_URL"]
        name = sql.Identifier(database)
        with psycopg.connect(server, autocommit=True) as plain:
            plain.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
            plain.execute(sql.SQL("CREATE DATABASE {}").format(name))
            os.environ["DATABASE_URL"] = urlunsplit(urlsplit(server)._replace(path=f"/{database}"))
            try:
                yield Path(folder)
            finally:
                plain.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


@contextmanager
def _services(folder: Path) -> Iterator[None]:
    from runtime import embedded
    from runtime.datadir import DataDir

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    if os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"):
        yield
        return
    folder.chmod(0o711)
    with embedded.hold(DataDir(folder / "data")) as held:
        os.environ.setdefault("DATABASE_URL", held.database_url)
        os.environ.setdefault("REDIS_URL", held.redis_url)
        yield
