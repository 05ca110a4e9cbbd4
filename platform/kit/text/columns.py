"""Columns that clean and check their texts before they are stored: by forms, the raw admin and every save.

To migrations they are Django's own fields: no table knows of them.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from kit.errors import Fault, InvalidInputError
from kit.text import forms as text_forms
from kit.text import rules
from kit.text.characters import TextError, clean_line, clean_paragraphs
from kit.text.rules import TextRule

if TYPE_CHECKING:
    Field = models.Field[str, str]
    CharField = models.CharField[str, str]
    TextField = models.TextField[str, str]
    DjangoEmailField = models.EmailField[str, str]
else:
    Field, CharField, TextField, DjangoEmailField = models.Field, models.CharField, models.TextField, models.EmailField


class CleanedText(Field):
    """Base of the text columns; comes before one of Django's own fields.

    Args:
        is_free: whether any text with something to see in it is one for this column.
    """

    rule: ClassVar[TextRule]
    form_field: ClassVar[type[forms.Field]]
    is_free: ClassVar[bool] = True

    def stored_form(self, text: str) -> str:
        """Return a text as it is stored.

        Raises:
            TextError: it can't be.
        """
        return replace(self.rule, max_length=self.max_length)(text)

    def visible_form(self, text: str) -> str:
        """Return a text without invisible characters, with its other faults.

        Raises:
            TextError: it can't be kept.
        """
        return (clean_paragraphs if self.rule is rules.PARAGRAPHS else clean_line)(text)

    def deconstruct(self) -> Any:
        """Return Django's own field."""
        name, _, args, kwargs = super().deconstruct()
        kind = next(base for base in type(self).__mro__ if base.__module__.startswith("django.db.models"))
        return name, f"django.db.models.{kind.__name__}", args, kwargs

    def clean(self, value: Any, model_instance: models.Model | None) -> Any:
        """Return the text as it is stored; for forms and `full_clean`."""
        try:
            return super().clean(self.rule(value) if isinstance(value, str) else value, model_instance)
        except TextError as error:
            raise ValidationError(str(error), code="invalid") from error

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        """Return the text as it is stored.

        Raises:
            InvalidInputError: it can't be.
        """
        if isinstance(value, str):
            try:
                value = self.stored_form(value)
            except TextError as error:
                raise InvalidInputError(details={self.name: [Fault(str(error), error.code)]}) from error
        return super().get_db_prep_save(value, connection)

    def formfield(self, **options: Any) -> Any:
        """Return the form's field of the same rule."""
        return super().formfield(**{"form_class": self.form_field, **options})


class LineColumn(CleanedText, CharField):
    """One line of text."""

    rule = rules.LINE
    form_field = text_forms.LineField


class NameColumn(LineColumn):
    """Name of a person or thing."""

    rule = rules.NAME
    form_field = text_forms.NameField


class ParagraphsColumn(CleanedText, TextField):
    """Several lines of text."""

    rule = rules.PARAGRAPHS
    form_field = text_forms.ParagraphsField


class ShortParagraphsColumn(LineColumn):
    """Several lines of text in a column with a length."""

    rule = rules.PARAGRAPHS
    form_field = text_forms.ParagraphsField


class EmailColumn(CleanedText, DjangoEmailField):
    """An e-mail address in small letters; looked up in any spelling."""

    rule = rules.OPTIONAL_EMAIL
    form_field = text_forms.EmailField
    is_free = False

    def visible_form(self, text: str) -> str:
        """Return the cleaned address, in lower case."""
        return super().visible_form(text).lower()

    def get_prep_value(self, value: Any) -> Any:
        """Return an address to look up as it would be stored."""
        return super().get_prep_value(rules.spelled_email(value) if isinstance(value, str) else value)


class PhoneColumn(LineColumn):
    """A phone number."""

    rule = rules.OPTIONAL_PHONE
    form_field = text_forms.PhoneField
    is_free = False


class CountryColumn(LineColumn):
    """An ISO 3166-1 alpha-2 code."""

    rule = rules.OPTIONAL_COUNTRY
    form_field = text_forms.LineField
    is_free = False
