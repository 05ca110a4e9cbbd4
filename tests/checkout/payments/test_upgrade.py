"""A market from before work that waits had columns of its own is upgraded in place: what waits goes on."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from django_tenants.utils import schema_context

from checkout.models import Payment
from kit.db.sql import fetch_all
from notifications.models import Email
from tenants.schemas.migrations import migrate_public
from tenants.schemas.quick_states import QuickExecutor
from tests.world.market import buy, open_shop, stock

pytestmark = pytest.mark.usefixtures("live_database")
TARGETS = [("checkout", "0004_validate_amounts"), ("notifications", "0001_initial"), ("kit", "0002_bulk_jobs")]
OLD_EMAILS = """
INSERT INTO public.notifications_email ("to", subject, text, html, is_secret, dedup_key, created_at, due_at, attempts,
       last_error)
SELECT 'ada@example.com', 'Paid', 'Paid', '', false, %(attempts)s || '-' || n, now(), now(), %(attempts)s, ''
  FROM generate_series(1, 1001) n
"""


def go_back() -> None:
    with schema_context("public"):
        QuickExecutor(connection).migrate(TARGETS)


def invalid() -> list[tuple[str]]:
    return fetch_all(
        "SELECT conname FROM pg_constraint WHERE NOT convalidated"
        " UNION ALL SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid"
    )


def test_payments_that_wait_keep_their_schedule_and_others_are_left_alone() -> None:
    now = timezone.now()
    cloth = stock(open_shop("cloth-hall"), on_hand=9)
    waiting, declined, long_declined = (buy(cloth.line(), now=now).payments.get() for _ in range(3))
    go_back()
    with connection.cursor() as cursor:
        change = "UPDATE public.checkout_payment SET status = %s, created_at = %s, checked_at = %s WHERE id = %s"
        for payment, status, age in (
            (waiting, "open", timedelta(hours=4)),
            (declined, "failed", timedelta(hours=4)),
            (long_declined, "failed", timedelta(days=30)),
        ):
            cursor.execute(change, [status, now - age, now - age + timedelta(hours=2), payment.pk])

    assert migrate_public() >= 9

    due_in = {pk: due_at - now for pk, due_at in Payment.objects.values_list("pk", "due_at") if due_at is not None}
    assert due_in[waiting.pk] == due_in[declined.pk] == timedelta(hours=-1)
    assert due_in[long_declined.pk] > timedelta(0)  # as the column's default has it: nothing was written
    assert Payment.objects.get(pk=waiting.pk).attempts == 12
    assert invalid() == []


def test_emails_that_were_tried_eight_times_are_given_up() -> None:
    go_back()
    with connection.cursor() as cursor:
        for attempts in (7, 8):
            cursor.execute(OLD_EMAILS, {"attempts": attempts})

    migrate_public()

    given_up = Email.objects.exclude(given_up_at=None).values_list("attempts", "last_error")
    assert Counter(given_up) == {(8, "Not known."): 1001}
    assert Email.objects.filter(given_up_at=None).count() == 1001


def test_indexes_that_a_killed_migration_left_behind_are_built_again() -> None:
    go_back()
    left = {
        "payment_waiting": "checkout_payment",
        "refund_alone_under_way": "checkout_refund",
        "outbox_waiting": "kit_outboxmessage",
        "email_waiting": "notifications_email",
    }
    with connection.cursor() as cursor:
        for name, table in left.items():
            cursor.execute(f"CREATE INDEX {name} ON public.{table} (id)")
            cursor.execute("UPDATE pg_index SET indisvalid = false WHERE indexrelid = %s::regclass", [f"public.{name}"])
    assert len(invalid()) == len(left)

    migrate_public()

    assert invalid() == []
