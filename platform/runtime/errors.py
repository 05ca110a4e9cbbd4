"""Errors before Django is up, each with its remedy."""


class StartupError(Exception):
    """A start-up refusal whose message is meant for the person at the terminal."""


class AlreadyRunningError(StartupError):
    """Another process runs Kasuwa on this data directory."""
