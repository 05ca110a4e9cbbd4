"""Form of a shop's evidence in a dispute."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from checkout.disputes.evidence import Added, EvidenceOffer
from kit.text.forms import ParagraphsField
from payouts.models.disputes import LONGEST_STATEMENT


class EvidenceForm(forms.Form):
    """A text, texts of the order's own records, a file, or some of them."""

    text = ParagraphsField(
        label=gettext_lazy("What happened"),
        max_length=LONGEST_STATEMENT,
        required=False,
        rows=5,
        help_text=gettext_lazy("In your own words: what was ordered, how it was sent, what the buyer wrote."),
    )
    offers = forms.MultipleChoiceField(
        label=gettext_lazy("From the order"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Ticked texts are added after your own."),
    )
    file = forms.FileField(
        label=gettext_lazy("A file"),
        required=False,
        help_text=gettext_lazy("PDF, JPEG or PNG of at most 5 MB, such as the carrier’s proof of delivery."),
    )

    def __init__(self, *args: Any, offered: Sequence[EvidenceOffer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["offers"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(offer.key, offer.title) for offer in offered]
        if not offered:
            del self.fields["offers"]

    def added_by(self, author_id: int) -> Added:
        """Return the evidence as a person adds it."""
        said = self.cleaned_data
        file = said["file"]
        return Added(
            author_id=author_id,
            text=said["text"],
            offers=said.get("offers", ()),
            upload=file,
            file_name=file.name if file else "",
        )
