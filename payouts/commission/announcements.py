"""Announcements of rules: which rules are announced together, and which shops were notified of each."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from kit.db.sql import fetch_all
from kit.db.statements import load_statement
from payouts.commission.compiling import lock_ruleset
from payouts.models import AnnouncedRule, CommissionAnnouncement, CommissionRule, ShopPlan, ToldShop

NOTE_TOLD = load_statement(__package__, "record_notified")
Pair = tuple[int, int]


def announce_rule(*, rule: CommissionRule, now: datetime, is_end: bool = False) -> None:
    """Have the shops that a rule concerns notified of it, with others that are published in the next minutes.

    It needs the transaction in which the rule is switched on or ended. A rule that is planned is told before it begins.
    """
    lock_ruleset()
    due_at = now + timedelta(minutes=settings.COMMISSION_LETTER_MINUTES)
    changes_at = rule.ends_at if is_end else rule.starts_at
    if changes_at is not None and changes_at > now:
        due_at = min(due_at, changes_at)
    announcement = _open_announcement(due_at=due_at, now=now)
    AnnouncedRule.objects.get_or_create(announcement=announcement, rule=rule, is_end=is_end)


def _open_announcement(*, due_at: datetime, now: datetime) -> CommissionAnnouncement:
    """Return the announcement that rules join now; it is due when the first of its rules has to be told."""
    found = CommissionAnnouncement.objects.filter(is_open=True).first()
    if found is None:
        return CommissionAnnouncement.objects.create(created_at=now, due_at=due_at)
    CommissionAnnouncement.objects.filter(pk=found.pk, due_at__gt=due_at).update(due_at=due_at)
    return found


def close_announcement(*, announcement: CommissionAnnouncement) -> None:
    """Let no further rule join an announcement: those that are published from now on are told by the next one."""
    with transaction.atomic():
        lock_ruleset()
        CommissionAnnouncement.objects.filter(pk=announcement.pk, is_open=True).update(is_open=False)


def has_earlier(announcement: CommissionAnnouncement) -> bool:
    """Return whether an announcement that was made before is not told to all shops yet."""
    return CommissionAnnouncement.objects.filter(ended_at__isnull=True, pk__lt=announcement.pk).exists()


def announced_rules(announcement: CommissionAnnouncement) -> list[AnnouncedRule]:
    """Return the rules of an announcement as they are now, in the order in which they were published."""
    found = AnnouncedRule.objects.filter(announcement=announcement).select_related("rule__plan")
    return list(found.order_by("pk"))


def record_notified(pairs: Iterable[Pair], *, now: datetime) -> list[Pair]:
    """Record that shops are notified of announced rules; return the pairs that are new.

    Args:
        pairs: ids of an announced rule and of a shop.
    """
    asked = list(pairs)
    columns = {"announced": [announced_id for announced_id, _ in asked], "shops": [shop_id for _, shop_id in asked]}
    return [(announced_id, shop_id) for announced_id, shop_id in fetch_all(NOTE_TOLD, columns | {"now": now})]


def find_notified_of_start(*, rule_ids: Collection[UUID], shop_ids: Collection[int]) -> set[tuple[UUID, int]]:
    """Return which of some shops were told that some rules begin."""
    told = ToldShop.objects.filter(announced__rule_id__in=rule_ids, announced__is_end=False, shop_id__in=shop_ids)
    return set(told.values_list("announced__rule_id", "shop_id"))


def count_notified(*, rule_id: UUID) -> int:
    """Return the number of shops that were told that a rule begins."""
    return ToldShop.objects.filter(announced__rule_id=rule_id, announced__is_end=False).count()


def letters_due_at(*, rule_id: UUID) -> datetime | None:
    """Return the moment at which shops are told that a rule begins; None where the last one was, or nothing is told."""
    announced = AnnouncedRule.objects.filter(rule_id=rule_id, is_end=False, announcement__ended_at__isnull=True)
    return announced.values_list("announcement__due_at", flat=True).first()


def plans_of(*, shop_ids: Collection[int]) -> Mapping[int, str]:
    """Return the plans of some shops, in one statement; shops on none are left out."""
    found = ShopPlan.objects.filter(shop_id__in=shop_ids).values_list("shop_id", "plan_id")
    return {shop_id: str(plan_id) for shop_id, plan_id in found}
