-- Take the next turn of a provider's bulk calls, if the pause since the last one is over.
-- %(provider)s names the provider, %(pause)s is an interval. Returns the seconds that the caller has to wait; none
-- where the turn is its.
WITH taken AS (
    INSERT INTO public.payouts_transferpace AS pace (provider, next_call_at)
    VALUES (%(provider)s, clock_timestamp() + %(pause)s)
        ON CONFLICT (provider) DO UPDATE SET next_call_at = excluded.next_call_at
     WHERE pace.next_call_at <= clock_timestamp()
    RETURNING provider
)
SELECT CASE WHEN EXISTS (SELECT FROM taken) THEN NULL
            ELSE greatest(extract(epoch FROM coalesce(
                (SELECT next_call_at FROM public.payouts_transferpace WHERE provider = %(provider)s),
                clock_timestamp()
            ) - clock_timestamp()), 0.01) END
