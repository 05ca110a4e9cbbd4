"""Actions of operators, each with an entry in the audit log, and the audit of the money."""
