"""The shop's status over the API: holidays, closing, reopening."""

from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import signed_in_user
from kit.api.bodies import without_body
from kit.api.idempotent import takes_key
from kit.api.openapi import INVALID
from kit.api.refusals import answer, refusal, sent
from tenants.capabilities import CLOSE_SHOP, MANAGE_STATUS, VIEW_DASHBOARD
from tenants.errors import ShopClosedError, ShopStatusError, ShopSuspendedError
from tenants.life.closing import cancel_closing, reopen_shop
from tenants.life.transitions import end_holiday, start_holiday
from tenants.models import Shop
from tenants.shops.selectors import get_shop
from vendors.access import StaffApi, shop_of
from vendors.serializers.status import ClosureInput, HolidayInput, StatusOutput
from vendors.services.status_notice import close_own_shop

TAGS = ["Status"]
STATUS = {
    "status": "holiday",
    "status_at": "2025-11-20T13:05:00.000Z",
    "note": "We are at the harvest festival.",
    "returns_on": "2025-12-03",
    "closes_at": None,
    "deletes_at": None,
    "may_become": ["closing", "live", "suspended"],
    "is_paid_out": True,
    "orders_left": 3,
}
NOT_NOW = refusal("It does not follow from the shop's status.", ShopStatusError, ShopClosedError)
SUSPENDED = refusal("The platform has suspended the shop.", ShopSuspendedError)
REFUSALS: dict[int, Any] = {200: StatusOutput, 403: SUSPENDED, 409: NOT_NOW}
EXAMPLES = [answer("On holiday", STATUS)]


class StatusApi(StaffApi):
    """The status."""

    capabilities: ClassVar = {"GET": VIEW_DASHBOARD}

    @extend_schema(
        operation_id="status_read",
        summary="Read your shop's status",
        tags=TAGS,
        responses=StatusOutput,
        examples=EXAMPLES,
    )
    def get(self, request: Request) -> Response:
        """Return the shop's status and the ones that may follow."""
        return _answer(get_shop(shop_id=shop_of(request).pk))


class HolidayApi(StaffApi):
    """A holiday."""

    capabilities: ClassVar = {"POST": MANAGE_STATUS, "DELETE": MANAGE_STATUS}

    @takes_key()
    @extend_schema(
        operation_id="holiday_start",
        summary="Go on holiday",
        tags=TAGS,
        request=HolidayInput,
        responses={**REFUSALS, 400: INVALID},
        examples=[sent("A week", {"note": "We are at the harvest festival.", "returns_on": "2025-12-03"}), *EXAMPLES],
    )
    def post(self, request: Request) -> Response:
        """Pause sales; buyers see the shop and when it is back, and can't order."""
        asked = _valid(HolidayInput(data=request.data))
        return _answer(
            start_holiday(shop_id=shop_of(request).pk, actor_id=_actor(request), now=timezone.now(), **asked)
        )

    @extend_schema(
        operation_id="holiday_end", summary="End a holiday", tags=TAGS, responses=REFUSALS, examples=EXAMPLES
    )
    def delete(self, request: Request) -> Response:
        """Sell again now."""
        return _answer(end_holiday(shop_id=shop_of(request).pk, actor_id=_actor(request), now=timezone.now()))


class ClosureApi(StaffApi):
    """The closure."""

    capabilities: ClassVar = {"POST": CLOSE_SHOP, "DELETE": CLOSE_SHOP}

    @takes_key()
    @extend_schema(
        operation_id="closure_start",
        summary="Close your shop for good",
        tags=TAGS,
        request=ClosureInput,
        responses={**REFUSALS, 400: INVALID},
        examples=[
            sent("At the end of the month", {"shop_name": "Indigo Fabrics", "closes_on": "2025-12-31"}),
            *EXAMPLES,
        ],
    )
    def post(self, request: Request) -> Response:
        """Take no new orders, from now on or from a day to come; the shop closes once its orders are finished."""
        asked = _valid(ClosureInput(data=request.data))
        shop = close_own_shop(
            shop=shop_of(request),
            typed_name=asked["shop_name"],
            closes_on=asked["closes_on"],
            reason=asked["reason"],
            actor_id=_actor(request),
            now=timezone.now(),
        )
        return _answer(shop)

    @extend_schema(
        operation_id="closure_cancel", summary="Take a closure back", tags=TAGS, responses=REFUSALS, examples=EXAMPLES
    )
    def delete(self, request: Request) -> Response:
        """Keep the shop open, while its closure is planned or under way."""
        return _answer(cancel_closing(shop_id=shop_of(request).pk, actor_id=_actor(request), now=timezone.now()))


class ReopeningApi(StaffApi):
    """Reopening."""

    capabilities: ClassVar = {"POST": CLOSE_SHOP}

    @takes_key()
    @without_body
    @extend_schema(
        operation_id="shop_reopen",
        summary="Reopen a closed shop",
        tags=TAGS,
        responses=REFUSALS,
        examples=EXAMPLES,
    )
    def post(self, request: Request) -> Response:
        """Bring the shop back as a draft, with all that it had, until its data is deleted."""
        return _answer(reopen_shop(shop_id=shop_of(request).pk, actor_id=_actor(request), now=timezone.now()))


def _answer(shop: Shop) -> Response:
    return Response(StatusOutput(shop).data)


def _actor(request: Request) -> int:
    return signed_in_user(request).pk


def _valid(serializer: Any) -> dict[str, Any]:
    serializer.is_valid(raise_exception=True)
    checked: dict[str, Any] = serializer.validated_data
    return checked
