"""Fields of a form for photos about an order."""

from typing import Any

from django import forms
from django.utils.translation import gettext

from checkout.photos.keeping import MOST_PHOTOS


class PhotosForm(forms.Form):
    """Base of forms with which photos are sent."""

    def add_photo_fields(self) -> None:
        """Add a field for each photo, after those that are there."""
        for number in range(1, MOST_PHOTOS + 1):
            self.fields[f"photo_{number}"] = forms.FileField(
                label=gettext("Photo %(number)s") % {"number": number},
                required=False,
                widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
            )

    @property
    def uploads(self) -> list[Any]:
        """Return the photos that were sent."""
        fields = (f"photo_{number}" for number in range(1, MOST_PHOTOS + 1))
        return [upload for name in fields if (upload := self.cleaned_data.get(name))]

    @property
    def photo_fields(self) -> list[forms.BoundField]:
        """Return the fields of the photos."""
        return [self[f"photo_{number}"] for number in range(1, MOST_PHOTOS + 1)]
