"""Start of a command, before Django reads its settings: find the database and Redis.

Settings know only DATABASE_URL and REDIS_URL. A command that needs the services and finds neither set gets those of the
data directory: the running ones, else its own for as long as it takes.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator, Sequence

from django.core.exceptions import ImproperlyConfigured

from kit.garbage import collect_garbage_rarely, exit_without_collection
from runtime import development_server, embedded
from runtime.datadir import ENVIRONMENT_NAME, DataDir, Lock, read_json
from runtime.environment import ADDRESSES, LOCAL_SETTINGS, PRODUCTION_SETTINGS, SETTINGS, export
from runtime.interrupts import until_interrupted
from runtime.postgres_home import bundled_installation
from runtime.unready_database import told_to_migrate
from runtime.unusable import report_refusals

NEED_NOTHING = frozenset(
    {
        *("help", "version", "--version", "check", "diffsettings", "spectacular"),
        "bench",  # it starts its own
        *("collectstatic", "findstatic", "compilemessages", "makemessages", "startapp", "startproject"),
    }
)
TAKE_AS_LONG_AS_IT_TAKES = frozenset({"migrate", "migrate_shops", "shop_schema", "shops"})
OPTION = "--data-dir"
ASKS_FOR_HELP = frozenset({"-h", "--help"})


def run(argv: Sequence[str]) -> int:
    """Run a command as all that a process does. Returns an exit code."""
    collect_garbage_rarely()
    try:
        return main(argv)
    finally:
        exit_without_collection()


def main(argv: Sequence[str]) -> int:
    """Run a command as Django's manage.py would. Returns an exit code."""
    words, given = _without_data_dir(argv)
    os.environ.setdefault(SETTINGS, LOCAL_SETTINGS)
    data_dir = DataDir.resolve(given)
    os.environ[ENVIRONMENT_NAME] = str(data_dir.path)
    return until_interrupted(lambda: report_refusals(lambda: _run(words, data_dir)))


def _run(words: list[str], data_dir: DataDir) -> int:
    if words[1:2] == ["up"] and not ASKS_FOR_HELP & set(words):
        return _up(words[2:])
    if words[1:2] == ["runserver"]:
        development_server.prepare(words[2:], data_dir)
    if _needs_services(words):
        with services(data_dir):
            _execute(words)
    else:
        _execute(words)
    return 0


@contextlib.contextmanager
def services(data_dir: DataDir) -> Iterator[None]:
    """Export the addresses of the services, embedded ones where none are given."""
    if all(os.environ.get(name) for name in ADDRESSES) or os.environ[SETTINGS] == PRODUCTION_SETTINGS:
        yield
        return
    held = embedded.hold(data_dir)
    try:
        export(data_dir, held)
        _export_running_market(data_dir)
        _offer_client_programs()
        yield
    finally:
        _hang_up()
        held.release()


def _export_running_market(data_dir: DataDir) -> None:
    """Let a command talk to the same sandbox, and print the same addresses, as a running `up`."""
    if not Lock(data_dir.up_lock).is_taken():
        return
    for name, value in read_json(data_dir.up_state).get("environment", {}).items():
        os.environ.setdefault(name, value)


def _offer_client_programs() -> None:
    """Let `dbshell` and dumps use the programs that fit the embedded server."""
    programs = str(bundled_installation() / "bin")
    os.environ["PATH"] = os.pathsep.join([programs, os.environ.get("PATH", os.defpath)])


def _needs_services(words: Sequence[str]) -> bool:
    command = "".join(words[1:2])
    if not command or ASKS_FOR_HELP & set(words):
        return False
    if command == "check" and "--database" in words:
        return True
    return command not in NEED_NOTHING


def _without_data_dir(argv: Sequence[str]) -> tuple[list[str], str | None]:
    """Return the words without `--data-dir`, which every command takes, and its value; words after `--` are others'."""
    words, given = list(argv), None
    mine = words.index("--") if "--" in words else len(words)
    for position in reversed(range(mine)):
        option, has_value, value = words[position].partition("=")
        size = 1 if has_value else 2
        if option == OPTION and position + size <= mine:
            given = given or value or words[position + 1]
            del words[position : position + size]
    return words, given


def _execute(words: list[str]) -> None:
    from django.core.management import execute_from_command_line

    command = "".join(words[1:2])
    _limit_statements(command)
    if command in NEED_NOTHING or not command:
        execute_from_command_line(words)
        return
    with told_to_migrate(command):
        execute_from_command_line(words)


def _limit_statements(command: str) -> None:
    """Set the timeouts of a command; settings that can't be read are left for the command to report."""
    if command in NEED_NOTHING or not command:
        return
    from kit.db.timeouts import Process, limit_statements

    with contextlib.suppress(ImproperlyConfigured, ImportError):
        limit_statements(Process.MIGRATION if command in TAKE_AS_LONG_AS_IT_TAKES else Process.COMMAND)


def _up(words: list[str]) -> int:
    """Ahead of Django: settings can be read only when `up` has started the services."""
    from runtime.up import launch

    return launch.main(words)


def _hang_up() -> None:
    """Close database connections, so that the server's end causes no errors."""
    if "django.db" not in sys.modules:
        return
    from django.db import connections
    from django.db.backends.postgresql.base import DatabaseWrapper

    for connection in connections.all(initialized_only=True):
        connection.close()
        if isinstance(connection, DatabaseWrapper):
            connection.close_pool()
