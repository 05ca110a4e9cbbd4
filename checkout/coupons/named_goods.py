"""Goods that a form names, some of which may be gone: these stay named until they are taken out on purpose."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy, ngettext


class NamedGoodsForm(forms.Form):
    """A form with products and categories; its initial `gone` holds ids of deleted ones, by the name of their list."""

    drops_gone = forms.BooleanField(label=gettext_lazy("Remove what no longer exists"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.gone: dict[str, tuple[Any, ...]] = self.initial.get("gone", {})
        if any(self.gone.values()):
            self.fields["drops_gone"].help_text = " ".join(self._gone_sentences())
        else:
            del self.fields["drops_gone"]

    def kept_of(self, name: str) -> tuple[Any, ...]:
        """Return the ids of a list that are gone and stay named: an empty list would stand for all goods."""
        return () if self.cleaned_data.get("drops_gone") else self.gone.get(name, ())

    def refuse_widening(self, *names: str, named: Collection[Any]) -> None:
        """Refuse to take out what is gone where nothing else is named."""
        if self.cleaned_data.get("drops_gone") and not named and any(self.gone.get(name) for name in names):
            text = gettext(
                "Nothing else is chosen, so it would apply to more goods. Choose a product or a category too."
            )
            self.add_error("drops_gone", text)

    def _gone_sentences(self) -> list[str]:
        products, categories = (
            sum(len(ids) for name, ids in self.gone.items() if name.endswith(kind))
            for kind in ("products", "categories")
        )
        texts = []
        if products:
            text = ngettext(
                "%(count)s product chosen here no longer exists.",
                "%(count)s products chosen here no longer exist.",
                products,
            )
            texts.append(text % {"count": products})
        if categories:
            text = ngettext(
                "%(count)s category chosen here no longer exists.",
                "%(count)s categories chosen here no longer exist.",
                categories,
            )
            texts.append(text % {"count": categories})
        return texts
