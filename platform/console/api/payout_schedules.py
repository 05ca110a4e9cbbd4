"""A shop's schedule of payouts over the operators' API."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import signed_in_user
from console.access import OperatorApi
from console.api.payouts import TAGS
from console.forms.actions import REASON_LENGTH
from console.services.payout_schedules import change_payout_schedule
from kit.api.openapi import INVALID
from kit.api.refusals import CHANGED_MEANWHILE, answer, refusals, sent
from kit.text.serializers import LineField
from kit.web.versions import IF_MATCH, sent_tags, telling_the_current
from payouts.api.schedules import SCHEDULE, SENT, ScheduleInput, ScheduleOutput, answer_schedule, shown_schedule
from tenants.errors import ShopNotFoundError
from tenants.shops.selectors import get_shop_by_slug


class ReasonedScheduleInput(ScheduleInput):
    """A schedule of payouts, and why it is changed."""

    reason = LineField(min_length=REASON_LENGTH[0], max_length=300)


class OperatorPayoutScheduleApi(OperatorApi):
    """A shop's schedule."""

    @extend_schema(
        operation_id="operator_payout_schedule_read",
        summary="Read a shop's schedule of payouts",
        tags=TAGS,
        responses={200: ScheduleOutput, **refusals(ShopNotFoundError)},
        examples=[answer("Each Friday", SCHEDULE)],
    )
    def get(self, _request: Request, slug: str) -> Response:
        """Return the days on which a shop is paid, the next of them, and its minimum payout."""
        return answer_schedule(get_shop_by_slug(slug))

    @extend_schema(
        operation_id="operator_payout_schedule_set",
        summary="Set a shop's schedule of payouts",
        tags=TAGS,
        request=ReasonedScheduleInput,
        parameters=[IF_MATCH],
        responses={200: ScheduleOutput, 400: INVALID, 412: CHANGED_MEANWHILE, **refusals(ShopNotFoundError)},
        examples=[
            sent("Each Friday", {**SENT, "reason": "The vendor asked for it by phone."}),
            answer("Each Friday", SCHEDULE),
        ],
    )
    def put(self, request: Request, slug: str) -> Response:
        """Set a shop's days and its minimum payout, for runs that are made from now on."""
        data = ReasonedScheduleInput(data=request.data)
        data.is_valid(raise_exception=True)
        shop = get_shop_by_slug(slug)
        with telling_the_current(lambda: shown_schedule(shop)):
            change_payout_schedule(
                shop=shop,
                schedule=data.schedule(),
                actor_id=signed_in_user(request).pk,
                reason=data.validated_data["reason"],
                now=timezone.now(),
                seen=sent_tags(request),
            )
        return answer_schedule(shop)
