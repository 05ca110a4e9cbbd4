"""Work that is done later: the outbox, background jobs, bulk jobs."""
