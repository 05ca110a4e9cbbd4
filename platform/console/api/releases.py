"""A shop's balance, its terms of release, and the release of its orders' money over the operators' API."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import signed_in_user
from checkout.orders.shop_orders import get_sub_order
from console.access import OperatorApi
from console.api.payouts import TAGS
from console.forms.actions import REASON_LENGTH
from console.services import releases as services
from kit.api.idempotent import takes_key
from kit.api.input import InputSerializer, query_of
from kit.api.lists import feed_body, feed_place
from kit.api.openapi import INVALID
from kit.api.refusals import CHANGED_MEANWHILE, answer, refusals, sent
from kit.api.validation import checked
from kit.db.keyset import read_slice
from kit.errors import NotFoundError
from kit.text.serializers import LineField
from kit.web.versions import IF_MATCH, entity_tag, sent_tags, telling_the_current
from payouts.api.balances import BALANCE, BalanceOutput, shown_balance
from payouts.api.releases import RELEASE, ReleaseFeedOutput, ReleaseOutput, ReleasesQuery
from payouts.errors import AlreadyHeldError, AlreadyReleasedError, NotDeliveredError, NotHeldError
from payouts.release.terms import MOST_HOLD_DAYS, MOST_RESERVE_DAYS, OwnTerms, market_terms, own_terms
from payouts.selectors.releases import describe_releases, release_of, schedules_of_shop
from tenants.errors import ShopNotFoundError
from tenants.models import Shop
from tenants.shops.selectors import get_shop_by_slug

TERMS: dict[str, Any] = {
    "hold_days": 14,
    "reserve_bps": 1_000,
    "reserve_days": None,
    "market": {"hold_days": 7, "reserve_bps": 0, "reserve_days": 90},
}
SENT_TERMS = {"hold_days": 14, "reserve_bps": 1_000, "reserve_days": None, "reason": "Many returns last month."}
WHY = sent("Why", {"reason": "The carrier knows no such parcel."})
BY_HAND = {"reason": "operator", "note": "The carrier knows no such parcel.", "lapses_at": None}
HELD = RELEASE | {"holds": [BY_HAND | {"opened_at": "2025-11-22T09:10:00.000Z"}]}
FREE = RELEASE | {"state": "waiting", "holds": []}
Act = Callable[..., None]


class ReleaseTermsInput(InputSerializer):
    """Terms of a shop's own, and why they are changed; null: the market's."""

    hold_days = serializers.IntegerField(
        allow_null=True, min_value=0, max_value=MOST_HOLD_DAYS, help_text="Between delivery and release."
    )
    reserve_bps = serializers.IntegerField(
        allow_null=True, min_value=0, max_value=10_000, help_text="1000 keeps 10 % of what is released."
    )
    reserve_days = serializers.IntegerField(
        allow_null=True, min_value=1, max_value=MOST_RESERVE_DAYS, help_text="For which it is kept."
    )
    reason = LineField(min_length=REASON_LENGTH[0], max_length=300)

    def terms(self) -> OwnTerms:
        """Return the terms that were sent."""
        data = self.validated_data
        return OwnTerms(data["hold_days"], data["reserve_bps"], data["reserve_days"])


class MarketTermsOutput(serializers.Serializer[Any]):
    """Terms of all shops; a new shop's days may be more, and some categories have days of their own."""

    hold_days = serializers.IntegerField()
    reserve_bps = serializers.IntegerField()
    reserve_days = serializers.IntegerField()


class ReleaseTermsOutput(serializers.Serializer[Any]):
    """Terms of a shop."""

    hold_days = serializers.IntegerField(allow_null=True, help_text="The shop's own; null: the market's.")
    reserve_bps = serializers.IntegerField(allow_null=True, help_text="Likewise.")
    reserve_days = serializers.IntegerField(allow_null=True, help_text="Likewise.")
    market = serializers.SerializerMethodField()

    @extend_schema_field(MarketTermsOutput())
    def get_market(self, _own: OwnTerms) -> Any:
        """Return the terms of shops that have none of their own."""
        return MarketTermsOutput(market_terms()).data


class OrderMoneyInput(InputSerializer):
    """The reason of an act; of a hold the shop reads it."""

    reason = LineField(min_length=REASON_LENGTH[0], max_length=300)


class OperatorShopBalanceApi(OperatorApi):
    """A shop's balance."""

    @extend_schema(
        operation_id="operator_balance_read",
        summary="Read a shop's balance",
        tags=TAGS,
        responses={200: BalanceOutput, **refusals(ShopNotFoundError)},
        examples=[answer("The balance", BALANCE)],
    )
    def get(self, _request: Request, slug: str) -> Response:
        """Return the shop's balances, and the days on which pending money of delivered orders is released."""
        return Response(shown_balance(get_shop_by_slug(slug)))


