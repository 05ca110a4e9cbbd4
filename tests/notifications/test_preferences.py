"""Which notices a person gets, by which channel: their page, the API, a click in a letter, and the one judge."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks
from rest_framework.test import APIClient

from accounts.models import User
from kit.web.hosts import platform_url
from notifications.kinds import channels_of, is_always_sent
from notifications.models import Channel, Email, NoticeKind, Notification, Preference, QuietHours
from notifications.services import notify, preferences, queue_email
from notifications.services.emails import sweep_emails
from notifications.services.preferences import Choice, choices_of, choose, is_wanted
from tests.world.clock import TODAY
from tests.world.factories.people import person

pytestmark = pytest.mark.django_db
OnCommit = DjangoCaptureOnCommitCallbacks
API = "/api/v1/notification-preferences/"
PAGE = "/notifications/preferences/"
EVERY = [(kind, channel) for kind in NoticeKind for channel in Channel]
NAMES = {
    NoticeKind.PAYMENTS: "order.paid",
    NoticeKind.PARCELS: "parcel.shipped",
    NoticeKind.MESSAGES: "message.buyer",
    NoticeKind.SALES: "order.new",
    NoticeKind.SHOP: "domain.moved",
    NoticeKind.SECURITY: "bank_account.changed",
}


@pytest.fixture
def amina() -> User:
    return person(email="amina@example.com")


def switch(user: User, kind: NoticeKind, channel: Channel, *, is_wanted: bool, now: Any = TODAY) -> None:
    choose(user_id=user.pk, choices=[Choice(kind, channel, is_wanted)], now=now)


def choices(body: dict[str, Any]) -> dict[tuple[str, str], tuple[bool, bool]]:
    return {(each["kind"], each["channel"]): (each["is_wanted"], each["can_change"]) for each in body["choices"]}


def write(user: User, template: str, **more: Any) -> None:
    shop = {"name": "Cloth Hall", "get_absolute_url": "/"}
    context = {"shop": shop, "link": "http://kasuwa.localhost:8000/x/", "title": "T", "text": "B", **more}
    queue_email(to=user.email, template=template, context=context, dedup_key=template, now=TODAY, user_id=user.pk)


@pytest.mark.parametrize(("kind", "channel"), EVERY, ids=str)
def test_each_choice_counts_or_is_refused(
    amina: User, kind: NoticeKind, channel: Channel, django_capture_on_commit_callbacks: OnCommit, api_client: APIClient
) -> None:
    """For every kind and channel: it is off where it was switched off, else it can't be switched off."""
    api_client.force_authenticate(amina)
    asked = {"choices": [{"kind": kind, "channel": channel, "is_wanted": False}]}
    with django_capture_on_commit_callbacks(execute=True):
        answer = api_client.patch(API, asked, format="json")
    wanted = is_wanted(name=NAMES[kind], channel=channel, user_id=amina.pk)
    if channel not in channels_of(kind):
        assert (answer.status_code, answer.json()["code"], wanted) == (409, "channel_not_offered", False)
    elif is_always_sent(kind, channel):
        assert (answer.status_code, answer.json()["code"], wanted) == (409, "always_sent", True)
    else:
        assert (answer.status_code, wanted) == (200, False)
        assert choices(answer.json()["data"])[kind, channel] == (False, True)
        with django_capture_on_commit_callbacks(execute=True):
            switch(amina, kind, channel, is_wanted=True)
        assert is_wanted(name=NAMES[kind], channel=channel, user_id=amina.pk)
    assert Preference.objects.count() == (answer.status_code == 200)


def test_letters_of_money_and_safety_can_t_be_switched_off_even_in_the_database(amina: User) -> None:
    for kind in (NoticeKind.PAYMENTS, NoticeKind.SECURITY):
        assert is_always_sent(kind, Channel.EMAIL)
        with pytest.raises(IntegrityError, match="preference_always_written"), transaction.atomic():
            Preference.objects.create(user=amina, kind=kind, channel=Channel.EMAIL, is_wanted=False, changed_at=TODAY)


def test_a_notice_of_an_unknown_kind_always_arrives(amina: User) -> None:
    assert is_wanted(name="a.later_release", channel=Channel.EMAIL, user_id=amina.pk)


