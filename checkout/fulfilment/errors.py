"""Refusals of a shop's work on its orders."""

from django.utils.translation import gettext_lazy

from kit.errors import DomainError


class WrongStepError(DomainError):
    code, status = "wrong_step", 409
    default_message = gettext_lazy("This order's status has changed. Reload the page to see it.")
