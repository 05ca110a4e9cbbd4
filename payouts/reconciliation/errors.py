"""Errors about differences."""

from django.utils.translation import gettext_lazy

from kit.errors import ConflictError


class DifferenceEndedError(ConflictError):
    """The difference is not open any more."""

    code = "difference_ended"
    default_message = gettext_lazy("This difference has ended already. Reload the page to see why.")


class NoSuchStepError(ConflictError):
    """The step does not help with this kind of difference."""

    code = "no_such_step"
    default_message = gettext_lazy("This step does not help with a difference of this kind.")
