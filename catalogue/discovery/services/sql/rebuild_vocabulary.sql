-- Count the words of all visible listings anew, and drop those that no listing has any more.
-- Whole words as people type them, without marks: the stems in the search vectors would not do.
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
