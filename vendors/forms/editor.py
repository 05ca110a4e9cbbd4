"""The product form as a whole: filled from a product or from entered values, read into the services' inputs."""

from collections.abc import Mapping
from typing import Any

from django.forms import BoundField, Form
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext

from catalogue.discovery.selectors.categories import category_tree
from catalogue.errors import SkuTakenError
from catalogue.models import Product, ProductImage, Variant
from catalogue.selectors.products import variants_by_sku
from catalogue.services.inputs import ProductInput, VariantInput, input_of
from catalogue.services.validation import MAX_OPTIONS, MAX_VARIANTS
from catalogue.tax_classes import TaxClass
from kit.errors import DomainError
from kit.templatetags.money import major
from kit.text.sentences import with_one_stop
from tenants.models import Shop
from vendors.forms.made_rows import rows_with_values, values_of
from vendors.forms.product import OPTIONS, PictureForm, ProductForm, VariantForm, VariantFormSet
from vendors.services.products import PictureChanges

ROWS = "variants"
MORE_ROWS = 3
FIELD_OF = {
    "category_id": "category",
    "price_minor": "price",
    "compare_at_minor": "was",
    "weight_g": "weight",
    "options": "value_1",
}


class ProductEditor:
    """A product's form, grid and pictures."""

    def __init__(self, *, product: Product | None, currency: str, data: QueryDict | None = None) -> None:
        self.product = product
        self._priced = {"currency": currency}
        self.variants: dict[Any, Variant] = {v.pk: v for v in product.variants.all()} if product else {}
        self.images: list[ProductImage] = list(product.images.all()) if product else []
        # A copy: what the page showed as the count is renewed where it has moved.
        self._data = data.copy() if data is not None else None
        if self._data is not None:
            self.form = ProductForm(self._data)
            self.rows = VariantFormSet(self._data, prefix=ROWS, form_kwargs=self._priced)
        else:
            initial = _rows_of(product)
            self.form = ProductForm(initial=_fields_of(product))
            self.rows = VariantFormSet(initial=initial, prefix=ROWS, form_kwargs=self._priced)
            self.rows.extra = len(initial) + 1
        self.pictures = [
            (image, PictureForm(self._data, initial={"alt": image.alt}, prefix=_picture(image)))
            for image in self.images
        ]

    @classmethod
    def with_more_rows(cls, *, product: Product | None, currency: str, data: QueryDict) -> "ProductEditor":
        """Return the form with what was typed, unjudged, and more empty rows."""
        editor = cls(product=product, currency=currency, data=data)
        typed = editor._typed_rows(data)
        editor._show(data, typed, more=MORE_ROWS)
        return editor

    @classmethod
    def with_made_rows(cls, *, product: Product | None, currency: str, data: QueryDict) -> "ProductEditor":
        """Return the form with what was typed, unjudged, and a row for each combination of the options' values."""
        editor = cls(product=product, currency=currency, data=data)
        values = {number: values_of(data.get(f"values_{number}", "")) for number in OPTIONS}
        given = {number: found for number, found in values.items() if found}
        typed = editor._typed_rows(data)
        made = rows_with_values(typed, values=given, title=data.get("title", "")) if given else typed
        editor._show(data, made, more=0 if given else 1)
        return editor

    def _typed_rows(self, data: QueryDict) -> list[dict[str, Any]]:
        count = min(self.rows.total_form_count(), MAX_VARIANTS)
        return [_typed(data, f"{ROWS}-{index}", VariantFormSet.form) for index in range(count)]

    def _show(self, data: QueryDict, rows: list[dict[str, Any]], *, more: int) -> None:
        """Show the fields as they were typed, and other rows."""
        self.form = ProductForm(initial={name: data.get(name, "") for name in self.form.fields})
        self.rows = VariantFormSet(initial=rows, prefix=ROWS, form_kwargs=self._priced)
        self.rows.extra = min(len(rows) + more, MAX_VARIANTS)
        self.pictures = [
            (image, PictureForm(initial=_typed(data, _picture(image), PictureForm), prefix=_picture(image)))
            for image in self.images
        ]

    @property
    def columns(self) -> list[int]:
        """Return the option columns to show: those in use and one more."""
        used = [number for number in OPTIONS if self.form[f"option_{number}"].value()]
        return list(range(1, min(max([1, *used]) + 1, MAX_OPTIONS) + 1))

    def option_fields(self) -> list[tuple[Any, Any]]:
        """Return the fields that name the options, each with the field for its values."""
        return [(self.form[f"option_{number}"], self.form[f"values_{number}"]) for number in self.columns]

    def heading(self, number: int) -> str:
        """Return the heading of an option's column."""
        return str(self.form[f"option_{number}"].value() or gettext("Option %(number)s") % {"number": number})

    def headings(self) -> list[str]:
        """Return the headings of the option columns."""
        return [self.heading(number) for number in self.columns]

    def grid(self) -> list[tuple[list[BoundField], list[tuple[str, BoundField]]]]:
        """Return the rows: the hidden fields of each, and its visible ones with their headings."""
        options = [(f"value_{number}", self.heading(number)) for number in self.columns]
        names = [
            ("sku", gettext("SKU")),
            *options,
            ("price", gettext("Price")),
            ("was", gettext("Was")),
            ("weight", gettext("Weight (kg)")),
            ("on_hand", gettext("On hand")),
            ("DELETE", gettext("Remove")),
        ]
        return [(row.hidden_fields(), [(label, row[name]) for name, label in names]) for row in self.rows.forms]

    def faults(self) -> list[tuple[str, str, str]]:
        """Return everything that is wrong: the control's id, its name, the message."""
        found = [("", "", str(message)) for message in (*self.form.non_field_errors(), *self.rows.non_form_errors())]
        found += _faults_of(self.form, "%(field)s")
        for number, row in enumerate(self.rows.forms, start=1):
            if row.errors and row in self._kept():
                whole = gettext("Variant %(number)s: %(message)s")
                found += [("", "", whole % {"number": number, "message": text}) for text in row.non_field_errors()]
                found += _faults_of(row, gettext("Variant %(number)s, %(field)s"), number)
        for number, (_, form) in enumerate(self.pictures, start=1):
            found += _faults_of(form, gettext("Picture %(number)s, %(field)s"), number)
        return found

    def is_valid(self) -> bool:
        """Judge everything that was typed, so that all faults are shown at once."""
        is_right = [self.form.is_valid(), self.rows.is_valid(), *(form.is_valid() for _, form in self.pictures)]
        for row in self._kept():
            self._check_options(row)
            self._check_stock(row)
        if not self._kept() and self.rows.is_valid():
            self.form.add_error(None, gettext("A product needs at least one variant: a SKU and a price."))
        return all(is_right) and not self.form.errors and not any(row.errors for row in self._kept())

    def to_input(self) -> ProductInput:
        """Return the product as it should be. A variant that the page did not show stays as it is."""
        said = self.form.cleaned_data
        posted = {row.cleaned_data.get("id") for row in self._filled()}
        untouched = [] if self.product is None else input_of(self.product).variants
        return ProductInput(
            title=said["title"],
            description=said["description"],
            category_id=said["category"],
            brand=said["brand"],
            status=said["status"],
            tax_class=said["tax_class"] or (self.product.tax_class if self.product else TaxClass.STANDARD),
            variants=[
                *(self._variant(row) for row in self._kept()),
                *(variant for variant in untouched if variant.id not in posted),
            ],
        )

    def picture_changes(self, files: MultiValueDict[str, Any]) -> PictureChanges:
        """Return the changes of the pictures."""
        chosen = self._data.get("cover", "") if self._data is not None else ""
        return PictureChanges(
            uploads=list(files.getlist("pictures")),
            removed=[image.pk for image, form in self.pictures if form.cleaned_data["remove"]],
            alts={image.pk: form.cleaned_data["alt"] for image, form in self.pictures},
            cover=next((image.pk for image in self.images if str(image.pk) == chosen), None),
        )

    def add_refusal(self, error: DomainError, *, shop: Shop) -> None:
        """Show a service's refusal beside the fields that it names, else above the form."""
        details: Mapping[str, Any] = error.details if isinstance(error.details, dict) else {}
        before = self._error_count()
        for field, messages in details.items():
            if FIELD_OF.get(field, field) in self.form.fields:
                self.form.add_error(FIELD_OF.get(field, field), messages)
            elif field == "variants":
                self._add_row_refusals(messages)
        if isinstance(error, SkuTakenError):
            self._mark_taken_skus(shop)
        if self._error_count() == before:
            self.form.add_error(None, error.message)

    def show_what_is_saved(self, error: DomainError) -> None:
        """Keep the entered values, and show the saved ones beside them; for an editor made of that product."""
        self.form.add_error(None, error.message)
        for name, value in _fields_of(self.product).items():
            if self.form.data.get(name, "") != ("" if value is None else str(value)):
                shown = self._label(name, value)
                self.form.add_error(name, with_one_stop(gettext("Saved meanwhile: “%(value)s”.") % {"value": shown}))
        typed = {row.cleaned_data.get("id"): row for row in self._filled()}
        for variant in self.variants.values():
            if variant.pk not in typed:
                self.form.add_error(None, gettext("Added meanwhile, and kept: variant %(sku)s.") % {"sku": variant.sku})
            elif (row := typed[variant.pk]) in self._kept() and _said(row) != _saved(variant):
                values = {"sku": variant.sku, "price": major(variant.price_minor)}
                row.add_error(None, gettext("Saved meanwhile: %(sku)s at %(price)s.") % values)

    def _label(self, name: str, value: Any) -> Any:
        return dict(getattr(self.form.fields[name], "choices", ())).get(value, value)

    def _error_count(self) -> int:
        return len(self.form.errors) + sum(len(row.errors) for row in self.rows)

    def _add_row_refusals(self, found: list[str] | Mapping[str, Mapping[str, Any]]) -> None:
        """Show messages about all variants above the form, and those about single ones beside their fields."""
        if isinstance(found, list):
            self.form.add_error(None, found)
            return
        rows = dict(enumerate(self._kept()))
        for place, faults in found.items():
            if (row := rows.get(int(place))) is None:
                continue
            for field, texts in faults.items():
                name = FIELD_OF.get(field, field)
                row.add_error(name if name in row.fields else None, texts)

    def _mark_taken_skus(self, shop: Shop) -> None:
        rows = self._kept()
        taken = variants_by_sku(shop=shop, skus=[row.cleaned_data.get("sku", "") for row in rows])
        seen: set[str] = set()
        for row in rows:
            sku = row.cleaned_data.get("sku", "")
            if sku in seen:
                row.add_error("sku", gettext("Two variants have this SKU."))
            elif sku in taken and taken[sku].pk != row.cleaned_data.get("id"):
                row.add_error(
                    "sku", (gettext("“%(title)s” has this SKU already.") % {"title": taken[sku].product.title})
                )
            seen.add(sku)

    def _filled(self) -> list[VariantForm]:
        return [row for row in self.rows.forms if row.has_changed()]

    def _kept(self) -> list[VariantForm]:
        return [row for row in self._filled() if not row.cleaned_data.get("DELETE")]

    def _check_options(self, row: VariantForm) -> None:
        names = self.form.option_names()
        for number in OPTIONS:
            field, value = f"value_{number}", row.cleaned_data.get(f"value_{number}", "")
            if number in names and not value and field not in row.errors:
                row.add_error(field, (gettext("Which %(name)s?") % {"name": names[number].lower()}))
            elif value and number not in names:
                row.add_error(field, (gettext("Name option %(number)s above first.") % {"number": number}))

    def _check_stock(self, row: VariantForm) -> None:
        before = self.variants.get(row.cleaned_data.get("id"))
        count, shown = row.cleaned_data.get("on_hand"), row.cleaned_data.get("shown")
        if before is None or count is None or count == shown or self._data is None:
            return
        level = before.stock
        if count < level.reserved:
            row.add_error(
                "on_hand",
                (
                    gettext("%(reserved)s are reserved for orders being paid: at least %(reserved)s.")
                    % {"reserved": level.reserved}
                ),
            )
        elif shown is not None and level.on_hand != shown:
            row.add_error(
                "on_hand",
                (
                    gettext("Sales or counts have moved it from %(shown)s to %(on_hand)s. Check and save.")
                    % {"shown": shown, "on_hand": level.on_hand}
                ),
            )
            self._data[row.add_prefix("shown")] = str(level.on_hand)

    def _variant(self, row: VariantForm) -> VariantInput:
        said = row.cleaned_data
        before = self.variants.get(said["id"])
        is_counted = before is None or (said["on_hand"] is not None and said["on_hand"] != said["shown"])
        return VariantInput(
            id=said["id"],
            sku=said["sku"],
            price_minor=said["price"],
            options={name: said[f"value_{number}"] for number, name in self.form.option_names().items()},
            compare_at_minor=said["was"],
            on_hand=said["on_hand"] if is_counted else None,
            if_on_hand=said["shown"] if before is not None else None,
            weight_g=said["weight"] if _is_sent(row, "weight") or before is None else before.weight_g,
        )


