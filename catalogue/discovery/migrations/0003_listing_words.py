"""Words are split and folded before PostgreSQL gets them; it stems them, and drops none.

Listings are written anew meanwhile by `discovery.fold_listings`; the index holds those that are left.
"""

from django.db import migrations

CONFIGURATION = """
DROP TEXT SEARCH CONFIGURATION IF EXISTS public.listing_words;
DROP TEXT SEARCH DICTIONARY IF EXISTS public.listing_stem;
CREATE TEXT SEARCH DICTIONARY public.listing_stem (TEMPLATE = pg_catalog.snowball, LANGUAGE = english);
CREATE TEXT SEARCH CONFIGURATION public.listing_words (PARSER = pg_catalog."default");
ALTER TEXT SEARCH CONFIGURATION public.listing_words ADD MAPPING FOR asciiword WITH public.listing_stem;
ALTER TEXT SEARCH CONFIGURATION public.listing_words
  ADD MAPPING FOR numword, word, uint, int, float, sfloat, version WITH pg_catalog.simple;
"""
OTHER_FOLDING = """
CREATE INDEX CONCURRENTLY listing_other_folding ON public.discovery_listing (shop_id, id)
 WHERE NOT (search @@ '''f:2'''::tsquery)
"""


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("discovery", "0002_listings_by_price")]
    operations = [
        migrations.RunSQL(CONFIGURATION, "DROP TEXT SEARCH CONFIGURATION public.listing_words"),
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS public.listing_other_folding", migrations.RunSQL.noop),
        migrations.RunSQL(OTHER_FOLDING, "DROP INDEX CONCURRENTLY public.listing_other_folding"),
    ]
