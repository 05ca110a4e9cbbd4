"""The health page: every part is asked, what hangs or fails has no answer, and what is wrong says what to do."""

import socket
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import gettext, override

from kit.models import OutboxMessage
from kit.wiring import contributions
from kit.work.health import Finding, Health, HealthProbe, HealthState, check_health
from kit.work.health_probes import find_outbox, find_queues, find_redis
from notifications.services.health import find_mail
from payouts.models import WatchRound
from payouts.watch.health import find_watch
from runtime import heartbeat
from runtime.pulse_probes import find_pulse
from tests.world.books import make_operator
from tests.world.clock import NOW
from tests.world.findings import finding

PAGE = "/operator/health/"


def probe(name: str, find: Any) -> HealthProbe:
    return HealthProbe(name, name, f"Mend {name}.", find)


def good(_: datetime) -> Finding:
    return Finding(is_good=True, figures="fine")


@pytest.fixture
def released() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


def test_what_hangs_has_no_answer_and_delays_no_other(released: threading.Event) -> None:
    def hangs(_: datetime) -> Finding:
        released.wait(30)
        return Finding(is_good=True, figures="late")

    def breaks(_: datetime) -> Finding:
        raise ConnectionError("refused")

    started = time.monotonic()
    found = check_health(
        now=NOW, probes=[probe("hangs", hangs), probe("good", good), probe("breaks", breaks)], timeout=0.3
    )
    assert time.monotonic() - started < 5
    assert {each.probe.name: each.state for each in found} == {
        "hangs": HealthState.NO_ANSWER,
        "good": HealthState.GOOD,
        "breaks": HealthState.NO_ANSWER,
    }


def test_every_part_is_asked_and_has_a_remedy(db: None) -> None:
    names = {each.name for each in contributions(HealthProbe)}
    assert names == {
        "database", "redis", "queues", "outbox", "schemas", "mail", "watch", "worker", "bulk_worker", "scheduler",
    }  # fmt: skip
    for each in contributions(HealthProbe):
        assert str(each.remedy).endswith("."), each.name
    states = {each.probe.name: each.state for each in check_health(now=timezone.now())}
    assert states["database"] == states["redis"] == states["outbox"] == HealthState.GOOD


def test_an_old_event_in_the_outbox_is_bad(db: None) -> None:
    assert find_outbox(NOW).is_good
    message = OutboxMessage.objects.create(topic="tests.some", payload={}, created_at=NOW - timedelta(minutes=4))
    assert find_outbox(NOW).is_good
    OutboxMessage.objects.filter(pk=message.pk).update(created_at=NOW - timedelta(minutes=6))
    found = find_outbox(NOW)
    assert (found.is_good, found.figures) == (False, "Events that wait: 1, the oldest for 360 s.")


def test_queues_and_memory_are_read(db: None, settings: Any) -> None:
    assert find_queues(NOW).figures == "money 0, default 0, mail 0, bulk 0"
    settings.WORKER_QUEUES = ("money", "reports")
    settings.BULK_QUEUE = "heavy"
    assert find_queues(NOW).figures == "money 0, reports 0, heavy 0"
    assert find_redis(NOW).is_good


def test_a_silent_worker_is_bad(db: None) -> None:
    heartbeat.forget()
    assert not find_pulse("worker").is_good
    heartbeat.beat_once(heartbeat.WORKER)
    assert find_pulse("worker").is_good


def test_a_mail_server_that_does_not_answer_is_told(db: None, settings: Any) -> None:
    assert find_mail(NOW).is_good
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = taken.getsockname()
        [mail] = [each for each in contributions(HealthProbe) if each.name == "mail"]
        with pytest.raises(OSError, match="refused"):
            mail.find(NOW)


def test_a_mail_server_that_is_not_set_is_told(db: None, settings: Any) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "django.core.mail.backends.smtp.EmailBackend", ""
    found = find_mail(NOW)
    assert not found.is_good
    assert "EMAIL_HOST" in found.figures


def test_the_page_shows_what_is_wrong_first_with_what_to_do(client: Client, db: None) -> None:
    OutboxMessage.objects.create(topic="tests.some", payload={}, created_at=timezone.now() - timedelta(hours=1))
    client.force_login(make_operator())
    response = client.get(PAGE)
    rows = response.context["rows"]
    states = [row["health"].is_good for row in rows]
    assert states == sorted(states)
    [outbox] = [row["health"] for row in rows if row["health"].probe.name == "outbox"]
    assert outbox.state == HealthState.BAD
    assert str(outbox.probe.remedy)[:30] in response.content.decode()


def test_all_is_not_well_while_the_checks_have_found_something(client: Client, db: None, monkeypatch: Any) -> None:
    monkeypatch.setattr(
        "console.views.health.check_health", lambda **_: [Health(probe("good", good), HealthState.GOOD)]
    )
    client.force_login(make_operator())
    assert "All is well." in client.get(PAGE, HTTP_HOST="kasuwa.localhost").content.decode()
    for number, words in enumerate(("1 finding of the checks is open.", "2 findings of the checks are open.")):
        finding(now=NOW, subject=f"order {number}")
        page = client.get(PAGE, HTTP_HOST="kasuwa.localhost").content.decode()
        assert f"Everything runs, and {words}" in page
        assert "All is well." not in page
        whole = WatchRound.objects.create(is_whole=True, asked_at=NOW, began_at=NOW, ended_at=NOW)
        assert words.replace(" of the checks", "") in find_watch(NOW).figures
        whole.delete()


def test_probes_answer_in_the_language_of_the_reader() -> None:
    def find(_: datetime) -> Finding:
        return Finding(True, gettext("No event waits."))

    probe = HealthProbe("some", "Some", "Look.", find)
    with override("fr"):
        [found] = check_health(now=NOW, probes=[probe])
        assert found.figures == gettext("No event waits.") != "No event waits."
