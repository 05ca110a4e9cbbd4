"""Forms of operators' actions, most of them with a reason."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from kit.text.forms import EmailField, LineField, ParagraphsField, WebAddressField

REASON_LENGTH = (5, 300)


class ReasonForm(forms.Form):
    """Reason of an action; required, and kept."""

    reason = ParagraphsField(
        label=gettext_lazy("Reason"),
        min_length=REASON_LENGTH[0],
        max_length=REASON_LENGTH[1],
        rows=2,
        help_text=gettext_lazy("Kept in the audit log with your name."),
    )


class StepForm(ReasonForm):
    """Reason of a step of a part, with the tracking and the number of the parcel where the step has any."""

    carrier = LineField(label=gettext_lazy("Carrier"), max_length=80, required=False)
    tracking_number = LineField(label=gettext_lazy("Tracking number"), max_length=80, required=False)
    tracking_url = WebAddressField(label=gettext_lazy("Tracking URL"), required=False)
    parcel = forms.IntegerField(label=gettext_lazy("Parcel"), min_value=1, required=False)


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

    message = ParagraphsField(label=gettext_lazy("Message"), min_length=REASON_LENGTH[0], max_length=1000)

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