def _fields_of(product: Product | None) -> dict[str, Any]:
    if product is None:
        return {}
    names = _option_names(product)
    return {
        "title": product.title,
        "description": product.description,
        "category": node.id if (node := category_tree().by_id.get(product.category_id or 0)) else None,
        "brand": product.brand,
        "status": product.status,
        "tax_class": product.tax_class,
    } | {f"option_{number}": name for number, name in enumerate(names, start=1)}


def _rows_of(product: Product | None) -> list[dict[str, Any]]:
    if product is None:
        return []
    names = _option_names(product)
    return [
        {
            "id": variant.pk,
            "shown": variant.stock.on_hand,
            "sku": variant.sku,
            "price": variant.price_minor,
            "was": variant.compare_at_minor,
            "weight": variant.weight_g,
            "on_hand": variant.stock.on_hand,
        }
        | {f"value_{number}": variant.options.get(name, "") for number, name in enumerate(names, start=1)}
        for variant in product.variants.all()
    ]


def _is_sent(row: VariantForm, name: str) -> bool:
    """Return whether a row came with a field; pages of the release before have none for the weight."""
    return row.add_prefix(name) in row.data


def _said(row: VariantForm) -> tuple[Any, ...]:
    return tuple(row.cleaned_data.get(name) for name in ("sku", "price", "was"))


def _saved(variant: Variant) -> tuple[Any, ...]:
    return variant.sku, variant.price_minor, variant.compare_at_minor


def _option_names(product: Product) -> list[str]:
    """Return the options of a product's variants, in the order they were given."""
    return list(dict.fromkeys(name for variant in product.variants.all() for name in variant.options))[:MAX_OPTIONS]


def _faults_of(form: Form, name: str, number: int = 0) -> list[tuple[str, str, str]]:
    """Return the faults of a form's fields; `name` says how the number of the form and a field's label make a name."""
    return [
        (
            str(field.id_for_label),
            name % {"number": number, "field": field.label},
            " ".join(str(message) for message in field.errors),
        )
        for field in form.visible_fields()
        if field.errors
    ]


def _picture(image: ProductImage) -> str:
    return f"picture-{image.pk}"


def _typed(data: QueryDict, prefix: str, form: type[Any]) -> dict[str, str]:
    names = [*form.base_fields, "DELETE"]
    return {name: str(data[f"{prefix}-{name}"]) for name in names if f"{prefix}-{name}" in data}
