"""Letters and messages about orders: one file a subject, each sent once, after the commit."""
