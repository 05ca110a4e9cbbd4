"""The words that listings are found by, kept for correcting what people mistype."""

from django.core.cache import cache
from django.db import connection, transaction

from catalogue.discovery.selectors import versions
from catalogue.discovery.services.versions import bump_vocabulary

BUILT_FROM = "discovery:vocabulary-built-from"
REFRESH_LOCK = 7_215_301

# Whole words as people type them, without marks: the stems in the search vectors would not do.
REBUILD = r"""
WITH texts AS (
    SELECT lower(regexp_replace(normalize(l.title || ' ' || l.brand || ' ' || s.name || ' ' || COALESCE(c.name, ''),
                                NFD), '[\u0300-\u036f]', '', 'g')) AS words
      FROM discovery_listing l
      JOIN tenants_shop s ON s.id = l.shop_id
      LEFT JOIN discovery_category c ON c.id = l.category_id
     WHERE l.is_visible
), counted AS (
    SELECT word, count(*) AS frequency
      FROM texts, regexp_split_to_table(words, '[^[:alpha:]]+') AS word
     WHERE length(word) BETWEEN 3 AND 40
     GROUP BY word
), gone AS (
    DELETE FROM discovery_searchword w WHERE NOT EXISTS (SELECT FROM counted c WHERE c.word = w.word)
)
INSERT INTO discovery_searchword AS w (word, frequency) SELECT word, frequency FROM counted
ON CONFLICT (word) DO UPDATE SET frequency = EXCLUDED.frequency WHERE w.frequency <> EXCLUDED.frequency
"""


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
