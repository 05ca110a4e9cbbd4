"""Word to shops of the commission rules that concern them: one letter for the rules of an announcement."""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy

from checkout.commission.concerned import Concerned
from checkout.commission.goods import name_goods
from checkout.commission.notices import Change, never_applies, write_notice
from kit.work import leased, rounds
from kit.work.jobs import wake
from payouts.commission import announcements
from payouts.models import AnnouncedRule, CommissionAnnouncement, ShopPlan
from tenants.models import Shop, ShopStatus
from tenants.shops.addresses import shop_url
from tenants.shops.owner_notices import send_to_owners_of_each

TASK = "checkout.tasks.announce_commission_rules"
PAGE = "/dashboard/commission/"
SHOPS_AT_ONCE = 200
SECONDS = 20.0
GONE = (ShopStatus.CLOSED, ShopStatus.DELETED)
ANNOUNCEMENTS = leased.Kind(
    model=CommissionAnnouncement,
    lease=timedelta(minutes=2),
    back_off=leased.BackOff(first=timedelta(seconds=5), cap=timedelta(seconds=5), attempts=500),
    waiting=lambda _: Q(ended_at__isnull=True),
    given_up=lambda now: {"ended_at": now, "is_open": False},
)


def announce_rules(*, now: datetime) -> int:
    """Tell shops of the rules that were published; return the number of announcements that were worked on."""
    found = rounds.work_through(ANNOUNCEMENTS, lambda announcement: _work(announcement, now), now=now)
    if not found.is_complete:
        wake(TASK)
    return found.done


def _work(announcement: CommissionAnnouncement, now: datetime) -> None:
    """Tell the next shops for some seconds; each batch is committed with the place that it has come to."""
    if announcements.has_earlier(announcement):  # that a rule begins is told before its end
        leased.put_off(ANNOUNCEMENTS, announcement, now=now)
        return
    announcements.close_announcement(announcement=announcement)
    ends_at = time.monotonic() + SECONDS
    while time.monotonic() < ends_at:
        if not _tell_next(announcement, now):
            leased.done(ANNOUNCEMENTS, announcement, now=now, ended_at=now)
            return
    leased.put_off(ANNOUNCEMENTS, announcement, now=now)


def _tell_next(announcement: CommissionAnnouncement, now: datetime) -> bool:
    """Tell the next batch of shops; return whether there was one."""
    rules = announcements.announced_rules(announcement)  # anew for each batch: one may be withdrawn meanwhile
    shops = _next_shops(rules, after=announcement.last_shop_id)
    if not shops:
        return False
    pairs = [(rule.pk, shop.pk) for shop, told in _concerned(rules, shops).items() for rule in told]
    with transaction.atomic():
        _write(announcement, rules, shops, announcements.record_notified(pairs, now=now), now)
        last = shops[-1].pk
        behind = CommissionAnnouncement.objects.filter(pk=announcement.pk, last_shop_id__lt=last)
        behind.update(last_shop_id=last)
    announcement.last_shop_id = last
    return True


def _next_shops(rules: Sequence[AnnouncedRule], *, after: int) -> list[Shop]:
    """Return the next shops in the order of their ids; where all rules name shops or plans, only those."""
    found = Shop.objects.filter(pk__gt=after).exclude(status__in=GONE)
    if all(each.rule.shop_id is not None or each.rule.plan_id is not None for each in rules):
        of_plans = ShopPlan.objects.filter(plan_id__in=[each.rule.plan_id for each in rules])
        named = [each.rule.shop_id for each in rules if each.rule.shop_id is not None]
        found = found.filter(Q(pk__in=named) | Q(pk__in=of_plans.values("shop_id")))
    return list(found.order_by("pk")[:SHOPS_AT_ONCE])


def _concerned(rules: Sequence[AnnouncedRule], shops: Sequence[Shop]) -> dict[Shop, list[AnnouncedRule]]:
    """Return the rules that each shop is notified of.

    A rule that was withdrawn before its begin is told to those shops that had read of it. The end of a rule whose begin
    is in the same letter is in that begin's own words.
    """
    known = Concerned.read(shops, [each.rule for each in rules])
    begins = {each.rule_id for each in rules if not each.is_end and not never_applies(each.rule)}
    withdrawn = {each.rule_id for each in rules if each.is_end and never_applies(each.rule)}
    shop_ids = [shop.pk for shop in shops]
    had_read = announcements.find_notified_of_start(rule_ids=withdrawn, shop_ids=shop_ids) if withdrawn else set()

    def is_told(each: AnnouncedRule, shop: Shop) -> bool:
        if not each.is_end:
            return each.rule_id in begins and known.by_begin(shop, each.rule)
        if each.rule_id in withdrawn:
            return (each.rule_id, shop.pk) in had_read
        return each.rule_id not in begins and known.by_end(shop, each.rule)

    return {shop: [each for each in rules if is_told(each, shop)] for shop in shops}


def _write(
    announcement: CommissionAnnouncement,
    rules: Sequence[AnnouncedRule],
    shops: Sequence[Shop],
    told: Sequence[announcements.Pair],
    now: datetime,
) -> None:
    """Write to the owners of the shops that are notified now."""
    by_id = {each.pk: each for each in rules}
    changes: dict[int, list[Change]] = {}
    for announced_id, shop_id in sorted(told):
        each = by_id[announced_id]
        changes.setdefault(shop_id, []).append(Change(each.rule, each.is_end))
    goods = name_goods([each.rule for each in rules])
    send_to_owners_of_each(
        [shop for shop in shops if shop.pk in changes],
        lambda shop: write_notice(shop, changes[shop.pk], goods),
        kind="shop.commission",
        url=lambda shop: shop_url(shop, PAGE),
        action=gettext_lazy("See your commission"),
        key=f"commission-{announcement.pk.hex}",
        now=now,
    )
