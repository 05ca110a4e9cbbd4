"""Make rules, change drafts, switch rules on and end them; each change that counts is compiled for purchases."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext

from kit.errors import Fault, InvalidInputError, NotFoundError
from kit.web.versions import Seen, check_version
from payouts.commission.compiling import lock_ruleset, store_ruleset
from payouts.commission.inputs import FIELDS, RuleInput, checked_rule, faults_of_moment, rule_input_of
from payouts.commission.selectors import rule_version
from payouts.errors import CommissionTieError, RuleNotDraftError, RuleNotOnError
from payouts.models import CommissionRule


def draft_rule(*, data: RuleInput, actor_id: int | None, now: datetime) -> CommissionRule:
    """Add a rule as a draft: nothing is charged by it before it is switched on.

    Raises:
        InvalidInputError: it can't be stored.
    """
    values = asdict(checked_rule(data))
    return CommissionRule.objects.create(**values, created_by_id=actor_id, created_at=now, changed_at=now)


def change_rule(
    *, rule_id: UUID, revise: Callable[[RuleInput], RuleInput], now: datetime, seen: Seen = None
) -> tuple[RuleInput, CommissionRule]:
    """Change a draft; return its values before, and the rule.

    Raises:
        NotFoundError: there is none.
        RuleNotDraftError: it is on, or was; nothing is changed.
        ChangedMeanwhileError: it was made from another version; nothing is changed.
        InvalidInputError: it can't be stored; nothing is changed.
    """
    with transaction.atomic():
        rule = lock_rule(rule_id=rule_id)
        check_version(seen=seen, current=rule_version(rule))
        _refuse_unless_draft(rule)
        before = rule_input_of(rule)
        values = asdict(checked_rule(revise(before), stored=rule))
        changed = [name for name in FIELDS if values[name] != getattr(rule, name)]
        for name in changed:
            setattr(rule, name, values[name])
        _save(rule, *changed, now=now)
    return before, rule


def discard_rule(*, rule_id: UUID, seen: Seen = None) -> CommissionRule:
    """Delete a draft with its trials; nothing was ever charged by it. Return the rule as it was.

    Raises:
        NotFoundError: there is none.
        RuleNotDraftError: it is on, or was; nothing is changed.
        ChangedMeanwhileError: it was seen in another version; nothing is changed.
    """
    with transaction.atomic():
        rule = lock_rule(rule_id=rule_id)
        check_version(seen=seen, current=rule_version(rule))
        _refuse_unless_draft(rule)
        CommissionRule.objects.filter(pk=rule.pk).delete()
    return rule


def switch_rule_on(
    *, rule_id: UUID, actor_id: int | None, now: datetime, replaces: bool = False, seen: Seen = None
) -> tuple[CommissionRule, list[CommissionRule]]:
    """Switch a draft on: it holds from its start, or from now where that is earlier.

    Args:
        replaces: whether rules for the same that began earlier are ended at its start.

    Returns:
        The rule, and those that were ended for it.

    Raises:
        NotFoundError: there is none.
        RuleNotDraftError: it is on already, or was.
        ChangedMeanwhileError: it was seen in another version.
        InvalidInputError: it would end before it starts.
        CommissionTieError: another rule is for the same at some moment. Nothing is changed by any of these.
    """
    with transaction.atomic():
        ruleset = lock_ruleset()
        rule = lock_rule(rule_id=rule_id)
        check_version(seen=seen, current=rule_version(rule))
        _refuse_unless_draft(rule)
        rule.starts_at = max(rule.starts_at or now, now)
        if rule.ends_at is not None and rule.ends_at <= rule.starts_at:
            message = gettext("It would end before it starts. Choose a later end.")
            raise InvalidInputError(message, details={"ends_at": [Fault(message, "end_before_start")]})
        ended = _end_earlier(rule, now) if replaces else []
        if tied := find_ties(rule):
            raise CommissionTieError.with_rule(name=tied[0].name, rule_id=tied[0].pk)
        rule.switched_on_at, rule.switched_on_by_id = now, actor_id
        _save(rule, "starts_at", "switched_on_at", "switched_on_by_id", now=now)
        store_ruleset(ruleset, now=now)
    return rule, ended


def end_rule(*, rule_id: UUID, now: datetime, ends_at: datetime | None = None, seen: Seen = None) -> CommissionRule:
    """End a rule that is on or planned, now or at a later moment; orders that were placed by then keep it.

    Raises:
        NotFoundError: there is none.
        RuleNotOnError: it is a draft, or has ended.
        ChangedMeanwhileError: it was seen in another version.
        InvalidInputError: the moment is over, far off, or later than the end that it has. Nothing is changed by any of
            these.
    """
    if faults := faults_of_moment("ends_at", ends_at):
        raise InvalidInputError(faults["ends_at"][0], details=faults)
    with transaction.atomic():
        ruleset = lock_ruleset()
        rule = lock_rule(rule_id=rule_id)
        check_version(seen=seen, current=rule_version(rule))
        if rule.switched_on_at is None or (rule.ends_at is not None and rule.ends_at <= now):
            raise RuleNotOnError
        end = max(ends_at or now, now)
        if (ends_at is not None and ends_at < now) or (rule.ends_at is not None and end > rule.ends_at):
            message = gettext("Choose an end in the future, before the current one.")
            raise InvalidInputError(message, details={"ends_at": [Fault(message, "not_in_time")]})
        _set_end(rule, end, now)
        store_ruleset(ruleset, now=now)
    return rule


def find_ties(rule: CommissionRule) -> list[CommissionRule]:
    """Return other rules that are on and for the same seller, goods and currency at some moment of a rule's time."""
    target = {name: getattr(rule, name) for name in ("shop_id", "plan_id", "category_id", "product_id", "currency")}
    same = CommissionRule.objects.filter(switched_on_at__isnull=False, **target).exclude(pk=rule.pk)
    same = same.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=rule.starts_at))
    if rule.ends_at is not None:
        same = same.filter(starts_at__lt=rule.ends_at)
    return [each for each in same.order_by("starts_at", "pk") if each.starts_at != each.ends_at]


def lock_rule(*, rule_id: UUID) -> CommissionRule:
    """Lock a rule; needs an open transaction.

    Raises:
        NotFoundError: there is none.
    """
    found = CommissionRule.objects.select_for_update().filter(pk=rule_id).first()
    if found is None:
        raise NotFoundError
    return found


def _refuse_unless_draft(rule: CommissionRule) -> None:
    if rule.switched_on_at is not None:
        raise RuleNotDraftError


def _end_earlier(rule: CommissionRule, now: datetime) -> list[CommissionRule]:
    """End the rules for the same that begin before this one and go on after its start."""
    assert rule.starts_at is not None
    ended = [each for each in find_ties(rule) if each.starts_at is not None and each.starts_at <= rule.starts_at]
    for each in ended:
        _set_end(each, rule.starts_at, now)
    return ended


def _set_end(rule: CommissionRule, at: datetime, now: datetime) -> None:
    """Set the end of a rule; one that is only planned ends at its own start, so it never holds."""
    assert rule.starts_at is not None
    rule.ends_at = max(at, rule.starts_at)
    _save(rule, "ends_at", now=now)


def _save(rule: CommissionRule, *names: str, now: datetime) -> None:
    rule.version, rule.changed_at = rule.version + 1, now
    rule.save(update_fields=[*names, "version", "changed_at"])
