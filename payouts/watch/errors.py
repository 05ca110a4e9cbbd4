"""Errors of the watch."""

from django.utils.translation import gettext_lazy

from kit.errors import ConflictError


class RoundOpenError(ConflictError):
    """A round of checks is under way."""

    code = "checks_under_way"
    default_message = gettext_lazy("The checks are running already. Load the page again to see their progress.")
