-- Claim a request's key ($1 scope, $2 key, $3 hash, $4 result, $5 now) and a second one ($6, $7, $8; $7 empty: none).
-- The second key is claimed only where the first is new, and after it: a holder of a second never waits for a first.
-- It is spent, too, where an earlier release has claimed it by its former name ($9).
-- Returns whether the first is ours, and whether the second is, or none was asked for.
WITH first AS (
    INSERT INTO public.kit_idempotencykey (scope, key, request_hash, result, created_at) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (scope, key) DO NOTHING RETURNING TRUE
), second AS (
    INSERT INTO public.kit_idempotencykey (scope, key, request_hash, result, created_at)
    SELECT $6::text, $7::text, $8::text, $4, $5 FROM first
     WHERE $7::text <> ''
       AND NOT EXISTS (SELECT FROM public.kit_idempotencykey WHERE (scope, key) = ($6::text, $9::text))
    ON CONFLICT (scope, key) DO NOTHING RETURNING TRUE
)
SELECT EXISTS (SELECT FROM first), $7::text = '' OR EXISTS (SELECT FROM second)
