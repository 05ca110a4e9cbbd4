"""Look-ups of rules and plans."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from kit.errors import NotFoundError
from kit.web.versions import version_of
from payouts.commission.rules import GOODS_RANKS, RANKS, goods_of, seller_of
from payouts.models import CommissionPlan, CommissionRule, CommissionTrial, RuleStatus, ShopPlan

SHOWN_AFTER_END = timedelta(days=30)


def rule_version(rule: CommissionRule) -> str:
    """Return the version of a rule for changes."""
    return version_of({"id": rule.pk, "version": rule.version})


def status_of(rule: CommissionRule, *, now: datetime) -> RuleStatus:
    """Return the status of a rule at a moment."""
    if rule.switched_on_at is None:
        return RuleStatus.DRAFT
    if rule.ends_at is not None and rule.ends_at <= now:
        return RuleStatus.ENDED
    return RuleStatus.PLANNED if rule.starts_at is not None and rule.starts_at > now else RuleStatus.ON


def list_rules(*, now: datetime, status: str = "", shop_id: int | None = None) -> "QuerySet[CommissionRule]":
    """Return rules, the newest first; of a shop, those that name it.

    Args:
        status: a `RuleStatus`; empty: all.
    """
    found = CommissionRule.objects.select_related("shop", "plan").order_by("-id")
    if shop_id is not None:
        found = found.filter(shop_id=shop_id)
    over = Q(ends_at__isnull=False, ends_at__lte=now)
    conditions = {
        RuleStatus.DRAFT: Q(switched_on_at__isnull=True),
        RuleStatus.PLANNED: Q(switched_on_at__isnull=False, starts_at__gt=now) & ~over,
        RuleStatus.ON: Q(switched_on_at__isnull=False, starts_at__lte=now) & ~over,
        RuleStatus.ENDED: Q(switched_on_at__isnull=False) & over,
    }
    return found.filter(conditions[RuleStatus(status)]) if status else found


def get_rule(*, rule_id: UUID) -> CommissionRule:
    """Return a rule.

    Raises:
        NotFoundError: there is none.
    """
    found = CommissionRule.objects.select_related("shop", "plan").filter(pk=rule_id).first()
    if found is None:
        raise NotFoundError
    return found


def rules_for_shop(*, shop_id: int, currency: str, now: datetime) -> list[CommissionRule]:
    """Return the rules that are for a shop: on, planned or ended lately, in the order in which they come before others.

    A rule that ended before it began is none of them.
    """
    plan = plan_of(shop_id=shop_id)
    sellers = Q(shop_id=shop_id) | Q(shop__isnull=True, plan__isnull=True) | (Q(plan=plan) if plan else Q())
    found = CommissionRule.objects.filter(sellers, switched_on_at__isnull=False, currency__in=["", currency])
    found = found.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now - SHOWN_AFTER_END))
    rows = found.exclude(ends_at__lte=F("starts_at")).select_related("plan").order_by("starts_at", "pk")

    def place(row: CommissionRule) -> tuple[bool, int, int, bool]:
        seller = seller_of(shop_id=row.shop_id, plan_id=row.plan_id)
        goods = goods_of(product_id=row.product_id, category_id=row.category_id)
        return status_of(row, now=now) == RuleStatus.ENDED, RANKS[seller], GOODS_RANKS[goods], not row.currency

    return sorted(rows, key=place)


def list_plans() -> list[CommissionPlan]:
    """Return all plans by name."""
    return list(CommissionPlan.objects.order_by("name", "id"))


def plan_of(*, shop_id: int) -> CommissionPlan | None:
    """Return the plan that a shop is on."""
    found = ShopPlan.objects.select_related("plan").filter(shop_id=shop_id).first()
    return found.plan if found else None


def last_trial(*, rule: CommissionRule) -> CommissionTrial | None:
    """Return the newest trial of a rule as it is now."""
    return CommissionTrial.objects.filter(rule=rule, rule_version=F("rule__version")).order_by("-id").first()


def count_shops_by_plan() -> list[tuple[CommissionPlan, int]]:
    """Return all plans by name, each with the number of shops on it."""
    counted = CommissionPlan.objects.annotate(shop_count=Count("shops")).order_by("name", "id")
    return [(plan, plan.shop_count) for plan in counted]
