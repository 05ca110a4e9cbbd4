"""The forms of operators for commission rules, plans, and the acts on a rule."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.utils.translation import gettext, gettext_lazy

from catalogue.discovery.selectors.categories import category_tree
from checkout.coupons.forms import MOMENT, TYPED
from console.forms.actions import ReasonForm
from kit.errors import DomainError
from kit.money.amounts import parse_amount
from kit.templatetags.money import major
from kit.text.forms import LineField, NameField
from kit.text.numbers import parse_percentage, percentage
from payouts.commission.inputs import RuleInput
from payouts.commission.selectors import list_plans
from payouts.models import CommissionPlan, CommissionRule
from tenants.shops.selectors import shops_by_slug

AMOUNTS = {"fixed": "fixed_minor", "floor": "floor_minor", "cap": "cap_minor"}
# Fields of a refusal, where the form calls them something else.
FIELD_OF = {
    **{column: name for name, column in AMOUNTS.items()},
    "percent_bps": "percent",
    "category_id": "category",
    "plan_id": "plan",
    "product_id": "product",
}


def _amount(label: Any) -> LineField:
    return LineField(label=label, max_length=24, required=False, widget=forms.TextInput(attrs=TYPED))


class RuleForm(ReasonForm):
    """A rule, with the reason of what is done."""

    name = NameField(label=gettext_lazy("Name"), max_length=80, help_text=gettext_lazy("Shops read it."))
    slug = LineField(label=gettext_lazy("Shop"), max_length=50, required=False)
    plan = forms.ChoiceField(label=gettext_lazy("Plan"), required=False)
    category = forms.TypedChoiceField(label=gettext_lazy("Category"), required=False, coerce=int, empty_value=None)
    product = forms.UUIDField(label=gettext_lazy("Product"), required=False)
    percent = LineField(label=gettext_lazy("Percentage"), max_length=8, widget=forms.TextInput(attrs=TYPED))
    currency = forms.ChoiceField(label=gettext_lazy("Currency"), required=False)
    fixed = _amount(gettext_lazy("Fixed amount per unit"))
    floor = _amount(gettext_lazy("Minimum per unit"))
    cap = _amount(gettext_lazy("Maximum per unit"))
    starts_at = forms.DateTimeField(label=gettext_lazy("Applies from"), required=False, widget=MOMENT)
    ends_at = forms.DateTimeField(label=gettext_lazy("Ends"), required=False, widget=MOMENT)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tree = category_tree()
        paths = [(node.id, " › ".join(each.name for each in tree.path_to(node.id))) for node in tree.nodes]
        self._offer("category", [("", gettext("All goods")), *paths])
        self._offer("plan", [("", gettext("Any plan, or none")), *((str(plan.pk), plan.name) for plan in list_plans())])
        currencies = [(code, code) for code in sorted(settings.SHOP_CURRENCIES)]
        self._offer("currency", [("", gettext("Any, for a percentage alone")), *currencies])

    def _offer(self, name: str, choices: list[tuple[Any, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        """Read percentage, amounts, shop and plan."""
        data: dict[str, Any] = self.cleaned_data
        if data.get("percent"):
            data["percent_bps"] = parse_percentage(data["percent"])
            if data["percent_bps"] is None:
                self.add_error("percent", gettext("Give a percentage from 0 to 100, such as 10 or 7.5."))
        for name, column in AMOUNTS.items():
            data[column] = self._minor(name)
        data["shop_id"] = self._shop_id()
        return data

    def _minor(self, name: str) -> int | None:
        text, currency = self.cleaned_data.get(name), self.cleaned_data.get("currency")
        if not text:
            return None
        if not currency:
            self.add_error("currency", gettext("Choose the currency of the amounts."))
            return None
        try:
            return parse_amount(text, currency)
        except ValueError as error:
            self.add_error(name, str(error))
            return None

    def _shop_id(self) -> int | None:
        slug = self.cleaned_data.get("slug")
        if not slug:
            return None
        shop = shops_by_slug([slug]).get(slug)
        if shop is None:
            self.add_error("slug", gettext("There is no shop %(slug)s.") % {"slug": slug})
            return None
        return int(shop.pk)

    def to_input(self) -> RuleInput:
        """Return the rule."""
        data = self.cleaned_data
        return RuleInput(
            name=data["name"],
            shop_id=data["shop_id"],
            plan_id=UUID(data["plan"]) if data["plan"] else None,
            category_id=data["category"],
            product_id=data["product"],
            currency=data["currency"],
            percent_bps=data["percent_bps"],
            fixed_minor=data["fixed_minor"] or 0,
            floor_minor=data["floor_minor"],
            cap_minor=data["cap_minor"],
            starts_at=data["starts_at"],
            ends_at=data["ends_at"],
        )

    def add_refusal(self, error: DomainError) -> None:
        """Put a refusal beside the fields that it is about, or above the form."""
        details = error.details if isinstance(error.details, Mapping) else {}
        known = {FIELD_OF.get(name, name): texts for name, texts in details.items()}
        known = {name: texts for name, texts in known.items() if name in self.fields}
        for name, texts in known.items():
            self.add_error(name, " ".join(texts))
        if not known:
            self.add_error(None, error.message)

    def saved(self, initial: Mapping[str, Any]) -> dict[str, Any]:
        """Return values as the form shows them, to be compared with those that were entered."""
        shown = {name: self.fields[name].widget.format_value(initial[name]) or "" for name in ("starts_at", "ends_at")}
        return {**initial, **shown}

    @staticmethod
    def initial_of(rule: CommissionRule) -> dict[str, Any]:
        """Return the form's initial values."""
        return {
            "name": rule.name,
            "slug": rule.shop.slug if rule.shop else "",
            "plan": str(rule.plan_id or ""),
            "category": "" if rule.category_id is None else str(rule.category_id),
            "product": str(rule.product_id or ""),
            "percent": percentage(rule.percent_bps),
            "currency": rule.currency,
            "fixed": major(rule.fixed_minor) if rule.fixed_minor else "",
            "floor": major(rule.floor_minor),
            "cap": major(rule.cap_minor),
            "starts_at": rule.starts_at,
            "ends_at": rule.ends_at,
        }


class EndForm(ReasonForm):
    """The end of a rule, and why."""

    ends_at = forms.DateTimeField(label=gettext_lazy("Ends at"), required=False, widget=MOMENT)


class PlanForm(ReasonForm):
    """A new plan, and why."""

    name = NameField(label=gettext_lazy("Name"), max_length=80)
    field_order = ("name", "reason")


class ShopPlanForm(ReasonForm):
    """The plan of a shop, and why."""

    plan = forms.ChoiceField(label=gettext_lazy("Plan"), required=False)
    field_order = ("plan", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["plan"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", gettext("None")), *((str(plan.pk), plan.name) for plan in list_plans())]

    @property
    def plan_id(self) -> UUID | None:
        """Return the chosen plan."""
        return UUID(self.cleaned_data["plan"]) if self.cleaned_data["plan"] else None

    @staticmethod
    def initial_of(plan: CommissionPlan | None) -> dict[str, Any]:
        """Return the form's initial values."""
        return {"plan": str(plan.pk) if plan else ""}
