"""Plans of the market, and the plan of a shop, over the operators' API."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import signed_in_user
from console.access import OperatorApi
from console.api.categories import ReasonInput
from console.api.commission_outputs import PLAN, PLAN_ID, PlanOutput, ShopPlanOutput
from console.api.commission_rules import TAGS
from console.services import commission_rules as services
from kit.api.idempotent import takes_key
from kit.api.openapi import INVALID
from kit.api.refusals import CHANGED_MEANWHILE, answer, refusals, sent
from kit.api.validation import checked
from kit.text.serializers import NameField
from kit.web.versions import IF_MATCH, entity_tag, sent_tags, telling_the_current
from payouts.commission.plans import plan_version
from payouts.commission.selectors import list_plans, plan_of
from tenants.errors import ShopNotFoundError
from tenants.shops.selectors import get_shop_by_slug

OF_SHOP = {"slug": "indigo-fabrics", "plan": PLAN}


class NewPlanInput(ReasonInput):
    """A plan, and why."""

    name = NameField(max_length=80)


class ShopPlanInput(ReasonInput):
    """The plan of a shop, and why."""

    plan_id = serializers.UUIDField(allow_null=True, help_text="Null: none.")


class OperatorPlanListApi(OperatorApi):
    """Plans."""

    @extend_schema(
        operation_id="operator_commission_plans_list",
        summary="List the market's plans",
        tags=TAGS,
        responses={200: PlanOutput(many=True)},
        examples=[answer("One", [PLAN])],
    )
    def get(self, _request: Request) -> Response:
        """Return the plans by name."""
        return Response(PlanOutput(list_plans(), many=True).data)

    @takes_key()
    @extend_schema(
        operation_id="operator_commission_plan_create",
        summary="Add a plan",
        tags=TAGS,
        request=NewPlanInput,
        responses={201: PlanOutput, 400: INVALID},
        examples=[
            sent("A plan", {"name": "Plus", "reason": "For shops with many orders."}),
            answer("The plan", PLAN, status=201),
        ],
    )
    def post(self, request: Request) -> Response:
        """Add a plan; rules may be for all shops that are put on it."""
        asked = checked(NewPlanInput, request.data)
        plan = services.add_plan(**asked, actor_id=signed_in_user(request).pk, now=timezone.now())
        return Response(PlanOutput(plan).data, status=201)


class OperatorShopPlanApi(OperatorApi):
    """The plan of a shop."""

    @extend_schema(
        operation_id="operator_shop_plan_read",
        summary="Read a shop's plan",
        tags=TAGS,
        responses={200: ShopPlanOutput, **refusals(ShopNotFoundError)},
        examples=[answer("On a plan", OF_SHOP)],
    )
    def get(self, _request: Request, slug: str) -> Response:
        """Return the plan that a shop is on."""
        return _answer(slug)

    @extend_schema(
        operation_id="operator_shop_plan_update",
        summary="Put a shop on a plan",
        tags=TAGS,
        request=ShopPlanInput,
        parameters=[IF_MATCH],
        responses={200: ShopPlanOutput, 400: INVALID, **refusals(ShopNotFoundError), 412: CHANGED_MEANWHILE},
        examples=[
            sent("On a plan", {"plan_id": PLAN_ID, "reason": "It sells more than a hundred orders a month."}),
            answer("On a plan", OF_SHOP),
        ],
    )
    def put(self, request: Request, slug: str) -> Response:
        """Put a shop on a plan, or on none, for orders placed from now on."""
        asked, shop = checked(ShopPlanInput, request.data), get_shop_by_slug(slug)
        with telling_the_current(lambda: _body(slug)):
            services.put_on_plan(
                shop_id=shop.pk,
                plan_id=asked["plan_id"],
                actor_id=signed_in_user(request).pk,
                reason=asked["reason"],
                now=timezone.now(),
                seen=sent_tags(request),
            )
        return _answer(slug)


def _answer(slug: str) -> Response:
    plan = plan_of(shop_id=get_shop_by_slug(slug).pk)
    return Response(_body(slug), headers={"ETag": entity_tag(plan_version(plan))})


def _body(slug: str) -> Any:
    shop = get_shop_by_slug(slug)
    return ShopPlanOutput({"slug": shop.slug, "plan": plan_of(shop_id=shop.pk)}).data
