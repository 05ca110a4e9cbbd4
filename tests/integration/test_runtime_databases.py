"""The test databases themselves."""

import threading

import pytest
from django.contrib.auth import get_user_model
from django.db import connection, connections


@pytest.mark.django_db
def test_rolls_back_one() -> None:
    assert get_user_model().objects.count() == 0
    get_user_model().objects.create(email="a@kasuwa.test")


@pytest.mark.django_db
def test_rolls_back_two() -> None:
    assert get_user_model().objects.count() == 0
    get_user_model().objects.create(email="a@kasuwa.test")


def test_live_database_is_seen_by_other_threads(live_database: str) -> None:
    get_user_model().objects.create(email="a@kasuwa.test")
    seen: list[int] = []

    def look() -> None:
        seen.append(get_user_model().objects.count())
        connections.close_all()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen == [1]
    assert connection.settings_dict["NAME"] == live_database
