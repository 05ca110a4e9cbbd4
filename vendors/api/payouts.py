"""Payouts to the shop's bank account, over the API."""

from typing import ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import signed_in_user
from kit.api.envelope import located
from kit.api.idempotent import takes_key
from kit.api.input import FeedQuery, query_of
from kit.api.lists import feed_body, feed_place
from kit.api.openapi import INVALID
from kit.api.refusals import answer, refusals, sent
from kit.api.validation import checked
from kit.db.keyset import read_slice
from payouts.capabilities import REQUEST_PAYOUT, VIEW_BALANCE
from payouts.models import PayoutStatus
from payouts.runs.errors import (
    AccountCoolsOffError,
    BelowMinimumError,
    NoPayableAccountError,
    NotOnRequestError,
    NoTransfersError,
    PayoutAmountChangedError,
    PayoutOpenError,
    PayoutsHeldError,
)
from payouts.runs.request import quote_payout, request_payout
from payouts.selectors.payouts import payouts_of_shop
from vendors.access import StaffApi, shop_of
from vendors.api import payout_examples as examples
from vendors.serializers.payouts import PayoutFeedOutput, PayoutOutput, PayoutQuoteOutput, PayoutRequestInput

TAGS = ["Balance"]
HELD_NOW = (PayoutsHeldError, NoPayableAccountError, AccountCoolsOffError, NoTransfersError)


class ShopPayoutsQuery(FeedQuery):
    """Filter of payouts."""

    status = serializers.ChoiceField(required=False, default="", choices=PayoutStatus.choices)


class PayoutListApi(StaffApi):
    """Payouts to the shop."""

    query_class = ShopPayoutsQuery
    capabilities: ClassVar = {"GET": VIEW_BALANCE, "POST": REQUEST_PAYOUT}

    @extend_schema(
        operation_id="payouts_list",
        summary="List your payouts",
        tags=TAGS,
        responses={200: PayoutFeedOutput, 400: INVALID},
        examples=[answer("Some of them", {"next": None, "previous": None, "results": [examples.PAYOUT]})],
    )
    def get(self, request: Request) -> Response:
        """Return the payouts, the newest first: the amount, the account, and how far each is."""
        payouts = payouts_of_shop(shop_id=shop_of(request).pk, status=query_of(request)["status"])
        found = read_slice(payouts, **feed_place(request))
        return Response(feed_body(request, found, results=PayoutOutput(found.rows, many=True).data))

    @takes_key()
    @extend_schema(
        operation_id="payout_create",
        summary="Request a payout",
        tags=TAGS,
        request=PayoutRequestInput,
        responses={
            201: PayoutOutput,
            400: INVALID,
            **refusals(NotOnRequestError, BelowMinimumError, PayoutOpenError, PayoutAmountChangedError, *HELD_NOW),
        },
        examples=[
            sent("What was quoted", {"amount_minor": examples.PAYOUT["amount_minor"]}),
            answer("It is set aside", examples.REQUESTED_PAYOUT, status=201),
        ],
    )
    def post(self, request: Request) -> Response:
        """Have all that is available to you sent to your bank account, less what you owe and the cost of asking.

        Only where your schedule is `on_request`, and one at a time. `GET payouts/quote/` tells the amounts before.
        """
        asked = checked(PayoutRequestInput, request.data)
        payout = request_payout(
            shop=shop_of(request),
            actor_id=signed_in_user(request).pk,
            amount_minor=asked["amount_minor"],
            now=timezone.now(),
        )
        headers = located(f"{request.path}{payout.pk}/statement/")
        return Response(PayoutOutput(payout).data, status=201, headers=headers)


class PayoutQuoteApi(StaffApi):
    """The payout that may be asked for now."""

    capabilities: ClassVar = {"GET": VIEW_BALANCE}

    @extend_schema(
        operation_id="payout_quote_read",
        summary="Read what a payout on request would bring",
        tags=TAGS,
        responses=PayoutQuoteOutput,
        examples=[answer("It is possible", examples.PAYOUT_QUOTE)],
    )
    def get(self, request: Request) -> Response:
        """Return the amount that would be sent if you asked now, its cost, and the reason where it is not possible."""
        quote = quote_payout(shop=shop_of(request), now=timezone.now())
        return Response(PayoutQuoteOutput(quote).data)
