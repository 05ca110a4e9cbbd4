"""Commission rules and plans: made, changed, switched on and ended by operators, with entries in the audit log."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext, gettext_lazy

from catalogue.discovery.selectors.categories import known_category_ids
from catalogue.discovery.selectors.published import shop_of_listing
from console.audit_actions import AuditAction
from console.errors import ReasonMissingError
from console.services.audit_log import record
from console.services.shops import subject_of as subject_of_shop
from kit.errors import Fault, InvalidInputError
from kit.web.versions import Seen
from payouts.commission import changing, plans
from payouts.commission.announcements import announce_rule
from payouts.commission.inputs import RuleInput, rule_input_of
from payouts.models import CommissionPlan, CommissionRule
from tenants.shops.selectors import get_shop

RULE = "commission-rule:"
RULE_DRAFTED = AuditAction(
    "commission_rule.drafted",
    gettext_lazy("Commission rule drafted"),
    gettext_lazy("%(who)s drafted the commission rule “%(name)s”."),
)
RULE_CHANGED = AuditAction(
    "commission_rule.changed",
    gettext_lazy("Commission rule changed"),
    gettext_lazy("%(who)s changed the draft of the commission rule “%(name)s”."),
)
RULE_DISCARDED = AuditAction(
    "commission_rule.discarded",
    gettext_lazy("Draft of a rule discarded"),
    gettext_lazy("%(who)s discarded the draft of the commission rule “%(name)s”."),
)
RULE_SWITCHED_ON = AuditAction(
    "commission_rule.switched_on",
    gettext_lazy("Commission rule switched on"),
    gettext_lazy("%(who)s switched on the commission rule “%(name)s”."),
)
RULE_ENDED = AuditAction(
    "commission_rule.ended",
    gettext_lazy("Commission rule ended"),
    gettext_lazy("%(who)s set the end of the commission rule “%(name)s”."),
)
PLAN_ADDED = AuditAction(
    "commission_plan.added",
    gettext_lazy("Plan added"),
    gettext_lazy("%(who)s added the plan “%(name)s”."),
)
PLAN_CHANGED = AuditAction(
    "shop.plan_changed",
    gettext_lazy("Shop’s plan changed"),
    gettext_lazy("%(who)s put the shop %(subject)s on another plan."),
)
COMMISSION_ACTIONS = (
    RULE_DRAFTED,
    RULE_CHANGED,
    RULE_DISCARDED,
    RULE_SWITCHED_ON,
    RULE_ENDED,
    PLAN_ADDED,
    PLAN_CHANGED,
)


def subject_of(rule: CommissionRule) -> str:
    """Name a rule in the audit log."""
    return f"{RULE}{rule.pk}"


def draft_rule(*, data: RuleInput, actor_id: int, reason: str, now: datetime) -> CommissionRule:
    """Add a rule as a draft.

    Raises:
        ReasonMissingError: no reason was given.
        InvalidInputError: it can't be stored, or names a category or product that is not there.
    """
    _check(reason, data)
    with transaction.atomic():
        rule = changing.draft_rule(data=data, actor_id=actor_id, now=now)
        _record(RULE_DRAFTED, rule, actor_id, reason, now, after=_shown(rule_input_of(rule)))
    return rule


def change_rule(
    *,
    rule_id: UUID,
    revise: Callable[[RuleInput], RuleInput],
    actor_id: int,
    reason: str,
    now: datetime,
    seen: Seen = None,
) -> CommissionRule:
    """Change a draft.

    Raises:
        ReasonMissingError: no reason was given.
        InvalidInputError, NotFoundError, RuleNotDraftError, ChangedMeanwhileError: as from payouts; nothing is changed.
    """

    def checked(current: RuleInput) -> RuleInput:
        data = revise(current)
        _check(reason, data)
        return data

    with transaction.atomic():
        before, rule = changing.change_rule(rule_id=rule_id, revise=checked, now=now, seen=seen)
        values = {"before": _shown(before), "after": _shown(rule_input_of(rule))}
        _record(RULE_CHANGED, rule, actor_id, reason, now, **values)
    return rule


def discard_rule(*, rule_id: UUID, actor_id: int, reason: str, now: datetime, seen: Seen = None) -> CommissionRule:
    """Delete a draft; the audit log keeps its values. Return the rule as it was.

    Raises:
        ReasonMissingError: no reason was given.
        NotFoundError, RuleNotDraftError, ChangedMeanwhileError: as from payouts; nothing is changed.
    """
    _check(reason)
    with transaction.atomic():
        rule = changing.discard_rule(rule_id=rule_id, seen=seen)
        _record(RULE_DISCARDED, rule, actor_id, reason, now, before=_shown(rule_input_of(rule)))
    return rule


def switch_rule_on(
    *, rule_id: UUID, replaces: bool, actor_id: int, reason: str, now: datetime, seen: Seen = None
) -> CommissionRule:
    """Switch a draft on; the owners of the shops that it concerns are told, with other rules of these minutes.

    Raises:
        ReasonMissingError: no reason was given.
        InvalidInputError, NotFoundError, RuleNotDraftError, ChangedMeanwhileError, CommissionTieError: as from payouts;
            nothing is changed.
    """
    _check(reason)
    with transaction.atomic():
        rule, ended = changing.switch_rule_on(rule_id=rule_id, actor_id=actor_id, now=now, replaces=replaces, seen=seen)
        if faults := _unknown_category(rule.category_id):  # it was removed since the rule was drafted
            raise InvalidInputError(faults["category_id"][0], details=faults)
        for each in ended:
            _record(RULE_ENDED, each, actor_id, reason, now, ends_at=each.ends_at)
        _record(RULE_SWITCHED_ON, rule, actor_id, reason, now, starts_at=rule.starts_at, ends_at=rule.ends_at)
        announce_rule(rule=rule, now=now)
    return rule


def end_rule(
    *, rule_id: UUID, ends_at: datetime | None, actor_id: int, reason: str, now: datetime, seen: Seen = None
) -> CommissionRule:
    """End a rule, now or at a later moment; the owners of the shops that it concerns are told.

    Raises:
        ReasonMissingError: no reason was given.
        InvalidInputError, NotFoundError, RuleNotOnError, ChangedMeanwhileError: as from payouts; nothing is changed.
    """
    _check(reason)
    with transaction.atomic():
        rule = changing.end_rule(rule_id=rule_id, now=now, ends_at=ends_at, seen=seen)
        _record(RULE_ENDED, rule, actor_id, reason, now, ends_at=rule.ends_at)
        announce_rule(rule=rule, now=now, is_end=True)
    return rule


def add_plan(*, name: str, actor_id: int, reason: str, now: datetime) -> CommissionPlan:
    """Add a plan.

    Raises:
        ReasonMissingError: no reason was given.
        InvalidInputError: as from payouts; nothing is added.
    """
    _check(reason)
    with transaction.atomic():
        plan = plans.add_plan(name=name, now=now)
        details = {"name": plan.name}
        subject = f"commission-plan:{plan.pk}"
        record(actor_id=actor_id, action=PLAN_ADDED, subject=subject, reason=reason, details=details, now=now)
    return plan


def put_on_plan(
    *, shop_id: int, plan_id: UUID | None, actor_id: int, reason: str, now: datetime, seen: Seen = None
) -> CommissionPlan | None:
    """Put a shop on a plan, or on none.

    Raises:
        ReasonMissingError: no reason was given.
        ShopNotFoundError, InvalidInputError, ChangedMeanwhileError: as from payouts; nothing is changed.
    """
    _check(reason)
    with transaction.atomic():
        shop = get_shop(shop_id=shop_id)
        before, plan = plans.put_on_plan(shop_id=shop_id, plan_id=plan_id, actor_id=actor_id, now=now, seen=seen)
        if before != plan:
            details = {"before": before and before.name, "after": plan and plan.name}
            subject = subject_of_shop(shop)
            record(actor_id=actor_id, action=PLAN_CHANGED, subject=subject, reason=reason, details=details, now=now)
    return plan


def _check(reason: str, data: RuleInput | None = None) -> None:
    if not reason.strip():
        raise ReasonMissingError
    if data is None:
        return
    faults = _unknown_category(data.category_id)
    if data.product_id is not None and shop_of_listing(data.product_id) != data.shop_id:
        message = gettext("This shop has no such product on sale. Take the id from its page.")
        faults["product_id"] = [Fault(message, "unknown_product")]
    if faults:
        raise InvalidInputError(next(iter(faults.values()))[0], details=faults)


def _unknown_category(category_id: int | None) -> dict[str, list[str]]:
    """Return the fault of a category that is not there; nothing where it is, or none is named."""
    if category_id is None or known_category_ids([category_id]):
        return {}
    return {"category_id": [Fault(gettext("There is no such category. Choose one from the list."), "unknown_category")]}


def _shown(data: RuleInput) -> dict[str, Any]:
    return {name: value if isinstance(value, int) else value and str(value) for name, value in asdict(data).items()}


def _record(
    action: AuditAction, rule: CommissionRule, actor_id: int, reason: str, now: datetime, **details: Any
) -> None:
    kept = {"name": rule.name, **{name: _text(value) for name, value in details.items()}}
    record(actor_id=actor_id, action=action, subject=subject_of(rule), reason=reason, details=kept, now=now)


def _text(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
