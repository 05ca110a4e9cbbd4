"""Trials of rules: asked for by operators, computed in steps by a task, with their progress."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from catalogue.discovery.selectors.published import categories_of
from checkout.commission.trying import try_on_part
from checkout.fulfilment.status import SOLD
from checkout.models import Order, SubOrder
from kit.work import leased, rounds
from kit.work.jobs import wake
from payouts.commission.compiling import rule_from
from payouts.commission.rules import Rule
from payouts.models import CommissionRule, CommissionTrial, ShopPlan
from tenants.models import Shop
from tenants.shops.selectors import shops_by_id

TASK = "checkout.tasks.try_commission_rules"
DAYS = 30
ORDERS_AT_ONCE = 500
SECONDS = 20.0
TRIALS = leased.Kind(
    model=CommissionTrial,
    lease=timedelta(minutes=2),
    back_off=leased.BackOff(first=timedelta(seconds=5), cap=timedelta(seconds=5), attempts=500),
    waiting=lambda _: Q(ended_at__isnull=True),
    given_up=lambda now: {"ended_at": now},
)


@dataclass(frozen=True, slots=True)
class TrialRow:
    """Commission of a shop's orders in a currency, before and after; a row without a shop is the sum of a currency."""

    currency: str
    shop: Shop | None
    orders: int
    changed: int
    before_minor: int
    after_minor: int

    @property
    def difference_minor(self) -> int:
        """Return the amount by which the shops would have paid more."""
        return self.after_minor - self.before_minor


def start_trial(*, rule: CommissionRule, actor_id: int | None, now: datetime, days: int = DAYS) -> CommissionTrial:
    """Ask for a trial of a rule as it is now, on the orders that were placed in the last days."""
    since = now - timedelta(days=days)
    trial = CommissionTrial.objects.create(
        rule=rule,
        rule_version=rule.version,
        since_at=since,
        until_at=now,
        order_count=_orders(since, now).count(),
        created_by_id=actor_id,
        created_at=now,
        due_at=now,
    )
    wake(TASK)
    return trial


def run_trials(*, now: datetime) -> int:
    """Go on with the trials that wait; return the number that were worked on."""
    found = rounds.work_through(TRIALS, lambda trial: _work(trial, now), now=now)
    if not found.is_complete:
        wake(TASK)
    return found.done


def trial_rows(trial: CommissionTrial) -> tuple[list[TrialRow], list[TrialRow]]:
    """Return the sums of a trial by currency, and its shops that have a difference, the largest first."""
    shops = shops_by_id([int(key) for by_shop in trial.result.values() for key in by_shop])
    rows = [
        TrialRow(currency, shops.get(int(key)), *figures)
        for currency, by_shop in trial.result.items()
        for key, figures in by_shop.items()
    ]
    changed = [row for row in rows if row.changed]
    changed.sort(key=lambda row: (-abs(row.difference_minor), row.shop.slug if row.shop else ""))
    return [_sum(currency, rows) for currency in sorted(trial.result)], changed


def _sum(currency: str, rows: Sequence[TrialRow]) -> TrialRow:
    own = [row for row in rows if row.currency == currency]
    return TrialRow(
        currency,
        None,
        sum(row.orders for row in own),
        sum(row.changed for row in own),
        sum(row.before_minor for row in own),
        sum(row.after_minor for row in own),
    )


def _orders(since: datetime, until: datetime) -> "QuerySet[Order]":
    """Return the orders of a time that were paid; an exchange keeps the rule of the order that it is made of."""
    return Order.objects.filter(
        placed_at__gte=since, placed_at__lt=until, paid_at__isnull=False, exchange_of__isnull=True
    )


def _work(trial: CommissionTrial, now: datetime) -> None:
    """Compute the next orders of a trial for some seconds; what is done is stored with every step."""
    ends_at = time.monotonic() + SECONDS
    row = CommissionRule.objects.get(pk=trial.rule_id)
    rule = rule_from(row)
    plans = {shop_id: str(plan_id) for shop_id, plan_id in ShopPlan.objects.values_list("shop_id", "plan_id")}
    rates = Shop.objects.filter(commission_bps__isnull=False)
    facts: dict[str, Any] = {"plans": plans, "own_rates": frozenset(rates.values_list("pk", flat=True))}
    while time.monotonic() < ends_at:
        orders = _next_orders(trial)
        if not orders:
            leased.done(TRIALS, trial, now=now, ended_at=now, result=trial.result, done_count=trial.order_count)
            return
        _add(trial, rule, orders, facts)
        trial.last_placed_at, trial.last_order_id = orders[-1].placed_at, orders[-1].pk
        trial.done_count = min(trial.done_count + len(orders), trial.order_count)
        trial.save(update_fields=["result", "done_count", "last_placed_at", "last_order_id"])
    leased.put_off(TRIALS, trial, now=now)


def _next_orders(trial: CommissionTrial) -> list[Order]:
    found = _orders(trial.since_at, trial.until_at)
    if trial.last_placed_at is not None:
        same = Q(placed_at=trial.last_placed_at, pk__lt=trial.last_order_id)
        found = found.filter(placed_at__gte=trial.last_placed_at).filter(Q(placed_at__gt=trial.last_placed_at) | same)
    parts = Prefetch("sub_orders", SubOrder.objects.filter(status__in=SOLD))
    return list(found.only("pk", "placed_at").order_by("placed_at", "-pk").prefetch_related(parts)[:ORDERS_AT_ONCE])


def _add(trial: CommissionTrial, rule: Rule, orders: Sequence[Order], facts: dict[str, Any]) -> None:
    """Add the figures of some orders to a trial's."""
    parts = [part for order in orders for part in order.sub_orders.all()]
    older = {UUID(line["product_id"]) for part in parts if not part.commission for line in part.lines}
    categories = categories_of(older) if older and rule.category_id is not None else {}
    for part in parts:
        tried = try_on_part(part, rule, categories=categories, **facts)
        figures = trial.result.setdefault(part.currency, {}).setdefault(str(part.shop_id), [0, 0, 0, 0])
        for place, more in enumerate((1, int(tried.is_changed), tried.before_minor, tried.after_minor)):
            figures[place] += more
