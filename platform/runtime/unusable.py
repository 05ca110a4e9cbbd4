"""Error texts for settings and given servers that a command cannot start with."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from django.core.exceptions import ImproperlyConfigured

from runtime.environment import LOCAL_SETTINGS, SETTINGS
from runtime.errors import StartupError

ANSWER_SECONDS = 5
SILENT = "{name} names {what} that does not answer ({reason}). Start it, or correct {name}{unset}."


def report_refusals(run: Callable[[], int]) -> int:
    """Run a command; tell why it cannot start, where that is no fault of the code. Returns an exit code."""
    try:
        return run()
    except StartupError as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    except (ImproperlyConfigured, ModuleNotFoundError) as problem:
        if not (reason := reason_of(problem)):
            raise
        sys.stderr.write(f"{reason}\n")
        return 1


def reason_of(problem: ImproperlyConfigured | ModuleNotFoundError) -> str:
    """Return why the settings cannot be used; nothing where another module is missing."""
    module = os.environ.get(SETTINGS, "")
    if isinstance(problem, ImproperlyConfigured):
        return f"The settings cannot be used. {problem}"
    if problem.name and f"{module}.".startswith(f"{problem.name}."):
        return f"{SETTINGS} names {module}, and there is no such module. Unset it, or set it to {LOCAL_SETTINGS}."
    return ""


def require_answers(*, database_url: str | None, redis_url: str | None) -> None:
    """Ask servers whose addresses were given for an answer, before any process depends on them.

    Raises:
        StartupError: one gives none; the message names the variable.
    """
    import psycopg
    import redis

    if database_url:
        try:
            psycopg.connect(database_url, connect_timeout=ANSWER_SECONDS).close()
        except psycopg.Error as problem:
            raise silent_database(problem) from problem
    if redis_url:
        try:
            with redis.Redis.from_url(redis_url, socket_connect_timeout=ANSWER_SECONDS, socket_timeout=5) as client:
                client.ping()
        except redis.RedisError as problem:
            raise StartupError(_silent("REDIS_URL", "a Redis", problem)) from problem


def silent_database(problem: Exception) -> StartupError:
    """Return the refusal for a database that gives no answer."""
    return StartupError(_silent("DATABASE_URL", "a database", problem))


def _silent(name: str, what: str, problem: Exception) -> str:
    reason = " ".join(str(problem).split()) or type(problem).__name__
    is_local = os.environ.get(SETTINGS) == LOCAL_SETTINGS
    unset = ", or unset it for the database and the Redis that we bring along" if is_local else ""
    return SILENT.format(name=name, what=what, reason=reason, unset=unset)
