"""Form of a payout that was paid by hand."""

from django import forms
from django.utils.translation import gettext_lazy

from console.forms.actions import ReasonForm
from kit.text.forms import LineField
from payouts.runs.by_hand import LONGEST_REFERENCE, HandPaymentInput


class HandPaymentForm(ReasonForm):
    """Payment by an operator's own bank transfer, with its evidence."""

    reference = LineField(
        label=gettext_lazy("Reference of the bank"),
        max_length=LONGEST_REFERENCE,
        help_text=gettext_lazy("As the bank shows it."),
    )
    paid_on = forms.DateField(
        label=gettext_lazy("Paid on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    file = forms.FileField(
        label=gettext_lazy("Evidence"),
        help_text=gettext_lazy("PDF, JPEG or PNG of at most 5 MB, such as the bank’s receipt."),
    )
    field_order = ("reference", "paid_on", "file", "reason")

    @property
    def data_of_payment(self) -> HandPaymentInput:
        """Return the payment."""
        facts = self.cleaned_data
        return HandPaymentInput(facts["reference"], facts["paid_on"], facts["reason"])
