"""What can go wrong before Django is up, each with what to do about it."""


class StartupError(Exception):
    """A start-up refusal whose message is meant for the person at the terminal."""


class AlreadyRunningError(StartupError):
    """Somebody else runs Kasuwa on this data directory."""
