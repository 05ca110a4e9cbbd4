"""Coupons of a shop over the API."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext
from rest_framework import serializers

from catalogue.discovery.selectors.categories import category_tree
from checkout.coupons.inputs import LARGEST_MINOR, MOST_NAMED, CouponInput
from checkout.coupons.watching import CouponFigures
from checkout.models import Coupon, CouponKind
from checkout.models.coupons import CODE_PATTERN, LONGEST_CODE
from checkout.pricing.coupons.facts import clean_code
from kit.api.input import InputSerializer
from kit.api.lists import PageOutput
from kit.api.moments import MomentField
from kit.text.serializers import LineField


class CouponCodeField(LineField):
    """A code to make; the call judges it."""

    def full_pattern(self) -> str:
        """Return the pattern of codes in either case."""
        return CODE_PATTERN.replace("A-Z", "A-Za-z")


class CouponData(InputSerializer):
    """A coupon to make; amounts are in minor units of the shop's currency."""

    code = CouponCodeField(max_length=2 * LONGEST_CODE, help_text="3 to 32 letters, digits, - or _; any case.")
    kind = serializers.ChoiceField(choices=CouponKind.choices)
    percent_bps = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=10_000, help_text="Of `percent`: 1,000 is 10 %."
    )
    amount_minor = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=LARGEST_MINOR, help_text="Of `fixed`."
    )
    minimum_minor = serializers.IntegerField(
        required=False,
        min_value=0,
        max_value=LARGEST_MINOR,
        help_text="What has to be bought of the goods that it is for.",
    )
    starts_at = MomentField(required=False, allow_null=True)
    ends_at = MomentField(required=False, allow_null=True)
    uses_total = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=1_000_000)
    uses_per_buyer = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=1_000_000)
    is_first_order = serializers.BooleanField(required=False, help_text="For a buyer's first order at the shop alone.")
    is_public = serializers.BooleanField(required=False, help_text="Whether it is shown to everybody.")
    is_paused = serializers.BooleanField(required=False)
    products = serializers.ListField(
        child=serializers.UUIDField(), required=False, max_length=MOST_NAMED, help_text="Ids; left out: all."
    )
    categories = serializers.ListField(
        child=serializers.SlugField(),
        required=False,
        max_length=MOST_NAMED,
        help_text="Slugs, with all below them; left out: all.",
    )

    def validate_code(self, code: str) -> str:
        """Return the code as it is stored."""
        return clean_code(code)

    def validate_categories(self, slugs: list[str]) -> tuple[int, ...]:
        """Turn the slugs into the categories' ids."""
        by_slug = category_tree().by_slug
        if any(slug not in by_slug for slug in slugs):
            raise serializers.ValidationError(gettext("One of these categories is unknown."), code="unknown_category")
        return tuple(by_slug[slug].id for slug in slugs)

    def validate_products(self, ids: list[UUID]) -> tuple[UUID, ...]:
        """Return the ids, each once."""
        return tuple(dict.fromkeys(ids))

    def validate_kind(self, kind: str) -> CouponKind:
        """Return the kind."""
        return CouponKind(kind)

    def to_input(self) -> CouponInput:
        """Return the coupon."""
        return CouponInput(**self.validated_data)


class CouponPatch(CouponData):
    """Values of a coupon that change."""


class CouponOutput(serializers.Serializer[Any]):
    """A coupon of the shop, and what it has brought."""

    id = serializers.UUIDField()
    code = serializers.CharField()
    kind = serializers.ChoiceField(choices=CouponKind.choices)
    percent_bps = serializers.IntegerField(allow_null=True)
    amount_minor = serializers.IntegerField(allow_null=True)
    currency = serializers.CharField()
    minimum_minor = serializers.IntegerField()
    starts_at = serializers.DateTimeField(allow_null=True)
    ends_at = serializers.DateTimeField(allow_null=True)
    uses_total = serializers.IntegerField(allow_null=True)
    uses_per_buyer = serializers.IntegerField(allow_null=True)
    is_first_order = serializers.BooleanField()
    is_public = serializers.BooleanField()
    is_paused = serializers.BooleanField()
    products = serializers.ListField(child=serializers.UUIDField())
    categories = serializers.SerializerMethodField()
    batch_id = serializers.UUIDField(allow_null=True, help_text="Of codes that were made together.")
    used = serializers.SerializerMethodField(help_text="Uses of orders that have not ended unpaid.")
    revenue_minor = serializers.SerializerMethodField(help_text="What was paid for the shop's parts of these orders.")
    cost_minor = serializers.SerializerMethodField(help_text="What it has taken off them.")
    created_at = serializers.DateTimeField()

    def get_categories(self, coupon: Coupon) -> list[str]:
        """Return the slugs of the categories that there still are."""
        by_id = category_tree().by_id
        return [by_id[each].slug for each in coupon.categories if each in by_id]

    def get_used(self, coupon: Coupon) -> int:
        """Return the uses; those of all codes of a batch."""
        return self._figures(coupon).uses

    def get_revenue_minor(self, coupon: Coupon) -> int:
        """Return the revenue."""
        return self._figures(coupon).revenue_minor

    def get_cost_minor(self, coupon: Coupon) -> int:
        """Return the cost."""
        return self._figures(coupon).cost_minor

    def _figures(self, coupon: Coupon) -> CouponFigures:
        found: list[CouponFigures] = self.context["figures"].get(coupon.pk, [])
        return found[0] if found else CouponFigures()


class CouponPageOutput(PageOutput):
    """A page of the shop's coupons."""

    results = CouponOutput(many=True)
