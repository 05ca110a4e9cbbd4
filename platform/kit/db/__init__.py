"""Access to the database: statements, round trips, time limits, roles."""
