"""What operators do, each with an entry in the audit log, and the audit of the money."""
