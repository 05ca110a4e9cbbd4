"""Notifications on the site."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.test import Client, RequestFactory
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks
from rest_framework.test import APIClient

from accounts.models import User
from notifications.context import unread_notifications
from notifications.models import Notification
from notifications.services import mark_all_read, notify
from tests.world.clock import TODAY
from tests.world.factories.people import UserFactory, person

pytestmark = pytest.mark.django_db
OnCommit = DjangoCaptureOnCommitCallbacks


def tell(user: User, key: str = "one", **changes: Any) -> None:
    values: dict[str, Any] = {
        "kind": "order.paid",
        "title": f"Order {key} is paid",
        "body": "Indigo Fabrics is packing it.",
        "url": "/orders/KS-1/",
        "dedup_key": key,
        "now": TODAY,
    }
    notify(user_id=user.pk, **(values | changes))


def count_for(user: User | AnonymousUser) -> Any:
    request = RequestFactory().get("/")
    request.user = user
    return unread_notifications(request).get("unread_notifications")


def test_the_same_thing_is_told_once() -> None:
    amina, tunde = UserFactory.create_batch(2)
    tell(amina)
    tell(amina)
    tell(tunde)
    assert Notification.objects.count() == 2
    with pytest.raises(IntegrityError, match="notification_once"), transaction.atomic():
        Notification.objects.create(user=amina, dedup_key="one", created_at=TODAY)


def test_long_words_are_cut_not_refused() -> None:
    tell(person(), title="x" * 500, body="y" * 500)
    message = Notification.objects.get()
    assert (len(message.title), len(message.body)) == (120, 300)


def test_the_count_costs_one_query_and_then_none(
    django_assert_num_queries: DjangoAssertNumQueries, django_capture_on_commit_callbacks: OnCommit
) -> None:
    amina = person()
    tell(amina)
    with django_assert_num_queries(0):
        lazy = count_for(amina)
        assert count_for(AnonymousUser()) is None
    with django_assert_num_queries(1):
        assert lazy == 1
    with django_assert_num_queries(0):
        assert count_for(amina) == 1
    with django_capture_on_commit_callbacks(execute=True):
        tell(amina, "two")
    assert count_for(amina) == 2
    with django_capture_on_commit_callbacks(execute=True):
        assert mark_all_read(user_id=amina.pk, now=TODAY) == 2
    assert not count_for(amina)


def test_the_page_lists_and_marks(client: Client, django_capture_on_commit_callbacks: OnCommit) -> None:
    amina = person()
    client.force_login(amina)
    assert "Nothing new" in client.get("/notifications/").content.decode()
    tell(amina)
    tell(amina, "two", url="https://evil.example/")
    first, second = Notification.objects.order_by("pk")
    with django_capture_on_commit_callbacks(execute=True):
        page = client.get("/notifications/").content.decode()
        assert "Order one is paid" in page
        assert client.post(f"/notifications/{first.pk}/read/", {"open": "1"})["Location"] == "/orders/KS-1/"
        assert client.post(f"/notifications/{second.pk}/read/", {"open": "1"})["Location"] == "/notifications/"
    assert Notification.objects.filter(read_at__isnull=True).count() == 0
    assert client.get(f"/notifications/{first.pk}/read/").status_code == 405
    tell(amina, "three")
    assert client.post("/notifications/read/").status_code == 302
    assert Notification.objects.filter(read_at__isnull=True).count() == 0


def test_visitors_are_sent_to_sign_in(client: Client) -> None:
    assert "/account/sign-in/" in client.get("/notifications/")["Location"]


def test_others_notifications_do_not_exist(client: Client, api_client: APIClient) -> None:
    tell(person())
    theirs = Notification.objects.get()
    stranger = person()
    client.force_login(stranger)
    api_client.force_authenticate(stranger)
    assert client.post(f"/notifications/{theirs.pk}/read/").status_code == 404
    answer = api_client.post(f"/api/v1/notifications/{theirs.pk}/read/")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert api_client.get("/api/v1/notifications/").json()["data"]["results"] == []
    theirs.refresh_from_db()
    assert theirs.read_at is None


def test_the_api_lists_and_marks(api_client: APIClient, django_capture_on_commit_callbacks: OnCommit) -> None:
    amina = person()
    api_client.force_authenticate(amina)
    for key in ("one", "two"):
        tell(amina, key)
    listed = api_client.get("/api/v1/notifications/").json()["data"]
    assert listed["unread_count"] == 2
    assert [message["title"] for message in listed["results"]] == ["Order two is paid", "Order one is paid"]
    newest = listed["results"][0]["id"]
    with django_capture_on_commit_callbacks(execute=True):
        marked = api_client.post(f"/api/v1/notifications/{newest}/read/").json()["data"]["read_at"]
    again = api_client.post(f"/api/v1/notifications/{newest}/read/").json()["data"]["read_at"]
    assert marked == again
    unread = api_client.get("/api/v1/notifications/?unread=true").json()["data"]
    assert (unread["unread_count"], [message["title"] for message in unread["results"]]) == (1, ["Order one is paid"])
    assert api_client.post("/api/v1/notifications/read/").json()["data"] == {"marked": 1}


def test_the_api_is_not_for_visitors(api_client: APIClient) -> None:
    assert api_client.get("/api/v1/notifications/").status_code == 401


def test_the_raw_admin_shows_no_secrets(client: Client, django_capture_on_commit_callbacks: OnCommit) -> None:
    from notifications.models import Email
    from notifications.services import queue_email

    for key, is_secret in (("open", False), ("secret", True)):
        context = {"link": f"http://kasuwa.localhost:8000/{key}-link/"}
        queue_email(
            to="a@example.com",
            template="account_reset_password",
            context=context,
            dedup_key=key,
            now=TODAY,
            is_secret=is_secret,
        )
    admin = User.objects.create_superuser("root@example.com", "pw")
    client.force_login(admin)
    pages = {
        email.dedup_key: client.get(f"/admin/notifications/email/{email.pk}/change/").content.decode()
        for email in Email.objects.order_by("pk")
    }
    assert "open-link" in pages["open"]
    assert "secret-link" not in pages["secret"]
    for path in ("accounts/user/", "accounts/user/add/", f"accounts/user/{admin.pk}/change/", "accounts/address/"):
        assert client.get(f"/admin/{path}").status_code == 200
