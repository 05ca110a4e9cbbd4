"""Open pages ask for changes: answered from Redis, ahead of Django and behind another server alike."""

from __future__ import annotations

from threading import Event
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks
from redis.exceptions import RedisError

from checkout.events import OrderPaid, PaymentFailed
from checkout.fulfilment.events import VendorOrderDelivered
from kit.live import ask_address, rendered_at, touch
from kit.web.direct_steps import Steps
from kit.web.live_front import LiveAnswers, is_question
from notifications.services import notify
from tests.world.clock import TODAY
from tests.world.factories.people import person

OnCommit = DjangoCaptureOnCommitCallbacks
ID = UUID("0199f2c1-7c1f-7b10-9a44-0d6b1f5e2c77")


class Head:
    """A request's head, as the server gives it."""

    def __init__(self, path: str, *, method: str = "GET", **headers: str) -> None:
        self.path, self.method = path, method
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


class Taken:
    """An answer, once it is given."""

    def __init__(self) -> None:
        self.is_given = Event()

    def response_empty(self, status: int, headers: list[tuple[str, str]]) -> None:
        self.status, self.headers = int(status), dict(headers)
        self.is_given.set()


def ask_django(address: str, tag: str = "") -> tuple[int, str | None]:
    more = {"HTTP_IF_NONE_MATCH": tag} if tag else {}
    answer = Client(HTTP_HOST=settings.BASE_DOMAIN).get(address, **more)  # type: ignore[arg-type]
    return answer.status_code, answer.headers.get("ETag")


def ask_front(address: str, tag: str = "") -> tuple[int, str | None]:
    head: Any = Head(address, **({"if_none_match": tag} if tag else {}))
    assert is_question(head)
    answers, taken = LiveAnswers(), Taken()
    Steps(answers.answer(head, taken)).resume()  # type: ignore[arg-type]
    assert taken.is_given.wait(timeout=60)
    answers.close()
    return taken.status, taken.headers.get("etag")


ASK = pytest.mark.parametrize("ask", [ask_django, ask_front], ids=["view", "front"])


@pytest.mark.django_db
@ASK
def test_a_page_hears_of_a_change_once_it_is_committed(
    ask: Any, django_capture_on_commit_callbacks: OnCommit, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    address = ask_address(["order:one", "person:2"])
    with django_assert_num_queries(0):
        before = ask(address)[1]
        assert ask(address, before) == (304, before)
    since = rendered_at()
    with django_capture_on_commit_callbacks(execute=True):
        touch("person:2")
        assert ask(address, before) == (304, before)
    status, tag = ask(address, before)
    assert status == 204
    assert int(tag.strip('"')) > since
    assert ask(address, tag) == (304, tag)
    assert ask(ask_address(["order:another"]))[1] == '"0"'


@pytest.mark.django_db
def test_what_is_rolled_back_is_no_change(django_capture_on_commit_callbacks: OnCommit) -> None:
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        touch("order:undone")
        transaction.set_rollback(True)
    assert ask_django(ask_address(["order:undone"]))[1] == '"0"'


@ASK
@pytest.mark.parametrize("wrong", ["signature", "none"])
def test_only_addresses_of_ours_are_answered(ask: Any, wrong: str) -> None:
    address = ask_address(["order:one"])
    assert ask(f"{address[:-4]}xxx/" if wrong == "signature" else "/live/order:one/")[0] == 404


@ASK
def test_without_redis_a_page_is_told_to_come_back(ask: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone:
        def mget(self, _: Any) -> Any:
            raise RedisError("gone")

    monkeypatch.setattr("kit.db.redis.own_client", Gone)
    assert ask(ask_address(["order:one"]))[0] == 503


@pytest.mark.parametrize(
    ("event", "subjects"),
    [
        (OrderPaid(ID), (f"order:{ID}",)),
        (VendorOrderDelivered(7, ID), (f"part:{ID}", "shop-orders:7")),
        (PaymentFailed(ID), ()),  # its buyer is written to, which touches the order
    ],
    ids=["order", "part", "payment"],
)
def test_an_event_names_the_pages_that_show_it(event: Any, subjects: tuple[str, ...]) -> None:
    assert event.live_subjects() == subjects


@pytest.mark.django_db
def test_the_bell_of_a_reader_hears_of_a_notice(client: Client, django_capture_on_commit_callbacks: OnCommit) -> None:
    amina = person()
    client.force_login(amina)
    page = client.get("/notifications/").content.decode()
    address = page.split('<meta name="live" content="')[1].split('"')[0]
    with django_capture_on_commit_callbacks(execute=True):
        notify(user_id=amina.pk, kind="x.y", title="T", body="", url="", dedup_key="one", now=TODAY)
    assert ask_django(address)[1] != '"0"'
    assert 'name="live"' not in Client(HTTP_HOST=settings.BASE_DOMAIN).get("/").content.decode()


@pytest.mark.django_db
def test_a_page_that_is_not_there_does_not_ask_to_be_shown_anew() -> None:
    """It would be fetched, and refused, each time its reader is told something."""
    browser = Client(HTTP_HOST=settings.BASE_DOMAIN)
    browser.force_login(person(email="ada@example.com"))
    assert '<meta name="live"' in browser.get("/notifications/").text
    for path in ("/nowhere/", "/operator/"):
        answer = browser.get(path)
        assert (answer.status_code, '<meta name="live"' in answer.text) == (404, False)
