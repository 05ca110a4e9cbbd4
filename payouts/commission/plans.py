"""Plans of the market, and the plan that each shop is on."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext, gettext_lazy

from kit.errors import Fault, InvalidInputError
from kit.text import rules
from kit.text.inputs import cleaned
from kit.web.versions import Seen, check_version, version_of
from payouts.commission.compiling import lock_ruleset, store_ruleset
from payouts.commission.selectors import plan_of
from payouts.models import CommissionPlan, ShopPlan
from tenants.models import Shop
from tenants.shops.addresses import shop_url
from tenants.shops.owner_notices import Notice, send_to_owners
from tenants.shops.selectors import get_shop


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanInput:
    """A plan as operators enter it."""

    name: Annotated[str, rules.name(80)]


def add_plan(*, name: str, now: datetime) -> CommissionPlan:
    """Add a plan; no shop is on it yet.

    Raises:
        InvalidInputError: the name can't be stored, or another plan has it.
    """
    name = cleaned(PlanInput(name=name)).name
    with transaction.atomic():
        lock_ruleset()
        if CommissionPlan.objects.filter(name=name).exists():
            message = gettext("Another plan has this name. Choose another one.")
            raise InvalidInputError(message, details={"name": [Fault(message, "name_taken")]})
        return CommissionPlan.objects.create(name=name, created_at=now)


def plan_version(plan: CommissionPlan | None) -> str:
    """Return the version of a shop's plan."""
    return version_of({"plan": plan and plan.pk})


def put_on_plan(
    *, shop_id: int, plan_id: UUID | None, actor_id: int | None, now: datetime, seen: Seen = None
) -> tuple[CommissionPlan | None, CommissionPlan | None]:
    """Put a shop on a plan, or on none, for orders placed from now on, and tell its owners.

    Returns:
        The plan before, and the plan now.

    Raises:
        ShopNotFoundError: there is no such shop.
        ChangedMeanwhileError: it was changed meanwhile; nothing is written.
        InvalidInputError: there is no such plan; nothing is written.
    """
    with transaction.atomic():
        ruleset = lock_ruleset()
        shop = get_shop(shop_id=shop_id)
        before = plan_of(shop_id=shop_id)
        check_version(seen=seen, current=plan_version(before))
        plan = CommissionPlan.objects.filter(pk=plan_id).first() if plan_id is not None else None
        if plan_id is not None and plan is None:
            message = gettext("There is no such plan. Choose one from the list.")
            raise InvalidInputError(message, details={"plan_id": [Fault(message, "unknown_plan")]})
        if before != plan:
            _write(shop_id, plan, actor_id, now)
            store_ruleset(ruleset, now=now)
            _tell(shop, before, plan, now)
    return before, plan


def _write(shop_id: int, plan: CommissionPlan | None, actor_id: int | None, now: datetime) -> None:
    if plan is None:
        ShopPlan.objects.filter(shop_id=shop_id).delete()
        return
    values = {"plan": plan, "changed_by_id": actor_id, "changed_at": now}
    ShopPlan.objects.update_or_create(shop_id=shop_id, defaults=values)


def _tell(shop: Shop, before: CommissionPlan | None, plan: CommissionPlan | None, now: datetime) -> None:
    def notice() -> Notice:
        kept = gettext("Orders placed before that keep their commission.")
        if plan is not None:
            title = gettext("%(shop)s is on the plan %(plan)s now") % {"shop": shop.name, "plan": plan.name}
            body = gettext("The plan’s commission rules apply to orders placed from now on.")
            return Notice(title, f"{body} {kept}")
        name = before.name if before else ""
        title = gettext("%(shop)s is no longer on the plan %(plan)s") % {"shop": shop.name, "plan": name}
        body = gettext("For orders placed from now on the rules for all shops apply, or your shop’s own rate.")
        return Notice(title, f"{body} {kept}")

    send_to_owners(
        shop,
        notice,
        kind="shop.commission",
        url=shop_url(shop, "/dashboard/commission/"),
        action=gettext_lazy("See your commission"),
        key=f"commission-plan-{now.timestamp():.6f}",
        now=now,
    )
