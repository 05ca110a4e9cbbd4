"""The address book, through the API and in the database."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import CharField, Value
from rest_framework.test import APIClient

from accounts.models import Address, User
from accounts.services.addresses import MAX_ADDRESSES
from tests.world.factories.people import AddressFactory, address_of, person

pytestmark = pytest.mark.django_db
BOOK = "/api/v1/auth/addresses/"
SENT = {
    "name": "Amina Bello",
    "line1": "12 Ring Road",
    "city": "Ibadan",
    "state": "Oyo",
    "country": "NG",
    "phone": "0803 123 4567",
}


@pytest.fixture
def amina(api_client: APIClient) -> User:
    user = person(email="amina@example.com")
    api_client.force_authenticate(user)
    return user


def book_of(user: User) -> list[dict[str, Any]]:
    return [dict(row) for row in Address.objects.filter(user_id=user.pk).order_by("pk").values()]


def written(rows: Any, **columns: str) -> None:
    """Write columns as a statement of somebody else's would."""
    rows.update(**{name: Value(value, output_field=CharField()) for name, value in columns.items()})


def test_add_list_change_delete(api_client: APIClient, amina: User) -> None:
    first = api_client.post(BOOK, SENT)
    assert first.status_code == 201
    assert first.json()["data"]["is_default"] is True
    second = api_client.post(BOOK, SENT | {"line1": "2 Sea View", "is_default": True}).json()["data"]
    listed = api_client.get(BOOK).json()["data"]
    assert listed["count"] == 2
    assert [address["is_default"] for address in listed["results"]] == [True, False]
    assert listed["results"][0]["id"] == second["id"]

    changed = api_client.patch(f"{BOOK}{second['id']}/", {"city": "Lagos"}).json()["data"]
    assert (changed["city"], changed["line1"], changed["is_default"]) == ("Lagos", "2 Sea View", True)
    assert api_client.delete(f"{BOOK}{second['id']}/").status_code == 204
    assert Address.objects.get(user_id=amina.pk, is_default=True).pk == first.json()["data"]["id"]
    assert api_client.get(f"{BOOK}{second['id']}/").status_code == 404


@pytest.mark.parametrize("bad", [{"country": "XX"}, {"country": "Nigeria"}, {"phone": "me"}, {"name": ""}])
def test_refusals_change_nothing(api_client: APIClient, amina: User, bad: dict[str, str]) -> None:
    kept = address_of(amina)
    before = book_of(amina)
    assert api_client.post(BOOK, SENT | bad).status_code == 400
    assert api_client.patch(f"{BOOK}{kept.pk}/", bad).status_code == 400
    assert book_of(amina) == before


def test_nobody_sees_or_touches_anothers_address(api_client: APIClient, amina: User) -> None:
    theirs = address_of()
    before = book_of(theirs.user)
    address = f"{BOOK}{theirs.pk}/"
    answers = [api_client.get(address), api_client.patch(address, {"city": "X"}), api_client.delete(address)]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert answers[0].json()["code"] == "not_found"
    assert api_client.get(BOOK).json()["data"]["results"] == []
    assert book_of(theirs.user) == before


def test_the_book_has_an_end(api_client: APIClient, amina: User) -> None:
    AddressFactory.create_batch(MAX_ADDRESSES, user=amina)
    answer = api_client.post(BOOK, SENT)
    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_addresses")
    assert Address.objects.count() == MAX_ADDRESSES


def test_the_database_keeps_one_default_and_real_codes(amina: User) -> None:
    address_of(amina, is_default=True)
    with pytest.raises(IntegrityError, match="address_one_default_each"), transaction.atomic():
        address_of(amina, is_default=True)
    with pytest.raises(IntegrityError, match="address_country_code"), transaction.atomic():
        written(amina.addresses, country="ng")  # past the column, which makes capitals of it


def test_the_database_keeps_addresses_lower_and_single(amina: User) -> None:
    with pytest.raises(IntegrityError, match="user_email_lower"), transaction.atomic():
        written(User.objects.filter(pk=amina.pk), email="Other@example.com")  # past the column, as above
    with pytest.raises(IntegrityError, match="email"), transaction.atomic():
        User.objects.create(email="amina@example.com")
