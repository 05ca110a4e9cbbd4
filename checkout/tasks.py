"""Tasks of checkout."""

from typing import Any

from django.utils import timezone

from checkout.announcing.message_letters import write_due_letters
from checkout.commission.announcing import announce_rules
from checkout.commission.trials import run_trials
from checkout.disputes import pushing
from checkout.ending import expire_orders
from checkout.fulfilling import find_late_parts as late_parts
from checkout.fulfilling.deliver_by_timer import deliver_overdue
from checkout.payments import poll_payments
from checkout.refunds import push_refunds
from kit.work.jobs import begin
from kit.work.tasks import shared_task


@shared_task(name="checkout.expire_reservations")
def expire_reservations(**_: Any) -> None:
    """End orders whose reservation is over."""
    begin(expire_reservations)
    expire_orders.expire_reservations(now=timezone.now())


@shared_task(name="checkout.deliver_by_timer")
def deliver_by_timer(**_: Any) -> None:
    """Deliver parcels that should have arrived long ago."""
    deliver_overdue(now=timezone.now())


@shared_task(name="checkout.find_late_parts")
def find_late_parts(**_: Any) -> None:
    """Find parts that have become late to send or to arrive."""
    late_parts.find_late_parts(now=timezone.now())


@shared_task(name="checkout.write_message_letters")
def write_message_letters(**_: Any) -> None:
    """Write the letters about messages that have been unread for some minutes."""
    begin(write_message_letters)
    write_due_letters(now=timezone.now())


@shared_task(name="checkout.poll_open_payments")
def poll_open_payments(**_: Any) -> None:
    """Poll payments for which no event has arrived."""
    begin(poll_open_payments)
    poll_payments.poll_open_payments(now=timezone.now())


@shared_task(name="checkout.push_open_refunds")
def push_open_refunds(**_: Any) -> None:
    """Send refunds that wait, and ask about those under way."""
    begin(push_open_refunds)
    push_refunds.push_open_refunds(now=timezone.now())


@shared_task(name="checkout.push_disputes")
def push_disputes(**_: Any) -> None:
    """Send answers to disputes, remind of those without one, and ask about the undecided ones that are due."""
    begin(push_disputes)
    now = timezone.now()
    pushing.push_answers(now=now)
    pushing.remind_of_disputes(now=now)
    pushing.ask_about_disputes(now=now)


@shared_task(name="checkout.find_disputes")
def find_disputes(**_: Any) -> None:
    """Look for disputes of which no event has told us."""
    pushing.find_missed_disputes(now=timezone.now())


@shared_task(name="checkout.try_commission_rules")
def try_commission_rules(**_: Any) -> None:
    """Go on with trials of commission rules."""
    begin(try_commission_rules)
    run_trials(now=timezone.now())


@shared_task(name="checkout.announce_commission_rules")
def announce_commission_rules(**_: Any) -> None:
    """Tell shops of the commission rules that were published."""
    begin(announce_commission_rules)
    announce_rules(now=timezone.now())
