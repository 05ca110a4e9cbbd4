"""Fields of forms that clean what is typed before they judge it."""

from collections.abc import Collection, Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy

from kit.text import rules
from kit.text.characters import TextError
from kit.text.cross_field_rules import Together, judged_together
from kit.text.rules import TextRule
from kit.text.web_addresses import LONGEST as LONGEST_ADDRESS
from kit.text.web_addresses import WEB_ADDRESS


class LineField(forms.CharField):
    """One line of text."""

    rule: ClassVar[TextRule] = rules.LINE

    def to_python(self, value: Any) -> Any:
        """Return the text as it is stored; required, length and patterns are judged afterwards."""
        text = super().to_python(value)
        if not text:
            return text
        try:
            return self.rule(text) or self.empty_value
        except TextError as error:
            raise forms.ValidationError(str(error), code="invalid") from error


class NameField(LineField):
    """Name of a person or thing."""

    rule = rules.NAME


class ParagraphsField(LineField):
    """Several lines of text."""

    widget = forms.Textarea
    rule = rules.PARAGRAPHS

    def __init__(self, *, rows: int = 3, **options: Any) -> None:
        super().__init__(**{"widget": forms.Textarea(attrs={"rows": rows}), **options})


class EmailField(LineField):
    """An e-mail address, in small letters."""

    widget = forms.EmailInput
    rule = rules.OPTIONAL_EMAIL

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": rules.LONGEST_EMAIL, **options})

    def to_python(self, value: Any) -> Any:
        """Return the address; an invalid one is refused with the form's own text, if it has one."""
        try:
            return super().to_python(value)
        except forms.ValidationError as error:
            raise forms.ValidationError(self.error_messages.get("invalid", rules.EMAIL_ERROR), "invalid") from error


class WebAddressField(LineField):
    """Address of a page elsewhere, over https."""

    widget = forms.URLInput
    rule = WEB_ADDRESS

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": LONGEST_ADDRESS, **options})


class PhoneField(LineField):
    """A phone number in any usual spelling."""

    rule = rules.OPTIONAL_PHONE

    def __init__(self, *, autocomplete: str = "tel", **options: Any) -> None:
        widget = forms.TextInput(attrs={"type": "tel", "autocomplete": autocomplete})
        super().__init__(
            **{"max_length": rules.LONGEST_PHONE, "label": gettext_lazy("Phone"), "widget": widget, **options}
        )


class SecretField(forms.CharField):
    """A password or a key, taken as it was typed: never shown to anybody and never stored."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"strip": False, "max_length": 128, **options})


class JudgedTogether(forms.BaseForm):
    """Base of forms some of whose texts are judged by others beside them; comes before Django's own class."""

    together: ClassVar[Collection[Together]] = ()
    kept: Mapping[str, object] | None = None

    def clean(self) -> Any:
        """Judge the texts that the fields have taken; those that stay as they are `kept` are not judged again."""
        sent: dict[str, Any] = super().clean() or self.cleaned_data
        stored, faults = judged_together(self.together, sent, but=self.kept)
        for name, messages in faults.items():
            self.add_error(name, forms.ValidationError(messages[0], code="invalid"))
        return sent | stored
