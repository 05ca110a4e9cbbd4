"""Compile the rules that are on into the one row that purchases read."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from payouts.commission.rules import Rule, Ruleset, RuleTerms, goods_of, seller_of, terms_from
from payouts.models import CommissionRule, CommissionRuleset, ShopPlan
from tenants.shops.market_terms import raise_commission_version

# A purchase's moment is that of its request, which may be a little earlier than the moment of its statements.
KEPT_AFTER_END = timedelta(hours=1)


def lock_ruleset() -> CommissionRuleset:
    """Lock the one row of compiled rules: rules and plans are changed under it; needs an open transaction."""
    CommissionRuleset.objects.get_or_create(pk=1)
    return CommissionRuleset.objects.select_for_update().get(pk=1)


def store_ruleset(ruleset: CommissionRuleset, *, now: datetime) -> None:
    """Compile the rules that are on, as a new version; the row is locked by the caller."""
    ruleset.content = compile_rules(compiled_at=now)
    ruleset.version, ruleset.compiled_at = raise_commission_version(now=now), now
    ruleset.save(update_fields=["content", "version", "compiled_at"])


def compile_rules(*, compiled_at: datetime) -> dict[str, Any]:
    """Return the rules that are on or planned, and the shops of their plans, as the tables have them."""
    kept = CommissionRule.objects.filter(switched_on_at__isnull=False)
    kept = kept.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=compiled_at - KEPT_AFTER_END)).order_by("pk")
    rules = list(kept)
    plan_ids = {rule.plan_id for rule in rules if rule.plan_id is not None}
    shops = ShopPlan.objects.filter(plan_id__in=plan_ids).order_by("pk").values_list("shop_id", "plan_id")
    return {
        "rules": [_as_json(rule) for rule in rules],
        "plans": [[shop_id, str(plan_id)] for shop_id, plan_id in shops] if plan_ids else [],
    }


def parse(version: int, content: Mapping[str, Any]) -> Ruleset:
    """Return the rules that the row holds."""
    plans: dict[int, str] = dict(content.get("plans", ()))
    return Ruleset(version, tuple(_rule(each) for each in content.get("rules", ())), plans)


def rule_from(row: CommissionRule) -> Rule:
    """Return a row as purchases use it."""
    return _rule(_as_json(row))


def terms_of(row: CommissionRule) -> RuleTerms:
    """Return the terms of a row."""
    return RuleTerms(row.percent_bps, row.fixed_minor, row.floor_minor, row.cap_minor)


def _as_json(row: CommissionRule) -> dict[str, Any]:
    return {
        "key": str(row.pk),
        "name": row.name,
        "version": row.version,
        "shop_id": row.shop_id,
        "plan_id": row.plan_id and str(row.plan_id),
        "category_id": row.category_id,
        "product_id": row.product_id and str(row.product_id),
        "currency": row.currency,
        "percent_bps": row.percent_bps,
        "fixed_minor": row.fixed_minor,
        "floor_minor": row.floor_minor,
        "cap_minor": row.cap_minor,
        "starts_at": row.starts_at and row.starts_at.isoformat(),
        "ends_at": row.ends_at and row.ends_at.isoformat(),
    }


def _rule(stored: Mapping[str, Any]) -> Rule:
    return Rule(
        key=stored["key"],
        name=stored["name"],
        seller=seller_of(shop_id=stored["shop_id"], plan_id=stored["plan_id"]),
        goods=goods_of(product_id=stored["product_id"], category_id=stored["category_id"]),
        terms=terms_from(stored),
        currency=stored["currency"],
        version=stored["version"],
        shop_id=stored["shop_id"],
        plan_id=stored["plan_id"],
        category_id=stored["category_id"],
        product_id=stored["product_id"],
        starts_at=_moment(stored["starts_at"]),
        ends_at=_moment(stored["ends_at"]),
    )


def _moment(stored: str | None) -> datetime | None:
    return datetime.fromisoformat(stored) if stored else None
