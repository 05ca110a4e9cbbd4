"""The form of a shop's automatic offer, and the basket that it is tried on."""

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from catalogue.discovery.selectors.categories import category_tree
from catalogue.selectors.products import first_skus, variants_by_sku
from checkout.coupons.named_goods import NamedGoodsForm
from checkout.models import AutomaticOffer, OfferKind
from checkout.models.offers import ALL_BPS, LONGEST_NAME
from checkout.offers.inputs import MOST_PIECES, OfferInput, tiers_of
from checkout.pricing.terms.offers import TIERED, Tier
from kit.errors import DomainError
from kit.money.amounts import parse_amount
from kit.templatetags.money import major
from kit.text.forms import LineField, ParagraphsField
from kit.text.numbers import parse_percentage, percentage
from tenants.models import Shop

MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
STEP = re.compile(r"\s*(?P<least>[^:=]+?)\s*[:=]\s*(?P<gift>.+?)\s*")
LINE = re.compile(r"\s*(?P<sku>\S+)(?:\s+(?P<quantity>[0-9]{1,3}))?\s*")
FIELD_OF = {"percent_bps": "percent", "products": "skus", "gives_products": "gives_skus"}


class OfferForm(NamedGoodsForm):
    """An automatic offer as its shop types it."""

    name = LineField(label=gettext_lazy("Name"), max_length=LONGEST_NAME)
    kind = forms.ChoiceField(label=gettext_lazy("Kind of offer"), choices=OfferKind.choices, widget=forms.RadioSelect)
    percent = LineField(label=gettext_lazy("Percentage off"), max_length=8, required=False)
    buys = forms.IntegerField(label=gettext_lazy("Pieces to buy"), required=False, min_value=1, max_value=MOST_PIECES)
    gives = forms.IntegerField(
        label=gettext_lazy("Free or discounted pieces"), required=False, min_value=1, max_value=MOST_PIECES
    )
    tiers = ParagraphsField(label=pgettext_lazy("offer", "Steps"), required=False, max_length=400, rows=3)
    skus = ParagraphsField(label=gettext_lazy("Only these products"), required=False, max_length=20_000, rows=3)
    categories = forms.TypedMultipleChoiceField(label=gettext_lazy("Only these categories"), coerce=int, required=False)
    gives_skus = ParagraphsField(
        label=gettext_lazy("Free or discounted products"), required=False, max_length=20_000, rows=3
    )
    starts_at = forms.DateTimeField(label=gettext_lazy("Applies from"), required=False, widget=MOMENT)
    ends_at = forms.DateTimeField(label=gettext_lazy("Ends"), required=False, widget=MOMENT)
    is_paused = forms.BooleanField(label=gettext_lazy("Paused: it gives no discount for now"), required=False)
    basket = ParagraphsField(label=gettext_lazy("Example basket"), required=False, max_length=2_000, rows=3)

    def __init__(self, *args: Any, shop: Shop, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shop = shop
        tree = category_tree()
        field = self.fields["categories"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = [(node.id, " › ".join(each.name for each in tree.path_to(node.id))) for node in tree.nodes]

    def clean_skus(self) -> tuple[UUID, ...]:
        """Return the products that the SKUs name."""
        return self._products("skus")

    def clean_gives_skus(self) -> tuple[UUID, ...]:
        """Return the products that the SKUs name."""
        return self._products("gives_skus")

    def clean_basket(self) -> dict[UUID, int]:
        """Return the quantity of each variant that the basket to try has."""
        wanted = [match for line in self.cleaned_data["basket"].splitlines() if (match := LINE.fullmatch(line))]
        found = variants_by_sku(shop=self.shop, skus=[match["sku"] for match in wanted]) if wanted else {}
        if unknown := [match["sku"] for match in wanted if match["sku"] not in found]:
            raise forms.ValidationError(gettext("No product of yours has the SKU %(sku)s.") % {"sku": unknown[0]})
        return {found[match["sku"]].pk: max(int(match["quantity"] or 1), 1) for match in wanted}

    def clean(self) -> dict[str, Any]:
        """Read the percentage and the steps of the kind that was chosen."""
        data: dict[str, Any] = self.cleaned_data
        kind = data.get("kind")
        data["percent_bps"] = None if kind in TIERED else self._bps(str(data.get("percent") or ""), "percent")
        data["steps"] = self._steps(kind) if kind in TIERED else ()
        for name in ("buys", "gives"):
            data[name] = data.get(name) if kind == OfferKind.BUY_GET else None
        self.refuse_widening("products", "categories", named=[*data.get("skus", ()), *data.get("categories", ())])
        if kind == OfferKind.BUY_GET:
            given = [*data.get("gives_skus", ()), *self.initial.get("gives_categories", ())]
            self.refuse_widening("gives_products", "gives_categories", named=given)
        return data

    def to_input(self) -> OfferInput:
        """Return the offer; categories of given goods are set over the API alone, and stay as they were."""
        data = self.cleaned_data
        names = ("name", "percent_bps", "buys", "gives", "starts_at", "ends_at", "is_paused")
        is_given = data["kind"] == OfferKind.BUY_GET
        return OfferInput(
            kind=OfferKind(data["kind"]),
            tiers=data["steps"],
            products=(*data["skus"], *self.kept_of("products")),
            categories=(*data["categories"], *self.kept_of("categories")),
            gives_products=(*data["gives_skus"], *self.kept_of("gives_products")) if is_given else (),
            gives_categories=(
                (*self.initial.get("gives_categories", ()), *self.kept_of("gives_categories")) if is_given else ()
            ),
            **{name: data[name] for name in names},
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
        return {**{name: value for name, value in initial.items() if name in self.fields}, **shown}

    def _products(self, name: str) -> tuple[UUID, ...]:
        skus = self.cleaned_data[name].split()
        found = variants_by_sku(shop=self.shop, skus=skus) if skus else {}
        if unknown := [sku for sku in skus if sku not in found]:
            raise forms.ValidationError(gettext("No product of yours has the SKU %(sku)s.") % {"sku": unknown[0]})
        return tuple(dict.fromkeys(found[sku].product_id for sku in skus))

    def _bps(self, typed: str, field: str) -> int | None:
        bps = parse_percentage(typed)
        if bps is None or not 0 < bps <= ALL_BPS:
            self.add_error(field, gettext("Give a percentage above 0 and up to 100, such as 10 or 7.5."))
            return None
        return bps

    def _steps(self, kind: str | None) -> tuple[Tier, ...]:
        lines = [line for line in str(self.cleaned_data.get("tiers") or "").splitlines() if line.strip()]
        try:
            return tuple(self._step(line, kind) for line in lines)
        except ValueError as error:
            self.add_error("tiers", str(error))
            return ()

    def _step(self, line: str, kind: str | None) -> Tier:
        match = STEP.fullmatch(line)
        if match is None:
            raise ValueError(gettext("Write each step on a line of its own, such as 10,000: 5% or 20,000: 1,500."))
        is_spend = kind == OfferKind.SPEND
        least = parse_amount(match["least"], self.shop.currency) if is_spend else _count(match["least"])
        if match["gift"].endswith("%"):
            return Tier(least, percent_bps=self._bps(match["gift"], "tiers") or 0)
        return Tier(least, amount_minor=parse_amount(match["gift"], self.shop.currency))

    @classmethod
    def initial_of(cls, offer: AutomaticOffer, shop: Shop) -> dict[str, Any]:
        """Return the form's initial values."""
        same = ("name", "kind", "buys", "gives", "starts_at", "ends_at", "is_paused")
        tree = category_tree().by_id
        ids = {name: [UUID(str(each)) for each in getattr(offer, name)] for name in ("products", "gives_products")}
        roots = {name: list(getattr(offer, name)) for name in ("categories", "gives_categories")}
        skus = {name: first_skus(shop=shop, product_ids=named) for name, named in ids.items()}
        return {
            **{name: getattr(offer, name) for name in same},
            "percent": percentage(offer.percent_bps) if offer.percent_bps else "",
            "tiers": "\n".join(_shown(each, is_spend=offer.kind == OfferKind.SPEND) for each in tiers_of(offer)),
            "skus": "\n".join(sorted(skus["products"].values())),
            "gives_skus": "\n".join(sorted(skus["gives_products"].values())),
            **{name: [each for each in named if each in tree] for name, named in roots.items()},
            "gone": {
                **{name: tuple(each for each in named if each not in skus[name]) for name, named in ids.items()},
                **{name: tuple(each for each in named if each not in tree) for name, named in roots.items()},
            },
        }


def _count(text: str) -> int:
    if not text.isdecimal() or len(text) > len("9999"):
        raise ValueError(gettext("Give the number of pieces from which a step counts, such as 3: 10%."))
    return int(text)


def _shown(tier: Tier, *, is_spend: bool) -> str:
    least = major(tier.least) if is_spend else str(tier.least)
    return f"{least}: {percentage(tier.percent_bps)}%" if tier.percent_bps else f"{least}: {major(tier.amount_minor)}"
