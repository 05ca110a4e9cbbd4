"""The reason that an operator gives for an act; the audit log keeps it."""

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from console.forms.actions import ReasonForm

SAY_WHY = gettext_lazy("Say why in a few words: the reason is kept in the audit log.")


def given_reason(request: HttpRequest) -> str:
    """Return the entered reason, or refuse an empty one."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, SAY_WHY)
        return ""
    return str(form.cleaned_data["reason"])
