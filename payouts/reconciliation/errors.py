"""Errors about differences."""

from django.utils.translation import gettext_lazy

from kit.errors import ConflictError


class DifferenceEndedError(ConflictError):
    """The difference is not open any more."""

    code = "difference_ended"
    default_message = gettext_lazy("This difference is resolved already. Reload the page to see why.")


class ComparisonOpenError(ConflictError):
    """A comparison is under way."""

    code = "comparison_under_way"
    default_message = gettext_lazy("Providers are being compared already. Load the page again to see what was found.")


class NoComparisonError(ConflictError):
    """No provider lists its records."""

    code = "no_comparison"
    default_message = gettext_lazy("None of the providers lists its records, so there is nothing to compare.")


class NoSuchStepError(ConflictError):
    """The step does not help with this kind of difference."""

    code = "no_such_step"
    default_message = gettext_lazy("This step does not help with a difference of this kind.")
