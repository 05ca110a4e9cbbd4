"""Form of a person's quiet hours."""

from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from notifications.quiet_hours import Hours

MARKET, OWN, NONE = "market", "own", "none"
NEVER = (time(0), time(0))


class QuietHoursForm(forms.Form):
    """Hours in which nothing is sent to a phone: the market's, the person's own, or none."""

    quiet = forms.ChoiceField(
        label=gettext_lazy("Quiet"),
        choices=[(MARKET, ""), (OWN, ""), (NONE, "")],
        error_messages={"required": gettext_lazy("Choose which hours are quiet.")},
    )
    begins = forms.TimeField(label=gettext_lazy("From"), required=False)
    ends = forms.TimeField(label=gettext_lazy("To"), required=False)

    def clean(self) -> dict[str, Any]:
        """Refuse own hours without a begin and an end."""
        facts = self.cleaned_data
        is_own = facts.get("quiet") == OWN
        if is_own and not self.errors and (facts.get("begins") is None or facts.get("ends") is None):
            raise forms.ValidationError(
                gettext_lazy("Say when your quiet hours begin and when they end."), code="hours"
            )
        return facts

    @property
    def hours(self) -> Hours | None:
        """Return the hours that were chosen, twice the same for none; None: the market's."""
        facts = self.cleaned_data
        if facts["quiet"] == MARKET:
            return None
        if facts["quiet"] == NONE:
            return NEVER
        return facts["begins"], facts["ends"]
