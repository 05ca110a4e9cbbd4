"""Inbound events that cannot be processed end with a reason."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone

from gateway.errors import ProviderUnavailableError
from kit.work.leased import DIED
from tests.world.payments import Hook, forged
from webhooks.models import InboundEvent
from webhooks.services import process_event
from webhooks.services.processing import BACK_OFF

pytestmark = pytest.mark.django_db
KEY = django_settings.PAYSTACK_SECRET_KEY


def stored(hook: Hook, client: Client) -> InboundEvent:
    assert hook.post(client).status_code == 200
    return InboundEvent.objects.get()


@pytest.fixture
def hook() -> Hook:
    return forged("charge.success", KEY, reference="ks-nobody-knows-this-one", amount=1)


def test_an_event_that_never_works_is_given_up_with_the_reason(
    client: Client, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(**_: object) -> None:
        raise ProviderUnavailableError("Paystack answered 503.")

    monkeypatch.setattr("webhooks.services.processing.handle", down)
    event = stored(hook, client)
    now = timezone.now()
    waits = []
    for _ in range(BACK_OFF.attempts or 0):
        done = process_event(event_id=event.pk, now=now)
        assert done
        waits.append(done.due_at - now if done.due_at else None)
        now = done.due_at or now

    assert waits[:4] == [timedelta(seconds=seconds) for seconds in (30, 60, 120, 240)]
    event.refresh_from_db()
    assert (event.status, event.outcome, event.attempts) == (
        "failed",
        "Paystack answered 503.",
        (BACK_OFF.attempts or 0),
    )


def test_an_event_whose_worker_dies_each_time_is_given_up_with_the_reason(
    client: Client, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        """An exception that no code catches."""

    def dies(**_: object) -> None:
        raise Killed

    monkeypatch.setattr("webhooks.services.processing.handle", dies)
    event = stored(hook, client)
    now = timezone.now()
    for _ in range(BACK_OFF.attempts or 0):
        with pytest.raises(Killed):
            process_event(event_id=event.pk, now=now)
        now += BACK_OFF.cap

    process_event(event_id=event.pk, now=now)
    event.refresh_from_db()
    assert (event.status, event.last_error) == ("failed", DIED)
