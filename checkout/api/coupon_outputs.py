"""Input and output of coupons over the API."""

from typing import Any

from rest_framework import serializers

from accounts.serializers import ShopBriefOutput
from checkout.models import CouponKind
from checkout.models.coupons import LONGEST_CODE
from kit.api.input import InputSerializer
from kit.api.lists import FeedOutput
from kit.text.serializers import LineField


class CodeInput(InputSerializer):
    """A coupon's code."""

    code = LineField(max_length=2 * LONGEST_CODE, help_text="In any case; blanks don't matter.")


class PublicCouponOutput(serializers.Serializer[Any]):
    """A coupon that is shown to everybody."""

    code = serializers.CharField()
    kind = serializers.ChoiceField(choices=CouponKind.choices)
    percent_bps = serializers.IntegerField(allow_null=True, help_text="1,000 is 10 %.")
    amount_minor = serializers.IntegerField(allow_null=True)
    currency = serializers.CharField(allow_blank=True, help_text="Of its amounts; empty: any.")
    minimum_minor = serializers.IntegerField(help_text="What has to be bought for it.")
    starts_at = serializers.DateTimeField(allow_null=True)
    ends_at = serializers.DateTimeField(allow_null=True)
    is_first_order = serializers.BooleanField()
    shop = ShopBriefOutput(allow_null=True, help_text="Null: all shops, or some that the market names.")
    label = serializers.CharField(help_text="What it gives, in words.")  # type: ignore[assignment]


class CouponFeedOutput(FeedOutput):
    """Some of the public coupons."""

    results = PublicCouponOutput(many=True)
