"""Refusals of a shop's work on its orders."""

from django.utils.translation import gettext_lazy

from kit.errors import DomainError


class WrongStepError(DomainError):
    code, status = "wrong_step", 409
    default_message = gettext_lazy("This order's status has changed. Reload the page to see it.")


class OneParcelOnlyError(DomainError):
    code, status = "one_parcel_only", 409
    default_message = gettext_lazy(
        "This order is picked up at a station with one code, so it leaves in one parcel: put all that is left in it."
    )


class UndoTooLateError(DomainError):
    code, status = "undo_too_late", 409
    default_message = gettext_lazy(
        "This parcel was marked shipped more than 24 hours ago, so that can't be undone any more. "
        "Correct its tracking, or write to the buyer."
    )
