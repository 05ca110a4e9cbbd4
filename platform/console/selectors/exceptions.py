"""Cases that need an operator: found where they are recorded, shown oldest first."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Window
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from checkout.orders.operations import payments_needing_attention
from checkout.returning.selectors import escalated_returns
from console.selectors.bulk import list_bulk_jobs
from console.selectors.payout_advice import advice_for_run, words_of_run
from console.selectors.queues import stuck_events, stuck_refunds
from kit.money import format_minor
from kit.sentences.stored import in_words
from kit.text.dates import written_date
from payouts.disputes.selectors import list_disputes
from payouts.models import DisputeStatus
from payouts.selectors.payouts import list_payouts, runs_needing_attention
from tenants.applications.selectors import waiting_applications
from tenants.shops.selectors import list_migration_failures

SHOWN_OF_EACH = 10
REASON_SHOWN = 200


@dataclass(frozen=True, slots=True)
class MarketException:
    """A case that needs an operator, with a link to it."""

    since: datetime
    kind: str
    subject: str
    url: str
    note: str
    status: str
    status_label: str
    list_url: str


def list_exceptions(*, now: datetime) -> list[MarketException]:
    """Return the cases that need an operator, oldest first: a few of each kind, so that none hides the others."""
    found = [
        *_applications(),
        *_payments(),
        *_refunds(now),
        *_returns(),
        *_disputes(),
        *_payouts(),
        *_runs(),
        *_events(now),
        *_migrations(),
        *_bulk_jobs(),
    ]
    return sorted(found, key=lambda each: each.since)


def _applications() -> list[MarketException]:
    waiting = list(waiting_applications().annotate(in_all=Window(Count("pk")))[:SHOWN_OF_EACH])
    count = waiting[0].in_all if waiting else 0
    kind = (
        gettext("Application to open a shop")
        if count == 1
        else (gettext("One of %(count)s applications to open a shop") % {"count": count})
    )
    return [
        MarketException(
            since=application.submitted_at or application.created_at,
            kind=kind,
            subject=application.shop_name,
            url=reverse("console:application", args=[application.pk]),
            note=f"{application.legal_name}, {application.city}",
            status=application.status,
            status_label=gettext("To decide"),
            list_url=reverse("console:applications"),
        )
        for application in waiting
    ]


def _payments() -> list[MarketException]:
    list_url = f"{reverse('console:payments')}?status=mismatched"
    return [
        MarketException(
            since=payment.created_at,
            kind=gettext("Payment that does not match"),
            subject=payment.reference,
            url=reverse("console:order", args=[payment.order.number]),
            note=in_words(payment.note),
            status=payment.status,
            status_label=payment.label,
            list_url=list_url,
        )
        for payment in payments_needing_attention()[:SHOWN_OF_EACH]
    ]


def _refunds(now: datetime) -> list[MarketException]:
    return [
        MarketException(
            since=refund.created_at,
            kind=gettext("Refund that is stuck"),
            subject=refund.payment.order.number,
            url=reverse("console:order", args=[refund.payment.order.number]),
            note=in_words(refund.note or refund.reason),
            status=refund.status,
            status_label=refund.get_status_display(),
            list_url=f"{reverse('console:refunds')}?status={refund.status}",
        )
        for refund in stuck_refunds(now=now)[:SHOWN_OF_EACH]
    ]


def _returns() -> list[MarketException]:
    return [
        MarketException(
            since=each.status_at,
            kind=gettext("Return to decide"),
            subject=each.sub_order.number,
            url=reverse("console:return", args=[each.pk]),
            note=each.reason,
            status=each.status,
            status_label=each.get_status_display(),
            list_url=f"{reverse('console:returns')}?status={each.status}",
        )
        for each in escalated_returns()[:SHOWN_OF_EACH]
    ]


def _disputes() -> list[MarketException]:
    found = list_disputes(status=DisputeStatus.OPEN).prefetch_related(None).order_by("answer_by", "id")
    return [
        MarketException(
            since=each.opened_at,
            kind=gettext("Dispute to answer"),
            subject=each.order_number,
            url=reverse("console:dispute", args=[each.pk]),
            note=_answer_by(each.answer_by),
            status=each.status,
            status_label=each.get_status_display(),
            list_url=f"{reverse('console:disputes')}?status={each.status}",
        )
        for each in found[:SHOWN_OF_EACH]
    ]


def _answer_by(at: datetime | None) -> str:
    if at is None:
        return ""
    return gettext("Answer by %(at)s") % {"at": written_date(timezone.localtime(at), "j M, H:i T")}


def _payouts() -> list[MarketException]:
    found = list_payouts(has_problem=True).prefetch_related(None).order_by("id")
    return [
        MarketException(
            since=payout.status_at,
            kind=gettext("Payout that needs a person"),
            subject=payout.shop.slug,
            url=reverse("console:payout", args=[payout.pk]),
            note=payout.get_problem_display() if payout.problem else gettext("Paid by hand, not confirmed yet"),
            status=payout.status,
            status_label=payout.get_status_display(),
            list_url=f"{reverse('console:payouts')}?queue=1",
        )
        for payout in found[:SHOWN_OF_EACH]
    ]


def _runs() -> list[MarketException]:
    return [
        MarketException(
            since=run.created_at,
            kind=gettext("Payout run waiting for approval"),
            subject=format_minor(run.total_minor, run.currency),
            url=reverse("console:payout-run", args=[run.pk]),
            note=" ".join(filter(None, [advice_for_run(run), words_of_run(run)])),
            status=run.status,
            status_label=run.get_status_display(),
            list_url=reverse("console:payout-runs"),
        )
        for run in runs_needing_attention()[:SHOWN_OF_EACH]
    ]


def _events(now: datetime) -> list[MarketException]:
    return [
        MarketException(
            since=event.received_at,
            kind=gettext("Event that is not processed"),
            subject=f"{event.kind} {event.reference}".strip(),
            url=reverse("console:inbox-event", args=[event.pk]),
            note=in_words(event.outcome),
            status=event.status,
            status_label=event.get_status_display(),
            list_url=f"{reverse('console:inbox')}?status={event.status}",
        )
        for event in stuck_events(now=now)[:SHOWN_OF_EACH]
    ]


def _migrations() -> list[MarketException]:
    list_url = reverse("console:migrations")
    return [
        MarketException(
            since=failure.failed_at,
            kind=gettext("Shop that could not be migrated"),
            subject=failure.shop.slug,
            url=reverse("console:shop", args=[failure.shop.slug]),
            note=in_words(failure.reason)[:REASON_SHOWN],
            status="failed",
            status_label=gettext("Not served"),
            list_url=list_url,
        )
        for failure in list_migration_failures()[:SHOWN_OF_EACH]
    ]


def _bulk_jobs() -> list[MarketException]:
    list_url = f"{reverse('console:bulk-jobs')}?state=failed"
    return [
        MarketException(
            since=job.finished_at or job.created_at,
            kind=gettext("Bulk job that failed"),
            subject=job.kind,
            url=reverse("console:bulk-job", args=[job.pk]),
            note=in_words(job.last_error)[:REASON_SHOWN],
            status=job.state,
            status_label=job.get_state_display(),
            list_url=list_url,
        )
        for job in list_bulk_jobs(state="failed")[:SHOWN_OF_EACH]
    ]
