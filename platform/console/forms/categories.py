"""Forms of operators for categories."""

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from catalogue.discovery.models import Category
from catalogue.discovery.selectors.categories import CategoryTree
from catalogue.discovery.services.categories import MAX_NAME, MAX_POSITION
from console.forms.actions import ReasonForm
from kit.errors import DomainError
from kit.text.forms import NameField


def tree_choices(tree: CategoryTree, *, without: int | None = None) -> list[tuple[int, str]]:
    """Return the categories, each below its parent and moved in; without one and all that is below it."""
    choices: list[tuple[int, str]] = []

    def walk(parent_id: int | None, depth: int) -> None:
        for node in tree.children_of(parent_id):
            if node.id != without:
                choices.append((node.id, "\u2003" * depth + node.name))
                walk(node.id, depth + 1)

    walk(None, 0)
    return choices


class CategoryForm(ReasonForm):
    """A category's name and place."""

    name = NameField(label=gettext_lazy("Name"), max_length=MAX_NAME)
    parent_id = forms.TypedChoiceField(label=gettext_lazy("Below"), coerce=int, empty_value=None, required=False)
    position = forms.IntegerField(
        label=gettext_lazy("Place in the order"),
        min_value=0,
        max_value=MAX_POSITION,
        initial=0,
        help_text=gettext_lazy(
            "Of those with the same parent the lowest comes first; those with the same number go by name."
        ),
    )
    field_order = ("name", "parent_id", "position", "reason")

    def __init__(self, *args: Any, tree: CategoryTree, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parent = self.fields["parent_id"]
        assert isinstance(parent, forms.TypedChoiceField)
        parent.choices = [("", gettext("Nothing: at the top")), *tree_choices(tree)]

    def values(self) -> dict[str, Any]:
        """Return the service's arguments."""
        said = self.cleaned_data
        return {
            "name": said["name"],
            "parent_id": said["parent_id"],
            "position": said["position"],
            "reason": said["reason"],
        }

    @staticmethod
    def initial_from(category: Category) -> dict[str, Any]:
        """Return the form's initial values."""
        return {"name": category.name, "parent_id": category.parent_id, "position": category.position}

    def add_refusal(self, error: DomainError) -> None:
        """Put a refusal beside the field that it is about, or above the form."""
        details = error.details if isinstance(error.details, dict) else {}
        known = {name: texts for name, texts in details.items() if name in self.fields}
        for name, texts in known.items():
            self.add_error(name, " ".join(texts))
        if not known:
            self.add_error(None, error.message)


class RemovalForm(ReasonForm):
    """The category that receives a removed category's products."""

    into_id = forms.TypedChoiceField(
        label=gettext_lazy("Its products go to"), coerce=int, empty_value=None, required=False
    )
    field_order = ("into_id", "reason")

    def __init__(self, *args: Any, tree: CategoryTree, category_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        into = self.fields["into_id"]
        assert isinstance(into, forms.TypedChoiceField)
        into.choices = [("", gettext("No category: delete it")), *tree_choices(tree, without=category_id)]

    def values(self) -> dict[str, Any]:
        """Return the service's arguments."""
        return {"into_id": self.cleaned_data["into_id"], "reason": self.cleaned_data["reason"]}