def test_of_several_choices_all_or_none_are_kept(amina: User, api_client: APIClient) -> None:
    api_client.force_authenticate(amina)
    good = {"kind": "parcels", "channel": "email", "is_wanted": False}
    always, elsewhere = {"kind": "payments", "channel": "email"}, {"kind": "sales", "channel": "sms"}
    for bad in (always | {"is_wanted": False}, elsewhere | {"is_wanted": True}):
        assert api_client.patch(API, {"choices": [good, bad]}, format="json").status_code == 409
    assert api_client.patch(API, {"choices": []}, format="json").status_code == 400
    assert api_client.patch(API, {"choices": [good | {"kind": "news"}]}, format="json").status_code == 400
    assert not Preference.objects.exists()


def test_the_choices_are_a_person_s_own(amina: User, api_client: APIClient) -> None:
    assert api_client.get(API).status_code == 401
    api_client.force_authenticate(person())
    api_client.patch(API, {"choices": [{"kind": "parcels", "channel": "email", "is_wanted": False}]}, format="json")
    api_client.force_authenticate(amina)
    body = api_client.get(API).json()["data"]
    assert choices(body)["parcels", "email"] == (True, True)
    assert choices(body)["parcels", "sms"] == (False, True)
    assert choices(body)["payments", "email"] == (True, False)
    assert body["quiet_hours"] == {"start_time": "21:00:00", "end_time": "07:00:00", "is_own": False}


def test_the_page_keeps_what_was_changed_and_nothing_else(
    amina: User, client: Client, settings: Any, tmp_path: Any, django_capture_on_commit_callbacks: OnCommit
) -> None:
    client.force_login(amina)
    assert "SMS" not in client.get(PAGE).content.decode()
    settings.TEXT_FOLDER = str(tmp_path)
    page = client.get(PAGE).content.decode()
    assert "Quiet hours for SMS and WhatsApp" in page
    assert "an e-mail always arrives" in page
    ticked = [f"{kind}:{channel}" for kind in NoticeKind for channel in (Channel.IN_APP, Channel.EMAIL)]
    ticked.remove("parcels:email")
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(PAGE, {"choice": [*ticked, "parcels:sms", "nothing:at-all"]}).status_code == 302
    kept = list(Preference.objects.order_by("channel").values_list("kind", "channel", "is_wanted"))
    assert kept == [("parcels", "email", False), ("parcels", "sms", True)]
    assert "Your choices are saved." in client.get(PAGE).content.decode()


def test_quiet_hours_are_a_person_s_own(
    amina: User, client: Client, api_client: APIClient, settings: Any, tmp_path: Any
) -> None:
    settings.TEXT_FOLDER = str(tmp_path)
    api_client.force_authenticate(amina)
    client.force_login(amina)

    def kept() -> Any:
        cache.clear()
        return choices_of(user_id=amina.pk).quiet

    own = {"start_time": "22:00:00", "end_time": "08:30:00"}
    assert api_client.patch(API, {"quiet_hours": own}, format="json").status_code == 200
    assert kept() == (time(22), time(8, 30))
    cache.clear()
    assert api_client.get(API).json()["data"]["quiet_hours"] == {**own, "is_own": True}
    assert 'value="22:00"' in client.get(PAGE).content.decode()
    for sent, expected in (
        ({"quiet": "none"}, (time(0), time(0))),
        ({"quiet": "own", "begins": "13:00", "ends": "15:00"}, (time(13), time(15))),
        ({"quiet": "market"}, None),
    ):
        assert client.post(PAGE, sent).status_code == 302
        assert kept() == expected
    for sent in ({"quiet": "own", "begins": "13:00", "ends": ""}, {"quiet": "own", "begins": "x", "ends": "y"}):
        assert client.post(PAGE, sent).status_code == 422
        assert kept() is None
    assert api_client.patch(API, {"quiet_hours": {"start_time": "22:00"}}, format="json").status_code == 400
    assert not QuietHours.objects.exists()


def test_what_is_switched_off_is_not_written(amina: User, django_capture_on_commit_callbacks: OnCommit) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        switch(amina, NoticeKind.SHOP, Channel.EMAIL, is_wanted=False)
        switch(amina, NoticeKind.SHOP, Channel.IN_APP, is_wanted=False)
    about = {"user_id": amina.pk, "title": "T", "body": "", "url": "", "now": TODAY}
    notify(kind="domain.moved", dedup_key="off", **about)  # type: ignore[arg-type]
    notify(kind="order.new", dedup_key="on", **about)  # type: ignore[arg-type]
    write(amina, "domain_notice")
    write(amina, "account_reset_password")
    assert list(Notification.objects.values_list("dedup_key", flat=True)) == ["on"]
    assert list(Email.objects.values_list("dedup_key", flat=True)) == ["account_reset_password"]


