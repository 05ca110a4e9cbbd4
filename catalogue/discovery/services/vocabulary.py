"""The words that listings are found by, kept for correcting what people mistype."""

from django.core.cache import cache
from django.db import connection, transaction

from catalogue.discovery.selectors import versions
from catalogue.discovery.services.versions import bump_vocabulary
from kit.db.statements import load_statement

BUILT_FROM = "discovery:vocabulary-built-from"
REFRESH_LOCK = 7_215_301
REBUILD = load_statement(__package__, "rebuild_vocabulary")


def refresh_vocabulary() -> None:
    """Count the words of all visible listings anew; one refresh at a time."""
    version = versions.current(versions.EVERYTHING)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [REFRESH_LOCK])
        if not cursor.fetchone()[0]:
            return
        cursor.execute(REBUILD)
        bump_vocabulary()
    cache.set(BUILT_FROM, version, None)


def refresh_vocabulary_if_stale() -> bool:
    """Refresh when listings have changed since the last time; say whether they had."""
    if cache.get(BUILT_FROM) == versions.current(versions.EVERYTHING):
        return False
    refresh_vocabulary()
    return True
