"""Forms of messages between buyer and shop: writing one, and marking them as read."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from checkout.models import LONGEST_MESSAGE
from checkout.photo_fields import PhotosForm
from kit.text.forms import ParagraphsField

READ_UNTIL = "read_until"


class ReadForm(forms.Form):
    """The last message that a reader was shown; up to it messages are marked as read."""

    read_until = forms.UUIDField()


class MessageForm(PhotosForm):
    """A message, with photos where its side may send them."""

    text = ParagraphsField(label=gettext_lazy("Your message"), max_length=LONGEST_MESSAGE, rows=3)

    def __init__(self, *args: Any, has_photos: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.has_photos = has_photos
        if has_photos:
            self.add_photo_fields()
