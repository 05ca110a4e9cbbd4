"""The watch's checks of payouts and of what waits in the outbox."""

from dataclasses import replace
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy, gettext_noop

from kit.db.statements import load_statement
from kit.work.outbox import waiting_since
from payouts.audit import Finding, Found
from payouts.audit.checks import found_by
from payouts.audit.findings import SHOWN
from payouts.stored_sentences import EVENT_WAITS
from payouts.watch.checks import WatchCheck, find_at_once, find_waiting
from tenants.shops.selectors import shop_facts

TRANSFER_TAKES = timedelta(days=3)  # a bank's working days among them
RUN_TAKES = timedelta(days=2)
RELEASE_TAKES = timedelta(hours=2)  # a round comes every five minutes
DEBT_MAX_AGE = timedelta(days=30)
DIFFERENCE_MAX_AGE = timedelta(days=3)
EVENT_TAKES = timedelta(hours=1)
NO_ERROR = "–"
BEFORE_DEADLINE = timedelta(hours=2)  # of a dispute: time enough to answer


def find_stuck_messages(now: datetime) -> Found:
    """Find the events that wait for their handlers for long."""
    oldest, count = waiting_since(before=now - EVENT_TAKES, limit=SHOWN)
    findings = [
        Finding(
            f"event {message.topic} {message.pk}",
            gettext_noop("handled"),
            EVENT_WAITS.written(
                longest=500, at=message.created_at, count=message.attempts, error=message.last_error or NO_ERROR
            ),
        )
        for message in oldest
    ]
    return Found(findings, count)


def find_old_debts(now: datetime) -> Found:
    """Find the shops that have owed money without a break for long."""
    found = found_by(load_statement(__package__, "receivables_old"), {"before": now - DEBT_MAX_AGE})
    owing = [each.subject.split(" ") for each in found.findings]
    shops = shop_facts({int(shop_id) for shop_id, _ in owing}) if owing else {}
    named = [f"debt of shop {shops[int(shop_id)].slug} in {currency}" for shop_id, currency in owing]
    return Found([replace(each, subject=name) for each, name in zip(found.findings, named, strict=True)], found.total)


WAITING_CHECKS = (
    WatchCheck(
        "transfers_stuck",
        gettext_lazy("Every transfer has a final state within three days"),
        gettext_lazy(
            "A transfer is on its way for longer than any bank takes. Look it up by its reference on the provider’s "
            "page, and ask the provider’s support. It is not sent again until the provider reports it as failed."
        ),
        find_waiting(load_statement(__package__, "transfers_stuck"), longer_than=TRANSFER_TAKES),
    ),
    WatchCheck(
        "runs_stuck",
        gettext_lazy("Every payout run is finished within two days"),
        gettext_lazy(
            "Shops wait for their money. A run that waits for a second person needs one who approves or cancels it; one"
            " that is under way says on its page why the provider takes none."
        ),
        find_waiting(load_statement(__package__, "runs_stuck"), longer_than=RUN_TAKES),
    ),
    WatchCheck(
        "releases_overdue",
        gettext_lazy("What shops have earned is released when it is due"),
        gettext_lazy(
            "The money of a delivered order is due and not held, but it is not released. Look at the workers and "
            "their log: the release task fails for this shop."
        ),
        find_waiting(load_statement(__package__, "releases_overdue"), longer_than=RELEASE_TAKES),
    ),
    WatchCheck(
        "receivables_old",
        gettext_lazy("No shop owes the market money for longer than thirty days"),
        gettext_lazy(
            "The shop sells too little to pay its debt from its sales. Write to its owner and agree how it is paid, "
            "before the shop closes."
        ),
        find_old_debts,
    ),
    WatchCheck(
        "transfers_twice",
        gettext_lazy("Every transfer has its own id at the provider"),
        gettext_lazy(
            "Two of our transfers have the same id at the provider, so one of them may never have been paid. "
            "Compare both with the provider’s page, and hold the payouts until it is clear."
        ),
        find_at_once(load_statement(__package__, "transfers_twice")),
        is_quick=False,
    ),
    WatchCheck(
        "differences_old",
        gettext_lazy("Every difference of the reconciliation is resolved within three days"),
        gettext_lazy(
            "Ledger and provider differ about a movement, and the difference is still open. Open it: its page says"
            " what to do."
        ),
        find_waiting(load_statement(__package__, "differences_old"), longer_than=DIFFERENCE_MAX_AGE),
    ),
    WatchCheck(
        "disputes_unanswered",
        gettext_lazy("Every dispute is answered two hours before its deadline"),
        gettext_lazy(
            "Without an answer in time the bank gives the money to the buyer. Open the dispute and send the "
            "evidence that there is, or accept it; if its time is over, find out why it was not answered."
        ),
        find_waiting(load_statement(__package__, "disputes_unanswered"), longer_than=-BEFORE_DEADLINE),
    ),
    WatchCheck(
        "events_stuck",
        gettext_lazy("Every event is handed to its handlers within an hour"),
        gettext_lazy(
            "A handler keeps failing: a letter was not written, or a page is not up to date. Its error is shown; "
            "look at the workers’ log. It is retried for a month."
        ),
        find_stuck_messages,
    ),
)
