"""The form of a sale with a waiting room."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy

WHEN = {"type": "datetime-local", "step": "60"}
FORMAT = "%Y-%m-%dT%H:%M"


class WaitingRoomForm(forms.Form):
    """Times of a sale, and the number of buyers let in each minute."""

    opens_at = forms.DateTimeField(label=gettext_lazy("Begins"), widget=forms.DateTimeInput(WHEN, FORMAT))
    closes_at = forms.DateTimeField(label=gettext_lazy("Ends"), widget=forms.DateTimeInput(WHEN, FORMAT))
    per_minute = forms.IntegerField(
        label=gettext_lazy("Buyers let in each minute"),
        required=False,
        min_value=1,
        widget=forms.TextInput({"inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["per_minute"].widget.attrs["placeholder"] = str(settings.WAITING_ROOM_PER_MINUTE)
