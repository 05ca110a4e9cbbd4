-- Keep the words of %(words)s with their %(frequencies)s, each at the same place, and drop all others.
WITH counted AS MATERIALIZED (
    SELECT word, frequency FROM unnest(%(words)s::text[], %(frequencies)s::int[]) AS n(word, frequency)
), gone AS (
    DELETE FROM discovery_searchword w WHERE NOT EXISTS (SELECT FROM counted c WHERE c.word = w.word)
)
INSERT INTO discovery_searchword AS w (word, frequency)
SELECT word, frequency FROM counted
    ON CONFLICT (word) DO UPDATE SET frequency = EXCLUDED.frequency WHERE w.frequency <> EXCLUDED.frequency
