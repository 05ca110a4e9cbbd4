"""Commission rules over the operators' API."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import signed_in_user
from console.access import OperatorApi
from console.api.categories import ReasonInput
from console.api.commission_outputs import RULE, CommissionRuleFeedOutput, CommissionRuleOutput
from console.services import commission_rules as services
from kit.api.idempotent import takes_key
from kit.api.input import FeedQuery, query_of
from kit.api.lists import feed_body, feed_place
from kit.api.moments import ZonedField
from kit.api.openapi import INVALID
from kit.api.refusals import CHANGED_MEANWHILE, answer, refusals, sent
from kit.api.validation import checked
from kit.db.keyset import read_slice
from kit.errors import NotFoundError
from kit.text.serializers import LineField, NameField
from kit.web.versions import IF_MATCH, entity_tag, sent_tags, telling_the_current
from payouts.commission.inputs import MOST_MINOR, RuleInput
from payouts.commission.rules import ALL_BPS
from payouts.commission.selectors import get_rule, list_rules, rule_version
from payouts.errors import CommissionTieError, RuleNotDraftError, RuleNotOnError
from payouts.models import CommissionRule, RuleStatus
from tenants.errors import ShopNotFoundError
from tenants.shops.selectors import get_shop_by_slug

SHOP_CURRENCIES = sorted(settings.SHOP_CURRENCIES)
TAGS = ["Operators: commission"]
WHY = "Agreed with the sellers of fabrics."
ENTERED = ("name", "category_id", "currency", "percent_bps", "fixed_minor", "starts_at")
ON = RULE | {"status": "planned", "version": 2, "switched_on_at": "2025-11-20T13:05:00.000Z"}


class RulesQuery(FeedQuery):
    """Filters of rules."""

    status = serializers.ChoiceField(required=False, default="", choices=RuleStatus.choices)
    shop = LineField(max_length=50, required=False, default="", help_text="Those that name this shop, by its address.")


class NewRuleInput(ReasonInput):
    """A rule, and why; what is left out is empty, and stands for all."""

    name = NameField(max_length=80)
    slug = LineField(max_length=50, required=False, allow_null=True, help_text="A shop's address.")
    plan_id = serializers.UUIDField(required=False, allow_null=True)
    category_id = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=2**63 - 1)
    product_id = serializers.UUIDField(required=False, allow_null=True, help_text="With its shop.")
    currency = serializers.ChoiceField(
        required=False,
        allow_blank=True,
        choices=SHOP_CURRENCIES,
        help_text="Needed where there are amounts.",
    )
    percent_bps = serializers.IntegerField(required=False, min_value=0, max_value=ALL_BPS)
    fixed_minor = serializers.IntegerField(required=False, min_value=0, max_value=MOST_MINOR)
    floor_minor = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=MOST_MINOR)
    cap_minor = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=MOST_MINOR)
    starts_at = ZonedField(required=False, allow_null=True)
    ends_at = ZonedField(required=False, allow_null=True)


class RulePatch(NewRuleInput):
    """Changes of a draft, and why; fields that are left out are kept."""

    name = NameField(max_length=80, required=False)


class SwitchOnInput(ReasonInput):
    """The reason for switching a rule on, and whether it takes the place of another."""

    replaces = serializers.BooleanField(
        required=False, default=False, help_text="End rules for the same that began earlier at this one's start."
    )


class EndInput(ReasonInput):
    """The end of a rule, and why."""

    ends_at = ZonedField(required=False, allow_null=True, default=None, help_text="Left out: now.")


class OperatorCommissionRuleListApi(OperatorApi):
    """Commission rules."""

    query_class = RulesQuery

    @extend_schema(
        operation_id="operator_commission_rules_list",
        summary="List commission rules",
        tags=TAGS,
        responses={200: CommissionRuleFeedOutput, 400: INVALID, **refusals(ShopNotFoundError)},
        examples=[answer("Some of them", {"next": None, "previous": None, "results": [RULE]})],
    )
    def get(self, request: Request) -> Response:
        """Return the rules, the newest first."""
        asked = query_of(request)
        shop_id = get_shop_by_slug(asked["shop"]).pk if asked["shop"] else None
        rules = list_rules(status=asked["status"], shop_id=shop_id, now=timezone.now())
        found = read_slice(rules, **feed_place(request))
        return Response(feed_body(request, found, results=CommissionRuleOutput(found.rows, many=True).data))

    @takes_key()
    @extend_schema(
        operation_id="operator_commission_rule_create",
        summary="Draft a commission rule",
        tags=TAGS,
        request=NewRuleInput,
        responses={201: CommissionRuleOutput, 400: INVALID, **refusals(ShopNotFoundError)},
        examples=[
            sent("A rule for a category", {**{name: RULE[name] for name in ENTERED}, "reason": WHY}),
            answer("The draft", RULE, status=201),
        ],
    )
    def post(self, request: Request) -> Response:
        """Add a draft; nothing is charged by it before it is switched on. Try it on last month's orders first."""
        asked = checked(NewRuleInput, request.data)
        reason = asked.pop("reason")
        rule = services.draft_rule(
            data=RuleInput(**_columns(asked)), actor_id=signed_in_user(request).pk, reason=reason, now=timezone.now()
        )
        answered = _answer(rule.pk, status=201)
        answered["Location"] = f"{request.path}{rule.pk}/"
        return answered


