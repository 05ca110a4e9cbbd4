"""Refusals of a shop's work on its orders."""

from kit.errors import DomainError


class WrongStepError(DomainError):
    code, status = "wrong_step", 409
    default_message = "This order's status has changed. Reload the page to see it."
