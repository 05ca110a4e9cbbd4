"""Forms of a shop's release terms, and of single orders whose money is held or released."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from console.forms.actions import ReasonForm
from kit.text.forms import LineField
from kit.text.percentage_field import PercentageField
from payouts.release.terms import MOST_HOLD_DAYS, MOST_RESERVE_DAYS, OwnTerms

AS_ALL = gettext_lazy("Leave it empty for what all shops have.")


class ReleaseTermsForm(ReasonForm):
    """A shop's own days and reserve, and why."""

    hold_days = forms.IntegerField(
        label=gettext_lazy("Days between delivery and release"),
        required=False,
        min_value=0,
        max_value=MOST_HOLD_DAYS,
        help_text=AS_ALL,
    )
    reserve_percent = PercentageField(
        label=gettext_lazy("Reserve in percent of what is released"), required=False, help_text=AS_ALL
    )
    reserve_days = forms.IntegerField(
        label=gettext_lazy("Days for which the reserve is kept"),
        required=False,
        min_value=1,
        max_value=MOST_RESERVE_DAYS,
        help_text=AS_ALL,
    )
    field_order = ("hold_days", "reserve_percent", "reserve_days", "reason")

    @property
    def terms(self) -> OwnTerms:
        """Return the terms."""
        facts = self.cleaned_data
        return OwnTerms(facts["hold_days"], facts["reserve_percent"], facts["reserve_days"])

    @staticmethod
    def initial_from(own: OwnTerms) -> dict[str, Any]:
        """Return the form's initial values."""
        return {"hold_days": own.hold_days, "reserve_percent": own.reserve_bps, "reserve_days": own.reserve_days}


class OrderMoneyForm(ReasonForm):
    """An order of the shop, what to do with its money, and why."""

    number = LineField(label=gettext_lazy("Order"), max_length=24, help_text=gettext_lazy("Such as KS-7F3K9QXD2M-1."))
    act = forms.ChoiceField(
        label=gettext_lazy("Action"),
        choices=[
            ("hold", gettext_lazy("Hold its money; the shop reads the reason")),
            ("end_hold", gettext_lazy("End an operator’s hold")),
            ("release", gettext_lazy("Release it before its day")),
        ],
    )
    field_order = ("number", "act", "reason")