class OperatorCommissionRuleApi(OperatorApi):
    """One rule."""

    @extend_schema(
        operation_id="operator_commission_rule_read",
        summary="Read a commission rule",
        tags=TAGS,
        responses={200: CommissionRuleOutput, **refusals(NotFoundError)},
        examples=[answer("The rule", RULE)],
    )
    def get(self, _request: Request, rule_id: UUID) -> Response:
        """Return a rule."""
        return _answer(rule_id)

    @extend_schema(
        operation_id="operator_commission_rule_update",
        summary="Change the draft of a rule",
        tags=TAGS,
        request=RulePatch,
        parameters=[IF_MATCH],
        responses={
            200: CommissionRuleOutput,
            400: INVALID,
            **refusals(NotFoundError, RuleNotDraftError),
            412: CHANGED_MEANWHILE,
        },
        examples=[
            sent("Another percentage", {"percent_bps": 1_100, "reason": WHY}),
            answer("The draft", RULE | {"percent_bps": 1_100, "version": 2}),
        ],
    )
    def patch(self, request: Request, rule_id: UUID) -> Response:
        """Change the fields that are sent. A rule that is on is final: end it, and draft another."""
        asked = checked(RulePatch, request.data)
        reason, columns = asked.pop("reason"), _columns(asked)
        with telling_the_current(lambda: CommissionRuleOutput(get_rule(rule_id=rule_id)).data):
            services.change_rule(
                rule_id=rule_id,
                revise=lambda current: replace(current, **columns),
                actor_id=signed_in_user(request).pk,
                reason=reason,
                now=timezone.now(),
                seen=sent_tags(request),
            )
        return _answer(rule_id)


class OperatorCommissionRuleSwitchOnApi(OperatorApi):
    """Switching a rule on."""

    @takes_key()
    @extend_schema(
        operation_id="operator_commission_rule_start",
        summary="Switch a commission rule on",
        tags=TAGS,
        request=SwitchOnInput,
        responses={
            200: CommissionRuleOutput,
            400: INVALID,
            **refusals(NotFoundError, RuleNotDraftError, CommissionTieError),
        },
        examples=[sent("In the place of another", {"replaces": True, "reason": WHY}), answer("The rule", ON)],
    )
    def post(self, request: Request, rule_id: UUID) -> Response:
        """Let a rule hold from its start, or from now where that is earlier, for orders placed from then on."""
        asked = checked(SwitchOnInput, request.data)
        actor_id = signed_in_user(request).pk
        services.switch_rule_on(rule_id=rule_id, actor_id=actor_id, now=timezone.now(), **asked)
        return _answer(rule_id)


class OperatorCommissionRuleDiscardApi(OperatorApi):
    """End of a draft."""

    @takes_key()
    @extend_schema(
        operation_id="operator_commission_rule_delete",
        summary="Discard the draft of a commission rule",
        tags=TAGS,
        request=ReasonInput,
        responses={200: CommissionRuleOutput, 400: INVALID, **refusals(NotFoundError, RuleNotDraftError)},
        examples=[sent("Why", {"reason": WHY}), answer("The draft as it was", RULE)],
    )
    def post(self, request: Request, rule_id: UUID) -> Response:
        """Delete a draft with its trials; the audit log keeps its values."""
        reason = checked(ReasonInput, request.data)["reason"]
        actor_id = signed_in_user(request).pk
        rule = services.discard_rule(rule_id=rule_id, actor_id=actor_id, reason=reason, now=timezone.now())
        return Response(CommissionRuleOutput(rule).data)


class OperatorCommissionRuleEndApi(OperatorApi):
    """End of a rule."""

    @takes_key()
    @extend_schema(
        operation_id="operator_commission_rule_end",
        summary="End a commission rule",
        tags=TAGS,
        request=EndInput,
        responses={200: CommissionRuleOutput, 400: INVALID, **refusals(NotFoundError, RuleNotOnError)},
        examples=[
            sent("At the end of the year", {"ends_at": "2025-12-31T23:00:00.000Z", "reason": WHY}),
            answer("The rule", ON | {"ends_at": "2025-12-31T23:00:00.000Z"}),
        ],
    )
    def post(self, request: Request, rule_id: UUID) -> Response:
        """Set when a rule ends; orders that were placed by then keep it."""
        asked = checked(EndInput, request.data)
        services.end_rule(rule_id=rule_id, actor_id=signed_in_user(request).pk, now=timezone.now(), **asked)
        return _answer(rule_id)


def _columns(asked: dict[str, Any]) -> dict[str, Any]:
    """Return the values that were sent, by the names of the columns."""
    columns = {name: value for name, value in asked.items() if name != "slug"}
    if "slug" in asked:
        columns["shop_id"] = get_shop_by_slug(asked["slug"]).pk if asked["slug"] else None
    return columns


def _answer(rule_id: UUID, *, status: int = 200) -> Response:
    rule: CommissionRule = get_rule(rule_id=rule_id)
    return Response(CommissionRuleOutput(rule).data, status=status, headers={"ETag": entity_tag(rule_version(rule))})
