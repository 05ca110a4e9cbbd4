"""Errors of calls to services that tell carriers' rates."""

from gateway.errors import shortened


class RatesError(Exception):
    """A service did not tell its rates; the message can be logged."""

    def __init__(self, message: str = "") -> None:
        super().__init__(shortened(message))


class RatesUnavailableError(RatesError):
    """There is no answer in time, or none that can be understood; another try may have one."""


class RatesRefusedError(RatesError):
    """The service refused the question, such as a town that it does not know or our key."""
