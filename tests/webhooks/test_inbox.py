"""The inbox: what is let in, stored once, processed later, and taken up again."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
import redis
from django.conf import settings as django_settings
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from kombu.exceptions import OperationalError

from checkout.models import Payment
from gateway.paystack.signatures import paystack_signature
from kit.db import redis as kit_redis
from kit.errors import ConflictError, NotFoundError
from paystack_sandbox.testing import SandboxProcess
from tests.world.clock import NOW
from tests.world.market import Stocked, open_shop, stock
from tests.world.payments import HOOK_PATH, Hook, forged, last_hook, pay, started
from webhooks import tasks
from webhooks.models import InboundEvent, InboundStatus
from webhooks.selectors import count_by_status, get_event, list_events, readable_body
from webhooks.services import process_event, process_next, replay_event
from webhooks.services import receiving as webhooks_receiving
from webhooks.views import MAX_BODY

pytestmark = pytest.mark.django_db
KEY = django_settings.PAYSTACK_SECRET_KEY


@pytest.fixture
def cloth(db: None) -> Stocked:
    return stock(open_shop("cloth-hall"))


@pytest.fixture
def hook() -> Hook:
    return forged("charge.success", KEY, reference="ks-nobody-knows-this-one", amount=1)


def stored(hook: Hook, client: Client) -> InboundEvent:
    assert hook.post(client).status_code == 200
    return InboundEvent.objects.get()


def test_an_event_is_stored_in_one_statement_and_answered(client: Client, hook: Hook) -> None:
    with CaptureQueriesContext(connection) as statements:
        response = hook.post(client)

    assert response.status_code == 200
    assert response.json() == {"status": "success", "message": "Received.", "data": None}
    inserts = [query["sql"] for query in statements if "webhooks_inboundevent" in query["sql"]]
    assert len(inserts) == 1
    event = InboundEvent.objects.get()
    assert (event.status, event.kind, event.reference) == ("received", "charge.success", "ks-nobody-knows-this-one")
    assert bytes(event.body) == hook.body


def test_the_same_bytes_again_count_a_delivery(client: Client, hook: Hook) -> None:
    for _ in range(3):
        assert hook.post(client).status_code == 200

    assert InboundEvent.objects.get().deliveries == 3


@pytest.mark.parametrize("signature", ["", "0" * 128, "é"])
def test_a_bad_signature_is_refused_and_nothing_is_stored(client: Client, hook: Hook, signature: str) -> None:
    response = Hook(hook.body, signature).post(client)

    assert response.status_code == 401
    assert response.json()["code"] == "bad_signature"
    assert not InboundEvent.objects.exists()


def test_a_missing_signature_is_refused(client: Client, hook: Hook) -> None:
    response = client.post(HOOK_PATH, hook.body, content_type="application/json")

    assert response.status_code == 401
    assert not InboundEvent.objects.exists()


def test_the_same_json_in_other_bytes_is_refused(client: Client, hook: Hook) -> None:
    other = json.dumps(json.loads(hook.body), indent=1).encode()

    assert Hook(other, hook.signature).post(client).status_code == 401
    assert not InboundEvent.objects.exists()


def test_a_signature_with_another_key_is_refused(client: Client) -> None:
    assert forged("charge.success", "sk_test_not_ours", reference="x").post(client).status_code == 401


def test_a_body_beyond_all_measure_is_refused_unread(client: Client) -> None:
    body = b"x" * (MAX_BODY + 1)
    response = Hook(body, paystack_signature(body=body, secret_key=KEY)).post(client)

    assert (response.status_code, response.json()["code"]) == (413, "body_too_large")
    assert not InboundEvent.objects.exists()


def test_events_are_posted(client: Client) -> None:
    response = client.get(HOOK_PATH)

    assert (response.status_code, response.json()["code"], response["Allow"]) == (405, "method_not_allowed", "POST")


def test_the_inbox_needs_no_csrf_token(hook: Hook) -> None:
    strict = Client(HTTP_HOST=django_settings.BASE_DOMAIN, enforce_csrf_checks=True)

    assert hook.post(strict).status_code == 200


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "unreadable"),
        (b"\xff\x00", "unreadable"),
        (b"[]", "unreadable"),
        (b'{"event":7}', "unreadable"),
        (b'{"event":"charge.success"}', "charge.success"),
        (b'{"event":"charge.success","data":""}', "charge.success"),
        (b'{"event":"a\\u0000b<script>","data":{"reference":"\\u0000\\ud800x"}}', "abscript"),
    ],
)
def test_a_signed_body_that_makes_no_sense_is_kept_and_ignored(body: bytes, kind: str, client: Client) -> None:
    event = stored(Hook(body, paystack_signature(body=body, secret_key=KEY)), client)

    process_event(event_id=event.pk, now=timezone.now())

    event.refresh_from_db()
    assert (event.kind, event.status) == (kind, "ignored")
    assert event.outcome


def test_an_event_is_processed_after_the_commit(
    client: Client, hook: Hook, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        hook.post(client)

    event = InboundEvent.objects.get()
    assert (event.status, event.outcome) == ("ignored", "No payment of ours has this reference.")
    assert event.processed_at is not None


def test_a_broker_that_is_down_delays_an_event_and_loses_nothing(
    client: Client, hook: Hook, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    """Also what a crash between the commit and the message leaves behind: the next round of beat finds it."""

    def broken(*_: object, **__: object) -> None:
        raise OperationalError

    monkeypatch.setattr(tasks.drain_inbox, "apply_async", broken)
    with django_capture_on_commit_callbacks(execute=True):
        assert hook.post(client).status_code == 200
    assert InboundEvent.objects.get().status == InboundStatus.RECEIVED

    tasks.drain_inbox()
    event = InboundEvent.objects.get()
    assert (event.status, event.attempts) == ("ignored", 1)
    assert process_next(now=timezone.now() + timedelta(days=1)) is None


def test_redis_that_is_down_does_not_keep_a_worker_from_being_asked_for(
    client: Client, hook: Hook, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    monkeypatch.setattr(kit_redis, "client", lambda: redis.Redis(unix_socket_path="/nowhere/redis.sock"))

    with django_capture_on_commit_callbacks(execute=True):
        assert hook.post(client).status_code == 200

    assert InboundEvent.objects.get().status == InboundStatus.IGNORED


def test_many_events_ask_for_one_worker(
    client: Client, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    asked: list[object] = []
    monkeypatch.setattr(tasks.drain_inbox, "apply_async", lambda **how: asked.append(how))
    with django_capture_on_commit_callbacks(execute=True):
        for number in range(5):
            assert forged("charge.success", KEY, reference=f"ks-nobody-knows-{number}").post(client).status_code == 200
    assert len(asked) == 1

    tasks.drain_inbox()
    assert count_by_status()["ignored"] == 5
    with django_capture_on_commit_callbacks(execute=True):
        assert forged("charge.success", KEY, reference="ks-nobody-knows-6").post(client).status_code == 200
    assert len(asked) == 2


def test_the_same_bytes_again_ask_for_a_worker_while_nobody_has_tried_the_event(
    client: Client, hook: Hook, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    """What asked at first may be lost; and whoever counts a delivery hides the row from those who look for work."""
    asked: list[object] = []
    monkeypatch.setattr(webhooks_receiving, "wake", asked.append)
    hook.post(client)
    hook.post(client)
    assert len(asked) == 2

    process_event(event_id=InboundEvent.objects.get().pk, now=timezone.now())
    hook.post(client)
    assert len(asked) == 2


def test_what_takes_long_is_left_to_the_next_call(
    client: Client, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    """Other tasks of the queue get their turn in between, and nothing is left behind."""
    for number in range(3):
        forged("charge.success", KEY, reference=f"ks-nobody-knows-{number}").post(client)
    monkeypatch.setattr(tasks, "DRAIN_SECONDS", 0)

    with django_capture_on_commit_callbacks() as callbacks:
        tasks.drain_inbox()
    assert (len(callbacks), count_by_status()["ignored"]) == (1, 1)

    with django_capture_on_commit_callbacks(execute=True):
        tasks.drain_inbox()
    assert count_by_status()["ignored"] == 3


def test_the_longest_waiting_comes_first_and_what_is_put_off_waits(client: Client) -> None:
    now = timezone.now()
    ids = []
    for number, (attempts, due_in) in enumerate([(1, 31), (1, -5), (0, 3600 * 24), (0, 0.05), (0, -10)]):
        event = InboundEvent.objects.create(
            provider="paystack",
            digest=str(number),
            kind="nothing.acts.on.it",
            body=b"{}",
            attempts=attempts,
            received_at=now,
            due_at=now + timedelta(seconds=due_in),
        )
        ids.append(event.pk)

    done = []
    while tried := process_next(now=now):
        done.append(ids.index(tried.event_id))

    # The third bears a time that no clock of ours may be wrong by; the fourth one that it may.
    assert done == [4, 1, 3]


@pytest.mark.parametrize("kind", ["rate_limit", "server_error", "html"])
def test_trouble_at_paystack_puts_an_event_off(
    kind: str, client: Client, paystack: SandboxProcess, cloth: Stocked
) -> None:
    payment = started(cloth.line())
    pay(paystack, payment)
    event = stored(last_hook(paystack), client)
    paystack.add_fault(kind, seconds=90, match={"path": "/transaction/verify"})
    now = timezone.now()

    process_event(event_id=event.pk, now=now)

    event.refresh_from_db()
    assert (event.status, event.attempts) == ("received", 1)
    assert event.outcome.startswith("Paystack answered")
    assert event.due_at == now + timedelta(seconds=90 if kind == "rate_limit" else 30)
    assert Payment.objects.get().status == "open"
    assert process_event(event_id=event.pk, now=now + timedelta(seconds=1)) is None

    process_event(event_id=event.pk, now=now + timedelta(seconds=91))
    event.refresh_from_db()
    assert (event.status, Payment.objects.get().status) == ("processed", "captured")


def test_a_bug_in_a_handler_is_kept_with_the_event(
    client: Client, hook: Hook, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(**_: object) -> None:
        raise ZeroDivisionError("oh dear")

    monkeypatch.setattr("webhooks.services.processing.handle", broken)
    event = stored(hook, client)
    process_event(event_id=event.pk, now=timezone.now())

    event.refresh_from_db()
    assert (event.status, event.outcome) == ("received", "ZeroDivisionError: oh dear")
    assert "failed; it will be tried again" in caplog.text


def test_an_event_ahead_of_the_api_waits_for_it(client: Client, paystack: SandboxProcess, cloth: Stocked) -> None:
    payment = started(cloth.line())
    event = stored(forged("charge.success", KEY, reference=payment.reference, amount=payment.amount_minor), client)

    process_event(event_id=event.pk, now=NOW + timedelta(minutes=1))

    event.refresh_from_db()
    assert (event.status, Payment.objects.get().status) == ("received", "open")
    assert "waiting for the buyer" in event.outcome


def test_an_event_can_be_replayed_and_changes_nothing_twice(
    client: Client, paystack: SandboxProcess, cloth: Stocked, django_capture_on_commit_callbacks: Any
) -> None:
    pay(paystack, started(cloth.line(2)))
    event = stored(last_hook(paystack), client)
    with pytest.raises(ConflictError):
        replay_event(event_id=event.pk, now=timezone.now())
    process_event(event_id=event.pk, now=timezone.now())
    before = cloth.level()

    with django_capture_on_commit_callbacks(execute=True):
        replay_event(event_id=event.pk, now=timezone.now())

    event.refresh_from_db()
    assert (event.status, event.attempts) == ("processed", 1)
    assert cloth.level() == before == (8, 0)


def test_events_are_found(client: Client, hook: Hook) -> None:
    event = stored(hook, client)

    assert list(list_events(search="ks-nobody-knows-this-one")) == [event]
    assert list(list_events(status="failed")) == list(list_events(search="refund")) == []
    assert '"event": "charge.success"' in readable_body(get_event(event_id=event.pk))
    assert count_by_status() == {"received": 1, "processed": 0, "ignored": 0, "failed": 0}
    with pytest.raises(NotFoundError):
        get_event(event_id=0)


def test_an_event_is_kept_once_by_the_database(client: Client, hook: Hook) -> None:
    event = stored(hook, client)
    event.pk = None
    with pytest.raises(IntegrityError, match="inbound_event_once"), transaction.atomic():
        event.save(force_insert=True)


def test_a_waiting_event_has_a_time_by_the_database(client: Client, hook: Hook) -> None:
    event = stored(hook, client)
    with pytest.raises(IntegrityError, match="inbound_waiting_has_time"), transaction.atomic():
        InboundEvent.objects.filter(pk=event.pk).update(due_at=None)
