"""Letters and messages about orders: one file a subject, each told once, after the commit."""
