"""The shop's schedule of payouts over the API."""

from typing import ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import signed_in_user
from kit.api.openapi import INVALID
from kit.api.refusals import CHANGED_MEANWHILE, answer, sent
from kit.web.versions import IF_MATCH, sent_tags, telling_the_current
from payouts.api.schedules import SCHEDULE, SENT, ScheduleInput, ScheduleOutput, answer_schedule, shown_schedule
from payouts.capabilities import MANAGE_BANK_ACCOUNT, VIEW_BALANCE
from payouts.services.schedules import change_schedule
from vendors.access import StaffApi, shop_of

TAGS = ["Balance"]


class PayoutScheduleApi(StaffApi):
    """The schedule."""

    capabilities: ClassVar = {"GET": VIEW_BALANCE, "PUT": MANAGE_BANK_ACCOUNT}

    @extend_schema(
        operation_id="payout_schedule_read",
        summary="Read your schedule of payouts",
        tags=TAGS,
        responses=ScheduleOutput,
        examples=[answer("Each Friday", SCHEDULE)],
    )
    def get(self, request: Request) -> Response:
        """Return the days on which you are paid, the next of them, and the minimum payout."""
        return answer_schedule(shop_of(request))

    @extend_schema(
        operation_id="payout_schedule_set",
        summary="Set your schedule of payouts",
        tags=TAGS,
        request=ScheduleInput,
        parameters=[IF_MATCH],
        responses={200: ScheduleOutput, 400: INVALID, 412: CHANGED_MEANWHILE},
        examples=[sent("Each Friday", SENT), answer("Each Friday", SCHEDULE)],
    )
    def put(self, request: Request) -> Response:
        """Set the days and the minimum payout, for runs that are made from now on."""
        data = ScheduleInput(data=request.data)
        data.is_valid(raise_exception=True)
        shop = shop_of(request)
        with telling_the_current(lambda: shown_schedule(shop)):
            change_schedule(
                shop=shop,
                schedule=data.schedule(),
                actor_id=signed_in_user(request).pk,
                now=timezone.now(),
                seen=sent_tags(request),
            )
        return answer_schedule(shop)
