"""The shop's own place: dashboard and shop API, edges over the other apps' services."""
