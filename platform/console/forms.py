"""Forms of operators."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from kit.text.forms import EmailField, LineField, ParagraphsField

REASON_LENGTH = (5, 300)
PERIODS = [("1", "24 hours"), ("7", "7 days"), ("30", "30 days"), ("365", "A year")]
LONGEST_SEARCH = 254  # an e-mail address


class ReasonForm(forms.Form):
    """Reason of an action; required, and kept."""

    reason = ParagraphsField(
        label=gettext_lazy("Reason"),
        min_length=REASON_LENGTH[0],
        max_length=REASON_LENGTH[1],
        rows=2,
        help_text=gettext_lazy("Kept in the audit log with your name."),
    )


class ClosureForm(ReasonForm):
    """From when a shop takes no new orders, and why."""

    closes_on = forms.DateField(
        label=gettext_lazy("No new orders from"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Empty: from now on."),
    )


class DeletionForm(ReasonForm):
    """Deletion of a shop: its address, typed out, and the reason."""

    slug = LineField(
        label=gettext_lazy("The shop’s address"),
        max_length=50,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("As it is written in the list of shops."),
    )


MESSAGE = gettext_lazy("Message")


class MessageForm(forms.Form):
    """Message to the applicant; kept in the audit log too."""

    message = ParagraphsField(min_length=REASON_LENGTH[0], max_length=1000)

    def __init__(self, *args: Any, label: StrOrPromise = MESSAGE, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["message"].label = label


class ApprovalForm(forms.Form):
    """Note on an approval."""

    note = LineField(
        label=gettext_lazy("Note"),
        max_length=REASON_LENGTH[1],
        required=False,
        help_text=gettext_lazy("For the audit log; the applicant does not see it."),
    )


class ForgetPersonForm(ReasonForm):
    """The person whose data is deleted, and the reason."""

    email = EmailField(
        label=gettext_lazy("E-mail address"), help_text=gettext_lazy("Of an account, or of a guest who ordered.")
    )
    is_checked = forms.BooleanField(label=gettext_lazy("I have made sure that the letter comes from this person"))
    field_order = ("email", "reason", "is_checked")


def typed(request: HttpRequest, name: str) -> str:
    """Return the text of a filter, without characters that the database refuses."""
    return request.GET.get(name, "").replace("\x00", "").strip()[:LONGEST_SEARCH]


def options(choices: Sequence[tuple[Any, Any]], selected: str, *, everything: str) -> list[dict[str, Any]]:
    """Return the options of a filter, with one that filters nothing first."""
    found: list[dict[str, Any]] = [{"value": "", "label": everything, "selected": not selected}]
    found += [{"value": value, "label": label, "selected": value == selected} for value, label in choices]
    return found


def chosen(request: HttpRequest, name: str, choices: Sequence[tuple[Any, Any]]) -> str:
    """Return the choice of a filter, or an empty text where it is none of the choices."""
    value = request.GET.get(name, "")
    return value if value in {choice for choice, _ in choices} else ""


def since(days: str, now: datetime) -> datetime | None:
    """Return the start of a period of `PERIODS`; None for no period."""
    return now - timedelta(days=int(days)) if days else None
