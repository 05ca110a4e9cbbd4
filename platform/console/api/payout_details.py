"""The next run before it is made, one run, and one payout over the operators' API."""

from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from console.access import OperatorApi
from console.api import payout_detail_outputs as outputs
from console.api import payout_examples as examples
from console.selectors.payout_acts import facts_of_payout
from kit.api.input import FeedQuery, query_of
from kit.api.lists import feed_body, feed_place
from kit.api.openapi import INVALID
from kit.api.refusals import answer, refusals
from kit.errors import NotFoundError
from kit.text.serializers import LineField
from payouts.runs.preview import read_preview
from payouts.selectors.payouts import get_payout, get_run
from tenants.errors import ShopNotFoundError
from tenants.shops.selectors import get_shop_by_slug

TAGS = ["Operators: payouts"]


class PreviewQuery(FeedQuery):
    """Shops of a preview."""

    slug = LineField(max_length=50, required=False, default="", help_text="This shop alone, by its address; else all.")


class OperatorPayoutPreviewApi(OperatorApi):
    """The next run, before it is made."""

    query_class = PreviewQuery

    @extend_schema(
        operation_id="operator_payout_preview_list",
        summary="See what a run would pay",
        tags=TAGS,
        responses={200: outputs.PayoutPreviewFeedOutput, 400: INVALID, **refusals(ShopNotFoundError)},
        examples=[answer("Some shops", {"next": None, "previous": None, "results": examples.PREVIEW})],
    )
    def get(self, request: Request) -> Response:
        """Return the shops with money available, each with its payout or why it gets none; nothing is written.

        One shop (`slug`) is included regardless of its schedule, as `POST operator/payout-runs/` with it is.
        """
        slug = query_of(request)["slug"]
        shop_id = get_shop_by_slug(slug).pk if slug else None
        found, lines = read_preview(now=timezone.now(), shop_id=shop_id, **feed_place(request))
        return Response(feed_body(request, found, results=outputs.PayoutPreviewOutput(lines, many=True).data))


class OperatorPayoutRunApi(OperatorApi):
    """One payout run."""

    @extend_schema(
        operation_id="operator_payout_run_read",
        summary="Read a payout run",
        tags=TAGS,
        responses={200: outputs.PayoutRunDetailOutput, **refusals(NotFoundError)},
        examples=[answer("The run", examples.RUN)],
    )
    def get(self, _request: Request, run_id: UUID) -> Response:
        """Return a run with who made and approved it, and what to do where it waits.

        Its payouts: `GET operator/payouts/?run=<id>`.
        """
        return Response(outputs.PayoutRunDetailOutput(get_run(run_id=run_id)).data)


class OperatorPayoutApi(OperatorApi):
    """One payout."""

    @extend_schema(
        operation_id="operator_payout_read",
        summary="Read a payout",
        tags=TAGS,
        responses={200: outputs.OperatorPayoutDetailOutput, **refusals(NotFoundError)},
        examples=[answer("The payout", examples.PAYOUT)],
    )
    def get(self, request: Request, payout_id: UUID) -> Response:
        """Return a payout with its attempts, what to do about it, what can be done now, and where its statement is."""
        payout = get_payout(payout_id=payout_id)
        statement = request.build_absolute_uri(reverse("operator-payout-statement", args=[payout_id]))
        context = {"facts": facts_of_payout(payout, now=timezone.now()), "statement": statement}
        return Response(outputs.OperatorPayoutDetailOutput(payout, context=context).data)