def test_judging_costs_one_statement_a_person_and_then_none(
    amina: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    other = person()
    with django_assert_num_queries(1):
        for channel in Channel:
            is_wanted(name="parcel.shipped", channel=channel, user_id=amina.pk)
            is_wanted(name="order.paid", channel=channel, user_id=amina.pk)
    with django_assert_num_queries(0):
        is_wanted(name="order.paid", channel=Channel.SMS, user_id=amina.pk)
        is_wanted(name="parcel.shipped", channel=Channel.EMAIL, user_id=None)
        is_wanted(name="account_reset_password", channel=Channel.EMAIL, user_id=other.pk)


def test_who_read_before_a_change_keeps_nothing_that_outlives_it(
    amina: User, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: OnCommit
) -> None:
    """A reader is between its statement and the cache while the change is committed."""
    kept = cache

    class Late:
        get, set = kept.get, kept.set

        def add(self, *args: Any) -> bool:
            monkeypatch.setattr(preferences, "cache", kept)
            with django_capture_on_commit_callbacks(execute=True):
                switch(amina, NoticeKind.PARCELS, Channel.EMAIL, is_wanted=False)
            return bool(kept.add(*args))

    monkeypatch.setattr(preferences, "cache", Late())
    assert choices_of(user_id=amina.pk).by_kind == {}
    assert not is_wanted(name="parcel.shipped", channel=Channel.EMAIL, user_id=amina.pk)


def test_of_a_tick_with_an_order_and_a_choice_the_later_counts(
    amina: User, django_capture_on_commit_callbacks: OnCommit
) -> None:
    def sms(agreed_at: Any) -> bool:
        return is_wanted(name="order.paid", channel=Channel.SMS, user_id=amina.pk, agreed_at=agreed_at)

    assert (sms(None), sms(TODAY)) == (False, True)
    with django_capture_on_commit_callbacks(execute=True):
        switch(amina, NoticeKind.PAYMENTS, Channel.SMS, is_wanted=False)
    assert (sms(None), sms(TODAY - timedelta(hours=1)), sms(TODAY + timedelta(hours=1))) == (False, False, True)
    with django_capture_on_commit_callbacks(execute=True):
        switch(amina, NoticeKind.PAYMENTS, Channel.SMS, is_wanted=True)
    assert (sms(None), sms(TODAY - timedelta(hours=1))) == (True, True)


@pytest.mark.parametrize("template", ["domain_notice", "account_reset_password", "new_order"])
def test_letters_about_neither_order_nor_safety_are_declined_by_one_click(
    amina: User, template: str, settings: Any
) -> None:
    write(amina, template, part={"number": "KS-1", "lines": []}, units=1)
    sweep_emails(now=TODAY)
    headers = mail.outbox[0].extra_headers
    if template != "domain_notice":
        assert "List-Unsubscribe" not in headers
        return
    url = headers["List-Unsubscribe"].strip("<>")
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = url.removeprefix(platform_url())
    program = Client(enforce_csrf_checks=True, HTTP_HOST=settings.BASE_DOMAIN)
    assert "Stop these e-mails?" in program.get(path).content.decode()
    assert program.head(path).status_code == 405
    assert is_wanted(name="domain.moved", channel=Channel.EMAIL, user_id=amina.pk)  # looking changes nothing
    answer = program.post(path, {"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, answer.cookies) == (200, {})
    assert "You won’t get these e-mails any more" in answer.content.decode()
    assert program.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert Preference.objects.values_list("kind", "channel", "is_wanted").get() == ("shop", "email", False)


@pytest.mark.parametrize("wrong", ["kind", "signature"])
def test_only_addresses_of_ours_decline(amina: User, client: Client, wrong: str) -> None:
    write(amina, "domain_notice")
    path = Email.objects.get().unsubscribe_url.removeprefix(platform_url())
    path = path.replace("-shop:", "-sales:") if wrong == "kind" else f"{path[:-4]}xxx/"
    assert (client.get(path).status_code, client.post(path).status_code) == (404, 404)
    assert not Preference.objects.exists()
