"""Forms of operators about a dispute."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from checkout.disputes.evidence import Added
from console.forms.actions import ReasonForm
from kit.text.forms import ParagraphsField
from kit.web.price_fields import PriceField
from payouts.models import Dispute, DisputeEvidence
from payouts.models.disputes import LONGEST_STATEMENT


class MarketEvidenceForm(forms.Form):
    """The market's own evidence: a text, a file or both."""

    text = ParagraphsField(label=gettext_lazy("Text"), max_length=LONGEST_STATEMENT, required=False)
    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        help_text=gettext_lazy("PDF, JPEG or PNG of at most 5 MB."),
    )

    def added_by(self, author_id: int) -> Added:
        """Return the evidence as an operator adds it."""
        file = self.cleaned_data["file"]
        name = file.name if file else ""
        return Added(author_id=author_id, text=self.cleaned_data["text"], upload=file, file_name=name)


class StatementForm(forms.Form):
    """The answer that declines a dispute: a statement and one file."""

    statement = ParagraphsField(
        label=gettext_lazy("Statement"),
        max_length=LONGEST_STATEMENT,
        rows=10,
        help_text=gettext_lazy("The bank reads it. It is filled in with what the shops and the market have written."),
    )
    evidence = forms.TypedChoiceField(
        label=gettext_lazy("File"), required=False, empty_value=None, help_text=gettext_lazy("You can attach one file.")
    )

    def __init__(self, *args: Any, files: Sequence[DisputeEvidence], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["evidence"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [("", gettext_lazy("No file")), *((str(each.pk), each.file_name) for each in files)]


class AcceptForm(ReasonForm):
    """The amount that is given up, and why."""

    amount = PriceField(
        label=gettext_lazy("Amount for the buyer"),
        required=False,
        help_text=gettext_lazy("Empty: all that the bank claims."),
    )
    field_order = ("amount", "reason")

    def __init__(self, *args: Any, dispute: Dispute, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        amount = self.fields["amount"]
        assert isinstance(amount, PriceField)
        amount.currency = dispute.currency
        self.dispute = dispute

    @property
    def is_confirmed(self) -> bool:
        """Return whether the money that is named was confirmed."""
        return "confirm" in self.data

    @property
    def amount_minor(self) -> int:
        """Return the amount that the buyer gets."""
        return int(self.cleaned_data["amount"] or self.dispute.claimed_minor)
