"""The pieces of the product form: the product, its grid of variants, its pictures."""

from typing import Any, ClassVar

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext, gettext_lazy

from catalogue.discovery.selectors.categories import CategoryTree, category_tree
from catalogue.models import ProductStatus
from catalogue.services.prices import Price
from catalogue.services.stock import Count
from catalogue.services.validation import (
    MAX_BRAND,
    MAX_DESCRIPTION,
    MAX_ON_HAND,
    MAX_OPTION_NAME,
    MAX_OPTION_VALUE,
    MAX_OPTIONS,
    MAX_SKU,
    MAX_TITLE,
    MAX_VARIANTS,
)
from catalogue.tax_classes import TaxClass
from kit.text.forms import LineField, NameField, ParagraphsField
from kit.web.price_fields import PriceField
from vendors.forms.fields import WeightField

OPTIONS = range(1, MAX_OPTIONS + 1)
EXAMPLES = (gettext_lazy("Colour"), gettext_lazy("Size"), gettext_lazy("Material"))
VALUES = (gettext_lazy("Indigo, Rust"), "S, M, L", gettext_lazy("Cotton, Linen"))
LONGEST_VALUES = 400


class ProductForm(forms.Form):
    """Fields of a product as a whole."""

    title = NameField(label=gettext_lazy("Title"), max_length=MAX_TITLE)
    description = ParagraphsField(label=gettext_lazy("Description"), max_length=MAX_DESCRIPTION, required=False, rows=6)
    category = forms.TypedChoiceField(label=gettext_lazy("Category"), coerce=int, empty_value=None, required=False)
    brand = NameField(label=gettext_lazy("Brand"), max_length=MAX_BRAND, required=False)
    status = forms.ChoiceField(label=gettext_lazy("Status"), choices=ProductStatus.choices, initial=ProductStatus.DRAFT)
    tax_class = forms.ChoiceField(
        label=gettext_lazy("Tax class"), choices=TaxClass.choices, initial=TaxClass.STANDARD, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        category = self.fields["category"]
        assert isinstance(category, forms.TypedChoiceField)
        category.choices = [("", gettext("No category")), *category_choices(category_tree())]
        for number in OPTIONS:
            field = NameField(
                max_length=MAX_OPTION_NAME, required=False, label=(gettext("Option %(number)s") % {"number": number})
            )
            field.widget.attrs["placeholder"] = EXAMPLES[number - 1]
            self.fields[f"option_{number}"] = field
            values = NameField(
                max_length=LONGEST_VALUES,
                required=False,
                label=gettext("Values of option %(number)s") % {"number": number},
            )
            values.widget.attrs["placeholder"] = VALUES[number - 1]
            self.fields[f"values_{number}"] = values

    def clean(self) -> dict[str, Any]:
        """Refuse two options of the same name."""
        data: dict[str, Any] = self.cleaned_data
        names = [data[f"option_{number}"] for number in OPTIONS if data.get(f"option_{number}")]
        if len({name.casefold() for name in names}) < len(names):
            self.add_error("option_1", gettext("Give each option a different name."))
        return data

    def option_names(self) -> dict[int, str]:
        """Return the options that have a name, by their column; of a form that has been cleaned."""
        names = {number: self.cleaned_data.get(f"option_{number}", "") for number in OPTIONS}
        return {number: name for number, name in names.items() if name}


class VariantForm(forms.Form):
    """A row of the grid. `shown` is the count that the page showed, so that only a changed one is written."""

    id = forms.UUIDField(required=False, widget=forms.HiddenInput)
    shown = forms.IntegerField(required=False, widget=forms.HiddenInput)
    sku = LineField(max_length=MAX_SKU, label=gettext_lazy("SKU"))
    value_1 = LineField(max_length=MAX_OPTION_VALUE, required=False, label=gettext_lazy("Option 1"))
    value_2 = LineField(max_length=MAX_OPTION_VALUE, required=False, label=gettext_lazy("Option 2"))
    value_3 = LineField(max_length=MAX_OPTION_VALUE, required=False, label=gettext_lazy("Option 3"))
    price = PriceField(label=gettext_lazy("Price"))
    was = PriceField(required=False, label=gettext_lazy("Was"))
    weight = WeightField(required=False, label=gettext_lazy("Weight (kg)"))
    on_hand = forms.IntegerField(
        label=gettext_lazy("On hand"),
        min_value=0,
        max_value=MAX_ON_HAND,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, currency: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, PriceField):
                field.currency = currency

    def clean(self) -> dict[str, Any]:
        """Hold the price above zero and below what it was."""
        data: dict[str, Any] = self.cleaned_data
        price, was = data.get("price"), data.get("was")
        if price == 0:
            self.add_error("price", gettext("A price is more than zero."))
        elif price is not None and was is not None and was <= price:
            self.add_error("was", gettext("Above the price, or empty."))
        return data


class QuickEditForm(forms.Form):
    """Price and stock of a variant in its row of the list, with the values that the row showed."""

    price = PriceField(label=gettext_lazy("Price"), required=False)
    on_hand = forms.IntegerField(
        label=gettext_lazy("On hand"),
        min_value=0,
        max_value=MAX_ON_HAND,
        required=False,
        error_messages={
            "invalid": gettext_lazy("Stock is a whole number, zero or more."),
            "min_value": gettext_lazy("Stock is a whole number, zero or more."),
        },
    )
    shown_price = forms.IntegerField(required=False)
    shown_on_hand = forms.IntegerField(required=False)

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        price = self.fields["price"]
        assert isinstance(price, PriceField)
        price.currency = currency

    @property
    def changed_price(self) -> Price | None:
        """Return the price where it is another one than was shown, to be written while that is still there."""
        typed, shown = self.cleaned_data["price"], self.cleaned_data["shown_price"]
        return None if typed is None or typed == shown else Price(typed, shown)

    @property
    def changed_count(self) -> Count | None:
        """Return the count where it is another one than was shown, to be written while that is still there."""
        typed, shown = self.cleaned_data["on_hand"], self.cleaned_data["shown_on_hand"]
        return None if typed is None or typed == shown else Count(typed, shown)


class VariantGrid(forms.BaseFormSet[VariantForm]):
    """The rows; one that is wholly empty is not there."""

    default_error_messages: ClassVar = {
        **forms.BaseFormSet.default_error_messages,
        "missing_management_form": gettext_lazy("The form arrived without its variants. Please send it again."),
        "too_many_forms": format_lazy(gettext_lazy("A product has at most {most} variants."), most=MAX_VARIANTS),
    }

    def initial_form_count(self) -> int:
        """Count every row as new, so that empty ones may stay empty; `id` names the variant."""
        return 0

    def add_fields(self, form: VariantForm, index: int | None) -> None:
        """Name each control for people who don't see the column's heading."""
        super().add_fields(form, index)
        form.fields["DELETE"].label = gettext("Remove")
        for field in form.visible_fields():
            words = gettext("%(field)s, variant %(number)s") % {"field": field.label, "number": (index or 0) + 1}
            field.field.widget.attrs["aria-label"] = words


VariantFormSet = forms.formset_factory(
    VariantForm,
    formset=VariantGrid,
    extra=0,
    can_delete=True,
    max_num=MAX_VARIANTS,
    absolute_max=MAX_VARIANTS,
    validate_max=True,
)


class PictureForm(forms.Form):
    """A picture that the product has."""

    alt = LineField(
        max_length=160,
        required=False,
        label=gettext_lazy("What it shows"),
        help_text=gettext_lazy(
            "Name the colour or form, such as “Red shirt, front”: buyers who choose it see this picture."
        ),
    )
    remove = forms.BooleanField(required=False, label=gettext_lazy("Remove this picture"))


def category_choices(tree: CategoryTree) -> list[tuple[int, str]]:
    """Return the categories, each below its parent and moved in."""
    choices: list[tuple[int, str]] = []

    def walk(parent_id: int | None, depth: int) -> None:
        for node in tree.children_of(parent_id):
            choices.append((node.id, "\u2003" * depth + node.name))
            walk(node.id, depth + 1)

    walk(None, 0)
    return choices
