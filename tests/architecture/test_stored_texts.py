"""Sentences are stored in English by one module, and shown in the reader's language wherever a row is shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from tests.architecture.sources import ROOT, own_apps, python_files, source_files
from tests.texts.stored_texts import stored_texts

# Columns that hold sentences of ours, alone or beside people's and providers' own words.
SENTENCES = {
    "catalogue.StockImportRow.message",
    "checkout.ConversationReader.last_error",
    "checkout.Order.last_error",
    "checkout.Payment.last_error",
    "checkout.Payment.note",
    "checkout.Refund.last_error",
    "checkout.Refund.note",
    "checkout.Refund.reason",
    "kit.BulkJob.last_error",
    "kit.OutboxMessage.last_error",
    "notifications.Email.last_error",
    "notifications.TextMessage.last_error",
    "payouts.CheckFinding.expected",
    "payouts.CheckFinding.found",
    "payouts.CheckRun.problem",
    "payouts.CommissionAnnouncement.last_error",
    "payouts.CommissionTrial.last_error",
    "payouts.Difference.note",
    "payouts.Dispute.last_error",
    "payouts.Dispute.problem",
    "payouts.DisputeAnswer.last_error",
    "payouts.DisputeAnswer.note",
    "payouts.Journal.description",
    "payouts.Payout.hold_reason",
    "payouts.Payout.note",
    "payouts.PayoutRun.last_error",
    "payouts.PayoutRun.problem",
    "payouts.ReconciliationRun.problem",
    "payouts.Transfer.last_error",
    "payouts.Transfer.message",
    "payouts.WatchRound.problem",
    "tenants.DomainClaim.last_error",
    "tenants.MigrationFailure.reason",
    "tenants.Shop.status_note",
    "tenants.ShopExport.last_error",
    "webhooks.InboundEvent.last_error",
    "webhooks.InboundEvent.outcome",
}
# Columns of these names that hold people's own words, or a bank's.
OWN_WORDS = {
    "catalogue.Product.description",
    "checkout.OrderMessage.text",
    "checkout.Return.note",
    "checkout.Return.reason",
    "checkout.Reversal.reason",
    "console.AuditEntry.reason",
    "discovery.Listing.description",
    "notifications.Email.text",
    "notifications.TextMessage.text",
    "payouts.CheckFinding.note",
    "payouts.Dispute.claim",
    "payouts.DisputeEvidence.text",
    "payouts.HandPayment.reason",
    "payouts.ReleaseHold.note",
    "tenants.ApplicationEntry.message",
    "tenants.Shop.description",
}
NAMES = {
    "claim", "description", "expected", "found", "hold_reason", "last_error", "message", "note", "outcome", "problem",
    "reason", "status_note", "text",
}  # fmt: skip
# Names of columns and of the values that become them.
STORED = frozenset(
    {"description", "hold_reason", "last_error", "note", "outcome", "problem", "reason", "status_note", "text"}
    | {"fault", "refusal"}  # of rows of imports
)
PLACES = {"JournalDraft": 2, "Result": 1}
# Modules that store nothing: they check a request, show a row, or speak in the terminal.
EDGES = {
    "admin", "api", "demo", "forms", "management", "paystack_sandbox", "replay", "serializers", "templatetags", "views",
}  # fmt: skip
WITHOUT_ROWS = ("vendors/", "platform/config/", "platform/console/selectors/", "platform/kit/")
SPOKEN = {
    "checkout/disputes/evidence.py": "texts that a shop reads before it has them sent to the bank",
    "payouts/runs/send.py": "the reason beside a transfer, which the bank shows; its worker speaks English",
    "payouts/services/posting.py": "an order with nothing to pay is booked while it is placed, in constant words",
}
# What templates show as it is, and why.
SHOWN_AS_WRITTEN = {
    "change.message busy.message each.message error.message quote.refusal.message refusal.message": "made for the page",
    "as_of.error each.subject row.subject each.note event.note hit.note": "put into words by the view",
    "each.reason returned.reason returned.note refund.reversal.reason": "words of a buyer, a shop or an operator",
    "entry.message last.message entry.entry.reason row.entry.reason finding.note hold.note": "an operator's words",
    "payment.reason request.shop_view.reason": "an operator's words",
    "listing.shop.status_note page.status_note": "a shop's words about its holiday",
    "listing.description page.description product.description": "a shop's words",
    "dispute.claim": "the bank's words",
    "letter.subject": "a letter of the sandbox, as it was sent",
    "row.claim": "a row",
    "each.last.outcome each.last.found run.found": "a code, a count",
    "row.table.note table.note": "of the tables of tax, which are files",
}
SHOWN = re.compile(
    r"(?:\{\{ *|=|\"|\{% translate )([a-z_]+(?:\.[a-z_]+)*\."
    r"(?:note|problem|outcome|hold_reason|status_note|last_error|reason|description|message|found|expected|subject|error"
    r"|claim))\b(\|in_words)?"
)
FIELD = re.compile(r"(\w+_)?forms?\.")  # of a form
# What the API answers as it is, and why.
ANSWERED = re.compile(
    r"^    (note|problem|outcome|hold_reason|message|error|reason|expected|found) = serializers\.CharField\(",
    re.MULTILINE,
)
ANSWERED_AS_WRITTEN = {
    "checkout/serializers/carts.py message": "made for the answer",
    "checkout/serializers/find_order.py message": "made for the answer",
    "checkout/serializers/reordering.py message": "made for the answer",
    "checkout/serializers/returns.py note": "a buyer's words",
    "checkout/serializers/returns.py reason": "a buyer's words",
    "payouts/api/releases.py note": "an operator's words",
    "platform/console/api/audit_log.py reason": "an operator's words",
    "platform/console/api/checks.py note": "an operator's words",
    "platform/console/api/search.py note": "made for the answer",
    "platform/kit/api/envelope.py message": "made for the answer",
    "vendors/serializers/orders.py message": "made for the answer",
    "vendors/serializers/tax.py note": "of the tables of tax, which are files",
}


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def storing_modules() -> Iterator[Path]:
    for path in python_files():
        parts = {*path.relative_to(ROOT).parts, path.stem}
        if not EDGES & parts and not path.stem.endswith("forms") and not name(path).startswith(WITHOUT_ROWS):
            yield path


def unshown(source: str) -> set[str]:
    """Return what a template shows of such a name without `in_words`."""
    return {found[1] for found in SHOWN.finditer(source) if not found[2] and not FIELD.match(found[1])}


def test_every_column_of_words_is_known() -> None:
    found = {
        f"{model._meta.label}.{column.name}"
        for model in apps.get_models()
        if model._meta.app_label in own_apps()
        for column in model._meta.local_fields
        if isinstance(column, models.CharField | models.TextField) and not column.choices and column.name in NAMES
    }
    assert found == SENTENCES | OWN_WORDS, "Say whether it holds sentences of ours (docs/recipes/add-a-text.md)."


def test_sentences_are_stored_in_english() -> None:
    found = {
        name(path): texts for path in storing_modules() if (texts := stored_texts(path.read_text(), STORED, PLACES))
    }
    assert sorted(found.keys() - SPOKEN.keys()) == [], f"Store a Sentence's `written` (docs/adr/0098): {found}"
    assert sorted(SPOKEN.keys() - found.keys()) == []


@pytest.mark.parametrize(
    "source",
    [
        'row.note = gettext("Too late.")',
        'row.note, row.status = gettext("Sold: %(n)s") % {"n": 1}, "x"',
        'row.note = f"The provider says {state}."',
        'Payment.objects.filter(pk=1).update(note=gettext("Too late.")[:200])',
        'def add(row):\n    why = gettext("Too late.")\n    row.reason = why',
        'def why():\n    return gettext("Too late.")\ndef add(row):\n    row.reason = why()',
        'def add(row, why):\n    row.reason = why\nadd(1, f"It was {state} before.")',
        'class Decision:\n    status: str\n    note: str\nDecision("paid", gettext("Too late."))',
        'JournalDraft(KIND, source, f"Payment {reference} captured", currency, now)',
        'add_step(dispute, "held", now=now, text=format_minor(amount, currency))',
        'row.outcome = f"{payment.get_status_display()}"',
    ],
)
def test_a_sentence_in_somebodys_language_is_found(source: str) -> None:
    assert stored_texts(source, STORED, PLACES)


@pytest.mark.parametrize(
    "source",
    [
        'row.note = TOO_LATE.written(by=gettext("Kasuwa"))',
        'row.note = gettext_noop("Too late.")',
        'row.note = "" if gettext("Too late.") in shown else NOTE',
        'row.source = f"{reference}.{moves}"',
        'message = gettext("Too late.")\nraise ConflictError(message)',
        'def add(row, why):\n    row.reason = why\nadd(1, entered["reason"])',
    ],
)
def test_what_reads_the_same_for_everybody_is_left_alone(source: str) -> None:
    assert stored_texts(source, STORED, PLACES) == []


def test_stored_sentences_are_shown_in_the_readers_language() -> None:
    left = {each for line in SHOWN_AS_WRITTEN for each in line.split()}
    templates = [path for suffix in (".html", ".txt") for path in source_files(suffix) if "templates" in path.parts]
    found = {name(path): texts for path in templates if (texts := unshown(path.read_text()) - left)}
    assert found == {}, "Show it by `|in_words`, or say why it is shown as it was written."
    assert unshown('<td>{{ payment.note|default:"–" }}</td>') == {"payment.note"}
    assert unshown("{% translate refund.reason %}") == {"refund.reason"}
    assert unshown("{{ payment.note|in_words }}") == set()


def test_stored_sentences_are_answered_in_the_language_of_the_call() -> None:
    found = {
        f"{name(path)} {field}"
        for path in python_files()
        if {"api", "serializers"} & {*path.parts, path.stem}
        for field in ANSWERED.findall(path.read_text())
    }
    assert found == ANSWERED_AS_WRITTEN.keys(), "Answer it by InWordsField, or say why it is as it was written."
    assert ANSWERED.findall("class A:\n    note = serializers.CharField(allow_blank=True)\n") == ["note"]