class OperatorReleaseTermsApi(OperatorApi):
    """A shop's terms of release."""

    @extend_schema(
        operation_id="operator_release_terms_read",
        summary="Read a shop's terms of release",
        tags=TAGS,
        responses={200: ReleaseTermsOutput, **refusals(ShopNotFoundError)},
        examples=[answer("A shop with its own", TERMS)],
    )
    def get(self, _request: Request, slug: str) -> Response:
        """Return the shop's own days and reserve, and those of the market."""
        return _answer_terms(get_shop_by_slug(slug))

    @extend_schema(
        operation_id="operator_release_terms_set",
        summary="Set a shop's terms of release",
        tags=TAGS,
        request=ReleaseTermsInput,
        parameters=[IF_MATCH],
        responses={200: ReleaseTermsOutput, 400: INVALID, 412: CHANGED_MEANWHILE, **refusals(ShopNotFoundError)},
        examples=[sent("Two weeks, and a tenth as reserve", SENT_TERMS), answer("A shop with its own", TERMS)],
    )
    def put(self, request: Request, slug: str) -> Response:
        """Set a shop's days and reserve, from now on: of what is delivered, and of what is released."""
        data = ReleaseTermsInput(data=request.data)
        data.is_valid(raise_exception=True)
        shop = get_shop_by_slug(slug)
        with telling_the_current(lambda: _shown_terms(shop)):
            services.change_release_terms(
                shop=shop,
                own=data.terms(),
                actor_id=signed_in_user(request).pk,
                reason=data.validated_data["reason"],
                now=timezone.now(),
                seen=sent_tags(request),
            )
        return _answer_terms(shop)


class OperatorReleaseListApi(OperatorApi):
    """Releases of a shop's orders."""

    query_class = ReleasesQuery

    @extend_schema(
        operation_id="operator_releases_list",
        summary="List when the money of a shop's orders is released",
        tags=TAGS,
        responses={200: ReleaseFeedOutput, 400: INVALID, **refusals(ShopNotFoundError)},
        examples=[answer("Some of them", {"next": None, "previous": None, "results": [RELEASE]})],
    )
    def get(self, request: Request, slug: str) -> Response:
        """Return the delivered orders, the newest first: when each is available, or what holds it."""
        shop = get_shop_by_slug(slug)
        schedules = schedules_of_shop(shop_id=shop.pk, state=query_of(request)["state"])
        found = read_slice(schedules, **feed_place(request))
        results = ReleaseOutput(describe_releases(found.rows), many=True).data
        return Response(feed_body(request, found, results=results))


class OperatorReleaseHoldApi(OperatorApi):
    """Hold of an order's money."""

    @takes_key()
    @extend_schema(
        operation_id="operator_release_hold",
        summary="Hold the money of an order",
        tags=TAGS,
        request=OrderMoneyInput,
        responses={
            200: ReleaseOutput,
            400: INVALID,
            **refusals(ShopNotFoundError, NotFoundError, AlreadyReleasedError, AlreadyHeldError),
        },
        examples=[WHY, answer("It is held", HELD)],
    )
    def post(self, request: Request, slug: str, number: str) -> Response:
        """Keep the money of a shop's part of an order pending, until an operator ends the hold."""
        return _act(request, slug, number, services.hold_order_money)


class OperatorReleaseEndHoldApi(OperatorApi):
    """End of an operator's hold."""

    @takes_key()
    @extend_schema(
        operation_id="operator_release_end_hold",
        summary="End the hold of an order's money",
        tags=TAGS,
        request=OrderMoneyInput,
        responses={200: ReleaseOutput, 400: INVALID, **refusals(ShopNotFoundError, NotFoundError, NotHeldError)},
        examples=[WHY, answer("Its day is waited for", FREE)],
    )
    def post(self, request: Request, slug: str, number: str) -> Response:
        """End an operator's hold; what else holds the money still does."""
        return _act(request, slug, number, services.end_order_hold)


class OperatorReleaseEarlyApi(OperatorApi):
    """Early release of an order's money."""

    @takes_key()
    @extend_schema(
        operation_id="operator_release_early",
        summary="Release the money of an order early",
        tags=TAGS,
        request=OrderMoneyInput,
        responses={
            200: ReleaseOutput,
            400: INVALID,
            **refusals(ShopNotFoundError, NotFoundError, AlreadyReleasedError, NotDeliveredError),
        },
        examples=[WHY, answer("It is due", FREE | {"due_at": "2025-11-22T09:10:00.000Z"})],
    )
    def post(self, request: Request, slug: str, number: str) -> Response:
        """Have the money released with the next round, before its day; open holds hold it still."""
        return _act(request, slug, number, services.release_order_early)


def _act(request: Request, slug: str, number: str, act: Act) -> Response:
    reason = checked(OrderMoneyInput, request.data)["reason"]
    shop = get_shop_by_slug(slug)
    act(shop=shop, number=number, actor_id=signed_in_user(request).pk, reason=reason, now=timezone.now())
    part = get_sub_order(shop_id=shop.pk, number=number)
    return Response(ReleaseOutput(release_of(shop_id=shop.pk, sub_order_id=part.pk)).data)


def _answer_terms(shop: Shop) -> Response:
    return Response(_shown_terms(shop), headers={"ETag": entity_tag(own_terms(shop_id=shop.pk).version)})


def _shown_terms(shop: Shop) -> Any:
    return ReleaseTermsOutput(own_terms(shop_id=shop.pk)).data
