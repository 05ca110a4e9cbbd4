-- Claim a call ($1 digest of its key, $2 hash of the request, $3 holder, $4 now, $5 until when it is the holder's).
-- One that was made before $6, or whose holder has run out of time without an answer, is claimed anew.
-- Returns a row where it is the holder's now.
INSERT INTO public.kit_idempotentcall AS kept (digest, request_hash, holder, held_until, sealed_answer, created_at)
VALUES ($1, $2, $3, $5, '', $4)
    ON CONFLICT (digest) DO UPDATE
   SET request_hash = excluded.request_hash, holder = excluded.holder, held_until = excluded.held_until,
       sealed_answer = '', created_at = excluded.created_at
 WHERE kept.created_at < $6 OR (kept.sealed_answer = '' AND kept.held_until < $4)
RETURNING TRUE
