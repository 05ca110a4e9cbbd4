"""Automatic offers of a shop over the API."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext
from rest_framework import serializers

from catalogue.discovery.selectors.categories import category_tree
from checkout.models import AutomaticOffer, OfferKind
from checkout.models.offers import LONGEST_NAME
from checkout.offers.inputs import LARGEST_MINOR, MOST_NAMED, MOST_PIECES, MOST_TIERS, OfferInput
from checkout.offers.watching import OfferFigures
from checkout.pricing.terms.offers import Tier
from kit.api.input import InputSerializer
from kit.api.lists import PageOutput
from kit.api.moments import MomentField
from kit.text.serializers import LineField

SAME = "Of `buy_get`; left out with its counterpart: the same goods."


class TierData(InputSerializer):
    """A step of an offer, with a percentage or an amount."""

    least = serializers.IntegerField(
        min_value=1, max_value=LARGEST_MINOR, help_text="From what it counts: minor units of `spend`, else pieces."
    )
    percent_bps = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=10_000)
    amount_minor = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=LARGEST_MINOR)


class OfferData(InputSerializer):
    """An automatic offer to make; amounts are in minor units of the shop's currency."""

    name = LineField(max_length=LONGEST_NAME, help_text="As buyers read of it, such as Eid sale.")
    kind = serializers.ChoiceField(choices=OfferKind.choices)
    percent_bps = serializers.IntegerField(
        required=False,
        allow_null=True,
        min_value=1,
        max_value=10_000,
        help_text="Of `price_cut` and `buy_get`; 10,000 is free.",
    )
    buys = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=MOST_PIECES, help_text="Of `buy_get`."
    )
    gives = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=MOST_PIECES, help_text="Of `buy_get`."
    )
    tiers = serializers.ListField(
        child=TierData(), required=False, max_length=MOST_TIERS, help_text="Of `spend` and `quantity`, ascending."
    )
    products = serializers.ListField(
        child=serializers.UUIDField(), required=False, max_length=MOST_NAMED, help_text="Ids; a `price_cut` needs them."
    )
    categories = serializers.ListField(
        child=serializers.SlugField(), required=False, max_length=MOST_NAMED, help_text="Slugs, with all below them."
    )
    gives_products = serializers.ListField(
        child=serializers.UUIDField(), required=False, max_length=MOST_NAMED, help_text=SAME
    )
    gives_categories = serializers.ListField(
        child=serializers.SlugField(), required=False, max_length=MOST_NAMED, help_text=SAME
    )
    starts_at = MomentField(required=False, allow_null=True)
    ends_at = MomentField(required=False, allow_null=True)
    is_paused = serializers.BooleanField(required=False)

    def validate_kind(self, kind: str) -> OfferKind:
        """Return the kind."""
        return OfferKind(kind)

    def validate_tiers(self, tiers: list[dict[str, Any]]) -> tuple[Tier, ...]:
        """Return the steps."""
        return tuple(Tier(each["least"], each.get("percent_bps") or 0, each.get("amount_minor") or 0) for each in tiers)

    def validate_products(self, ids: list[UUID]) -> tuple[UUID, ...]:
        """Return the ids, each once."""
        return tuple(dict.fromkeys(ids))

    def validate_gives_products(self, ids: list[UUID]) -> tuple[UUID, ...]:
        """Return the ids, each once."""
        return tuple(dict.fromkeys(ids))

    def validate_categories(self, slugs: list[str]) -> tuple[int, ...]:
        """Turn the slugs into the categories' ids."""
        return _ids_of(slugs)

    def validate_gives_categories(self, slugs: list[str]) -> tuple[int, ...]:
        """Turn the slugs into the categories' ids."""
        return _ids_of(slugs)

    def to_input(self) -> OfferInput:
        """Return the offer."""
        return OfferInput(**self.validated_data)


class OfferPatch(OfferData):
    """Values of an offer that change."""


class TierOutput(serializers.Serializer[Any]):
    """A step of an offer."""

    least = serializers.IntegerField()
    percent_bps = serializers.IntegerField(allow_null=True)
    amount_minor = serializers.IntegerField(allow_null=True)


class OfferOutput(serializers.Serializer[Any]):
    """An automatic offer of the shop, and what it has brought."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=OfferKind.choices)
    percent_bps = serializers.IntegerField(allow_null=True)
    buys = serializers.IntegerField(allow_null=True)
    gives = serializers.IntegerField(allow_null=True)
    tiers = TierOutput(many=True)
    products = serializers.ListField(child=serializers.UUIDField())
    categories = serializers.SerializerMethodField()
    gives_products = serializers.ListField(child=serializers.UUIDField())
    gives_categories = serializers.SerializerMethodField()
    starts_at = serializers.DateTimeField(allow_null=True)
    ends_at = serializers.DateTimeField(allow_null=True)
    is_paused = serializers.BooleanField()
    used = serializers.SerializerMethodField(help_text="Parts of orders that were sold with it.")
    revenue_minor = serializers.SerializerMethodField(help_text="What was paid for them.")
    cost_minor = serializers.SerializerMethodField(help_text="What it has taken off them.")
    created_at = serializers.DateTimeField()

    def get_categories(self, offer: AutomaticOffer) -> list[str]:
        """Return the slugs of the categories that there still are."""
        return _slugs_of(offer.categories)

    def get_gives_categories(self, offer: AutomaticOffer) -> list[str]:
        """Return the slugs of the categories that there still are."""
        return _slugs_of(offer.gives_categories)

    def get_used(self, offer: AutomaticOffer) -> int:
        """Return the uses."""
        return self._figures(offer).uses

    def get_revenue_minor(self, offer: AutomaticOffer) -> int:
        """Return the revenue."""
        return self._figures(offer).revenue_minor

    def get_cost_minor(self, offer: AutomaticOffer) -> int:
        """Return the cost."""
        return self._figures(offer).cost_minor

    def _figures(self, offer: AutomaticOffer) -> OfferFigures:
        found: OfferFigures = self.context["figures"].get(offer.pk, OfferFigures())
        return found


class OfferPageOutput(PageOutput):
    """A page of the shop's automatic offers."""

    results = OfferOutput(many=True)


def _ids_of(slugs: list[str]) -> tuple[int, ...]:
    by_slug = category_tree().by_slug
    if any(slug not in by_slug for slug in slugs):
        raise serializers.ValidationError(gettext("One of these categories is unknown."), code="unknown_category")
    return tuple(by_slug[slug].id for slug in slugs)


def _slugs_of(category_ids: Iterable[Any]) -> list[str]:
    by_id = category_tree().by_id
    return [by_id[each].slug for each in category_ids if each in by_id]
