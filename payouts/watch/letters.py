"""Word to operators of what the watch has found: one letter and one notice for a round, each finding three times."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext, gettext_noop, ngettext

from accounts.selectors import list_people
from accounts.services.languages import speaking_to
from kit.web.hosts import platform_url
from notifications.services import notify, queue_email
from payouts.models import CheckFinding
from payouts.watch.checks import watched_checks
from payouts.watch.subjects import subject_label

SHOWN = 10  # of each kind in a letter; the page has all
OLD = timedelta(days=1)
PAGE = "/operator/checks/"
BEGUN, LASTING, GONE = gettext_noop("New"), gettext_noop("Still there after a day"), gettext_noop("Over")


@dataclass(frozen=True, slots=True)
class _Told:
    """Findings of one kind in a letter."""

    title: str
    findings: Sequence[CheckFinding]


def tell_findings(*, round_id: object, gone_before: datetime, now: datetime) -> None:
    """Write to every operator of findings that are new, a day old or over, in one letter; mark each as told.

    One that an operator has acknowledged is not told of a second time because of its age.

    Args:
        gone_before: findings that ended later may come back, and are not told of yet.
    """
    rows = CheckFinding.objects
    is_open = Q(ended_at__isnull=True)
    is_old = Q(told_at__lt=now, told_old_at__isnull=True, acknowledged_at__isnull=True, first_seen_at__lte=now - OLD)
    is_gone = Q(ended_at__lte=gone_before, told_at__isnull=False, told_ended_at__isnull=True)
    told = [
        _Told(BEGUN, _marked(rows.filter(is_open, told_at__isnull=True), now, "told_at")),
        _Told(LASTING, _marked(rows.filter(is_open & is_old), now, "told_old_at")),
        _Told(GONE, _marked(rows.filter(is_gone), now, "told_ended_at")),
    ]
    told = [each for each in told if each.findings]
    if told:
        _write(told, round_id, now)


def _marked(rows: "QuerySet[CheckFinding]", now: datetime, mark: str) -> list[CheckFinding]:
    found = list(rows.order_by("id"))
    CheckFinding.objects.filter(pk__in=[each.pk for each in found]).update(**{mark: now})
    return found


def _write(told: Sequence[_Told], round_id: object, now: datetime) -> None:
    key, begun = f"watch:{round_id}", sum(len(each.findings) for each in told if each.title == BEGUN)
    others = sum(len(each.findings) for each in told) - begun
    for operator in list_people(is_operator=True).filter(is_active=True).order_by("pk"):
        with speaking_to(user_id=operator.pk):
            subject = _subject(begun, others)
            context = {"name": operator.name, "subject": subject, "groups": _shown(told), "link": platform_url(PAGE)}
            queue_email(
                to=operator.email,
                template="watch_findings",
                context=context,
                dedup_key=f"{key}:{operator.pk}",
                now=now,
                user_id=operator.pk,
            )
            notify(
                user_id=operator.pk,
                kind="watch.findings",
                title=subject,
                body=gettext("The checks page explains each of them, with what to do."),
                url=platform_url(PAGE),
                dedup_key=key,
                now=now,
            )


def _subject(begun: int, others: int) -> str:
    if begun:
        return ngettext(
            "The market’s checks have found %(count)s problem",
            "The market’s checks have found %(count)s problems",
            begun,
        ) % {"count": begun}
    return ngettext(
        "%(count)s finding of the checks is over or still open",
        "%(count)s findings of the checks are over or still open",
        others,
    ) % {"count": others}


def _shown(told: Sequence[_Told]) -> list[dict[str, object]]:
    titles = {check.name: str(check.title) for check in watched_checks()}
    return [
        {
            "title": gettext(each.title),
            "rows": [
                {
                    "check": titles.get(one.check_name, one.check_name),
                    "subject": subject_label(one.subject),
                    "url": platform_url(f"{PAGE}findings/{one.pk}/"),
                }
                for one in each.findings[:SHOWN]
            ],
            "more": max(len(each.findings) - SHOWN, 0),
        }
        for each in told
    ]
