"""The words that listings are found by, kept for correcting what people mistype."""

from collections import Counter
from collections.abc import Iterator

from django.core.cache import cache
from django.db import connection, transaction

from catalogue.discovery.models import Listing
from catalogue.discovery.selectors import versions
from catalogue.discovery.services.versions import bump_vocabulary
from kit.db.sql import execute
from kit.db.statements import load_statement
from kit.text.folding import chains

BUILT_FROM = "discovery:vocabulary-built-from"
REFRESH_LOCK = 7_215_301
READ_AT_ONCE = 5000
MIN_LENGTH, MAX_LENGTH = 3, 40
REPLACE = load_statement(__package__, "replace_vocabulary")


def refresh_vocabulary() -> None:
    """Count the words of all visible listings anew; one refresh at a time."""
    version = versions.current(versions.EVERYTHING)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [REFRESH_LOCK])
            if not cursor.fetchone()[0]:
                return
        counted = Counter(_words())
        execute(REPLACE, {"words": list(counted), "frequencies": list(counted.values())})
        bump_vocabulary()
    cache.set(BUILT_FROM, version, None)


def refresh_vocabulary_if_stale() -> bool:
    """Refresh when listings have changed since the last time; return whether they had."""
    if cache.get(BUILT_FROM) == versions.current(versions.EVERYTHING):
        return False
    refresh_vocabulary()
    return True


def _words() -> Iterator[str]:
    """Yield each whole word of each listing, as people type it: the stems in the search vectors would not do."""
    listings = Listing.objects.filter(is_visible=True).values_list("title", "brand", "shop__name", "category__name")
    for texts in listings.iterator(chunk_size=READ_AT_ONCE):
        for chain in chains(" ".join(text for text in texts if text)):
            yield from (piece for piece in chain if MIN_LENGTH <= len(piece) <= MAX_LENGTH and piece.isalpha())
