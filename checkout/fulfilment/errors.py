"""Refusals of a shop's work on its orders."""

from kit.errors import DomainError


class WrongStepError(DomainError):
    code, status = "wrong_step", 409
    default_message = "This order is at another step by now. Reload to see where it stands."
