"""Messages to phones: by a gateway, once, not at night; in files on one machine."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoCaptureOnCommitCallbacks

from notifications import tasks
from notifications.channels import gsm
from notifications.models import Channel, TextMessage
from notifications.quiet_hours import quiet_until
from notifications.services import offered_text_channels, queue_text
from notifications.services.preferences import choose_quiet_hours
from notifications.services.texts import TEXTS, deliver_text, sweep_texts
from paystack_sandbox.letters import newest_letters
from tests.world.factories.people import person
from tests.world.text_gateway import TextGateway, running_gateway

OnCommit = DjangoCaptureOnCommitCallbacks
NOON = datetime(2026, 3, 2, 11, tzinfo=UTC)  # 12:00 in Lagos
EVENING = datetime(2026, 3, 2, 20, 30, tzinfo=UTC)  # 21:30 there
MORNING = datetime(2026, 3, 3, 6, tzinfo=UTC)


def queue(**changes: Any) -> None:
    values: dict[str, Any] = {
        "channel": Channel.SMS,
        "to": "+2348031234567",
        "email": "amina@example.com",
        "text": "Your order is paid.",
        "kind": "order.paid",
        "dedup_key": "one",
        "now": NOON,
        "agreed_at": NOON,
        "country": "NG",
    }
    queue_text(**(values | changes))


@pytest.fixture
def gateway(settings: Any) -> Iterator[TextGateway]:
    with running_gateway() as running:
        facts = {"url": running.url, "token": "secret-token", "sender": "Kasuwa"}
        settings.TEXT_GATEWAYS = {"sms": facts, "whatsapp": {**facts, "url": ""}}
        yield running


@pytest.mark.django_db
def test_a_message_goes_to_the_gateway_once_with_its_reference(
    gateway: TextGateway, settings: Any, django_capture_on_commit_callbacks: OnCommit
) -> None:
    settings.QUIET_HOURS = (0, 0)  # the task reads the clock
    with django_capture_on_commit_callbacks(execute=True):
        queue()
        queue(text="Said again.")
        assert gateway.calls == []
    message = TextMessage.objects.get()
    assert gateway.calls == [
        {
            "channel": "sms",
            "to": "+2348031234567",
            "from": "Kasuwa",
            "text": "Your order is paid.",
            "reference": str(message.pk),
            "key": str(message.pk),
            "auth": "Bearer secret-token",
        }
    ]
    assert message.sent_at
    tasks.send_text(text_id=str(message.pk), unknown="later")
    assert sweep_texts(now=NOON + timedelta(days=1)) == 0
    assert len(gateway.calls) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("status", [500, 503, 302, 429, 409, 401, 404])
def test_an_unclear_answer_is_asked_about_again_with_the_same_reference(gateway: TextGateway, status: int) -> None:
    gateway.statuses = [status]
    queue()
    message = TextMessage.objects.get()
    assert not deliver_text(text_id=str(message.pk), now=NOON)
    message.refresh_from_db()
    assert (message.sent_at, message.given_up_at) == (None, None)
    assert message.due_at == NOON + timedelta(seconds=600)  # as the gateway asks
    assert f"The gateway answered {status}" in message.last_error
    assert deliver_text(text_id=str(message.pk), now=message.due_at)
    assert [call["key"] for call in gateway.calls] == [str(message.pk)] * 2
    assert len(gateway.sent) == 1


@pytest.mark.django_db
def test_a_gateway_that_can_t_be_reached_is_asked_until_the_last_try(settings: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}/"
    facts = {"url": address, "token": "", "sender": ""}
    settings.TEXT_GATEWAYS = {"sms": facts}
    settings.QUIET_HOURS = (0, 0)
    queue()
    message, now, tries = TextMessage.objects.get(), NOON, 0
    while message.given_up_at is None:
        assert not deliver_text(text_id=str(message.pk), now=now)
        message.refresh_from_db()
        now, tries = max(now, message.due_at), tries + 1
    assert tries == TEXTS.back_off.attempts
    assert "could not be reached" in message.last_error
    assert sweep_texts(now=now + timedelta(days=1)) == 0


@pytest.mark.django_db
def test_a_number_that_the_gateway_refuses_is_given_up_at_once(gateway: TextGateway) -> None:
    gateway.statuses = [422]
    queue()
    assert not deliver_text(text_id=str(TextMessage.objects.get().pk), now=NOON)
    message = TextMessage.objects.get()
    assert (message.given_up_at, message.sent_at, gateway.sent) == (NOON, None, {})
    assert sweep_texts(now=NOON + timedelta(days=1)) == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changes", [{"to": ""}, {"to": "0803 123"}, {"agreed_at": None}, {"channel": Channel.WHATSAPP}]
)
def test_nothing_is_written_to_who_has_not_asked_or_can_t_be_reached(
    gateway: TextGateway, changes: dict[str, Any]
) -> None:
    queue(**changes)
    assert not TextMessage.objects.exists()


@pytest.mark.django_db
def test_a_market_without_a_gateway_offers_none() -> None:
    assert offered_text_channels() == []
    queue()
    assert not TextMessage.objects.exists()


@pytest.mark.django_db
def test_at_night_a_message_waits_for_its_reader_s_morning(gateway: TextGateway) -> None:
    queue(now=EVENING)
    queue(now=EVENING, dedup_key="elsewhere", country="US")  # where it is afternoon
    assert sweep_texts(now=EVENING) == 1
    assert [call["reference"] for call in gateway.calls] == [str(TextMessage.objects.get(dedup_key="elsewhere").pk)]
    assert sweep_texts(now=MORNING - timedelta(minutes=1)) == 0
    assert sweep_texts(now=MORNING) == 1
    assert len(gateway.sent) == 2


@pytest.mark.django_db
def test_a_later_try_that_comes_into_the_night_waits_too(gateway: TextGateway) -> None:
    gateway.statuses = [500]
    before = EVENING - timedelta(minutes=32)
    queue(now=before, agreed_at=before)
    message = TextMessage.objects.get()
    assert not deliver_text(text_id=str(message.pk), now=before)
    message.refresh_from_db()
    deliver_text(text_id=str(message.pk), now=EVENING)
    assert len(gateway.calls) == 1
    message.refresh_from_db()
    assert message.due_at >= MORNING
    assert sweep_texts(now=message.due_at) == 1
    assert len(gateway.calls) == 2


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)).map(lambda at: at.replace(tzinfo=UTC)))  # noqa: DTZ001
def test_the_quiet_ends_at_seven_wherever_the_reader_is(now: datetime) -> None:
    for name in ("Africa/Lagos", "America/New_York", "Asia/Kolkata", "Australia/Sydney"):
        zone = ZoneInfo(name)
        clock, ends = now.astimezone(zone), quiet_until(now, zone)
        assert (ends is None) == (7 <= clock.hour < 21)
        if ends is not None:
            assert ends.astimezone(zone).hour == 7
            assert timedelta(0) < ends - now <= timedelta(hours=11)
            assert quiet_until(ends, zone) is None


@pytest.mark.parametrize(
    ("hours", "quiet"),
    [((13, 15), {13, 14}), ((22, 6), {22, 23, 0, 1, 2, 3, 4, 5}), ((0, 0), set()), ((9, 9), set())],
)
def test_hours_of_one_s_own_are_quiet_by_day_over_midnight_or_never(hours: tuple[int, int], quiet: set[int]) -> None:
    own, noon = (time(hours[0]), time(hours[1])), NOON.replace(minute=30)
    times = [noon.replace(hour=hour) for hour in range(24)]
    found = {at.hour: ends for at in times if (ends := quiet_until(at, ZoneInfo("UTC"), own))}
    assert set(found) == quiet
    assert {ends.hour for ends in found.values()} <= {hours[1]}


@pytest.mark.django_db
def test_a_message_waits_for_the_end_of_its_reader_s_own_quiet_hours(gateway: TextGateway) -> None:
    user = person(email="amina@example.com")
    choose_quiet_hours(user_id=user.pk, hours=(time(10), time(20)), now=NOON)
    queue(user_id=user.pk)
    message = TextMessage.objects.get()
    assert message.due_at > NOON
    TextMessage.objects.update(due_at=NOON)
    sweep_texts(now=NOON)
    assert gateway.calls == []  # nor is it sent by a later try
    sweep_texts(now=message.due_at + timedelta(seconds=2))
    assert len(gateway.calls) == 1


@pytest.mark.django_db
def test_a_secret_text_is_forgotten_once_sent(gateway: TextGateway) -> None:
    queue(is_secret=True)
    assert deliver_text(text_id=str(TextMessage.objects.get().pk), now=NOON)
    assert TextMessage.objects.get().text == ""
    with pytest.raises(IntegrityError, match="text_message_secret_emptied"), transaction.atomic():
        TextMessage.objects.update(text="the link")
    with pytest.raises(IntegrityError, match="text_message_channel"), transaction.atomic():
        TextMessage.objects.update(channel="email")


@pytest.mark.django_db
def test_on_one_machine_messages_lie_beside_the_letters(settings: Any, tmp_path: Path) -> None:
    settings.TEXT_FOLDER = str(tmp_path)
    queue(text="Ọrọ costs ₦5: http://kasuwa.localhost:8000/orders/KS-1/?key=" + "a" * 90)
    queue(channel=Channel.WHATSAPP, text="Ọrọ costs ₦5")
    assert sweep_texts(now=NOON) == 2
    TextMessage.objects.update(sent_at=None, due_at=NOON)
    assert sweep_texts(now=NOON) == 2  # a second time replaces the files
    found = {letter.channel: letter for letter in newest_letters(tmp_path, skip=0, files=9)}
    assert len(list(tmp_path.iterdir())) == len(found) == 2
    assert found["SMS"].to == "+2348031234567"
    assert found["SMS"].text.startswith("Oro costs NGN 5: http://kasuwa.localhost:8000/orders/KS-1/?key=aaa")
    assert found["WhatsApp"].text.strip() == "Ọrọ costs ₦5"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("[" * 80, 1),
        ("[" * 81, 2),
        ("ọ" * 70, 1),
        ("ọ" * 71, 2),
        ("😀" * 35, 1),
        ("é" * 160, 1),
    ],
)
def test_parts_are_counted_by_the_alphabet_of_sms(text: str, parts: int) -> None:
    assert gsm.parts(text) == parts


def test_marks_that_sms_lacks_become_plain_ones() -> None:
    assert gsm.plain("“Ọjà” – ₦5\u202f000… l’œuvre reçue à 7\u00a0h") == '"Ojà" - NGN 5 000... l\'oeuvre recue à 7 h'
    assert gsm.plain("市场") == "市场"
