"""Errors of calls to payment providers."""

from kit.errors import WordedError

LONGEST_MESSAGE = 200  # as the columns that keep it


class ProviderError(WordedError):
    """A call to a payment provider did not do what was asked; its message can be stored and shown."""

    def __init__(self, message: str = "") -> None:
        super().__init__(shortened(message))


class ProviderUnavailableError(ProviderError):
    """The outcome is unknown: no answer in time, or an unclear one.

    The call may have had its effect. Ask before trying again, and try again with the same reference.

    Args:
        retry_after: seconds that the provider asks us to wait, if any.
    """

    def __init__(self, message: str, *, retry_after: int | None = None) -> None:
        self.retry_after = retry_after
        super().__init__(message)


class UnreadableAnswerError(ProviderUnavailableError):
    """The provider answered, with something that cannot be kept or understood: a person has to look at it."""


class ProviderRefusedError(ProviderError):
    """The provider refused clearly: the call had no effect.

    Args:
        code: the provider's own code, or empty.
        status: the HTTP status of the answer.
    """

    def __init__(self, message: str, *, code: str = "", status: int = 400) -> None:
        self.code = shortened(code, longest=60)
        self.status = status
        super().__init__(message)

    @property
    def is_about_our_key(self) -> bool:
        """Return whether the provider refuses our key, whatever the request; only operators can correct that."""
        return self.status in {401, 403}


class DuplicateReferenceError(ProviderRefusedError):
    """The provider knows this reference already, most likely from a call whose answer was lost."""


class BalanceTooLowError(ProviderRefusedError):
    """Our balance at the provider does not cover what was to be sent; nothing was."""


class OtpRequiredError(ProviderRefusedError):
    """The provider asks a person for a code before it sends anything; operators turn that off in its dashboard."""


class UnsupportedError(ProviderRefusedError):
    """The provider does not support the operation; its capabilities tell so beforehand."""


def shortened(message: str, *, longest: int = LONGEST_MESSAGE) -> str:
    """Return a provider's text in a form that a column can keep: no NUL, no half characters, cut to a length."""
    kept = message[: 4 * longest].encode("utf-8", "backslashreplace").decode()
    return " ".join("".join(each if each.isprintable() else " " for each in kept).split())[:longest]
