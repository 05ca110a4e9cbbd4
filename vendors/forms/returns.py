"""Forms of a shop's returns, and of the days for them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext, gettext_lazy, ngettext

from catalogue.discovery.selectors.categories import category_tree
from checkout.models import Return, ReturnTerms
from checkout.returning.keep_terms import MOST_DAYS
from kit.text.forms import LineField, ParagraphsField
from kit.text.unit_fields import UnitsField
from kit.web.price_fields import PriceField


class AcceptForm(forms.Form):
    """Instructions for handing a return in."""

    instructions = ParagraphsField(label=gettext_lazy("Where and how to hand it in"), max_length=2_000)


class AnswerForm(forms.Form):
    """A reason or a question; the buyer reads it."""

    text = LineField(label=gettext_lazy("Your message"), max_length=200)


class ReceiveForm(forms.Form):
    """Units of a return that have arrived, and the part of the delivery that goes back."""

    delivery = PriceField(label=gettext_lazy("Delivery to refund"), required=False)
    message = LineField(label=gettext_lazy("Your message"), max_length=500, required=False)

    def __init__(self, *args: Any, returned: Return, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.returned = returned
        delivery = self.fields["delivery"]
        assert isinstance(delivery, PriceField)
        delivery.currency = returned.sub_order.currency
        for key, count in returned.lines.items():
            self.fields[f"written-off-{key}"] = UnitsField(label=gettext("Not fit for sale"), most=count, initial=0)

    @property
    def written_off(self) -> Mapping[UUID, int]:
        """Return the units that don't go back on the shelf."""
        entered = {UUID(key): self.cleaned_data.get(f"written-off-{key}") or 0 for key in self.returned.lines}
        return {key: count for key, count in entered.items() if count}

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Return the lines, each with its field."""
        return [
            {"line": line, "field": self[f"written-off-{line['variant_id']}"]} for line in self.returned.returned_lines
        ]


class ReturnTermsForm(forms.Form):
    """Days for returns, in all and for each category at the top."""

    def __init__(self, *args: Any, market_days: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.categories = category_tree().children_of(None)
        self.fields["days"] = forms.IntegerField(
            label=gettext("Days for returns"),
            min_value=market_days,
            max_value=MOST_DAYS,
            required=False,
            error_messages={
                "min_value": ngettext(
                    "The market’s minimum is %(limit_value)s day. Enter that or more.",
                    "The market’s minimum is %(limit_value)s days. Enter that or more.",
                    market_days,
                )
            },
        )
        for node in self.categories:
            self.fields[f"category-{node.slug}"] = forms.IntegerField(
                label=node.name, min_value=0, max_value=MOST_DAYS, required=False
            )

    def days_by_category(self, kept: Mapping[str, int]) -> dict[str, int]:
        """Return the entered days by category, with those that the form does not show as they are kept."""
        shown = {node.slug for node in self.categories}
        entered = {slug: self.cleaned_data.get(f"category-{slug}") for slug in shown}
        others = {slug: days for slug, days in kept.items() if slug not in shown}
        return others | {slug: days for slug, days in entered.items() if days is not None}

    @staticmethod
    def initial_from(terms: ReturnTerms | None) -> dict[str, int | None]:
        """Return the form's initial values."""
        if terms is None:
            return {}
        return {"days": terms.days} | {f"category-{slug}": days for slug, days in terms.categories.items()}
