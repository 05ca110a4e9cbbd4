"""Addresses have a state and a phone number of their country; texts of earlier releases stay until they are edited."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import Address, User
from accounts.services.addresses import AddressInput, add_address, set_default_address
from kit.errors import InvalidInputError
from tests.world.factories.people import address_of, person

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
GHANA = {"country": "GH", "state": "Ashanti", "city": "Kumasi", "phone": "024 123 4567"}


@pytest.fixture
def amina(api_client: APIClient, client: Client) -> User:
    user = person(email="amina@example.com")
    api_client.force_authenticate(user)
    client.force_login(user)
    return user


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ({}, ("Oyo", "NG-OY", "+2348031234567")),
        ({"state": "oyo state"}, ("Oyo", "NG-OY", "+2348031234567")),
        ({"state": "NG-OY"}, ("Oyo", "NG-OY", "+2348031234567")),
        ({"state": "", "subdivision": "NG-OY"}, ("Oyo", "NG-OY", "+2348031234567")),
        ({"subdivision": "NG-OY"}, ("Oyo", "NG-OY", "+2348031234567")),
        (GHANA, ("Ashanti", "GH-AH", "+233241234567")),
        ({"phone": "+254 712 345678"}, ("Oyo", "NG-OY", "+254712345678")),
        ({"country": "HK", "state": "", "phone": "+85251234567"}, ("", "", "+85251234567")),  # it has no subdivisions
        ({"country": "HK", "state": "Kowloon", "phone": "5123 4567"}, ("Kowloon", "", "+85251234567")),
        (
            {"country": "FR", "state": "", "phone": "06 12 34 56 78"},
            ("", "", "+33612345678"),
        ),  # its addresses need none
    ],
)
def test_the_state_and_the_phone_are_stored_in_one_form(
    api_client: APIClient, amina: User, sent: dict[str, str], stored: tuple[str, str, str]
) -> None:
    answer = api_client.post(BOOK, SENT | sent)
    assert answer.status_code == 201, answer.content
    row = Address.objects.get(user_id=amina.pk)
    assert (row.state, row.subdivision, row.phone) == stored
    told = answer.json()["data"]
    assert (told["state"], told["subdivision"], told["phone"]) == stored


@pytest.mark.parametrize(
    ("sent", "fault"),
    [
        ({"state": "Oyoo"}, ("state", "unknown_subdivision", "Did you mean Oyo?")),
        ({"state": "Atlantis"}, ("state", "unknown_subdivision", "Nigeria has no “Atlantis”")),
        ({"state": ""}, ("state", "needed_in_country", "Choose the state or region")),
        (
            {"subdivision": "GH-AH", "state": ""},
            ("state", "unknown_subdivision", "Choose a state or region of Nigeria"),
        ),
        ({"subdivision": "NG-LA"}, ("state", "not_the_same", "Oyo is not NG-LA")),
        ({"country": "GH", "phone": "+2348031234567"}, ("state", "unknown_subdivision", "Ghana has no “Oyo”")),
        ({"phone": "0803 123 456"}, ("phone", "unknown_phone", "such as 0803 123 4567")),
        ({"phone": "112"}, ("phone", "invalid", "such as 0803 123 4567")),
        (GHANA | {"phone": "0803 123 4567"}, ("phone", "unknown_phone", "such as 023 123 4567")),
        ({"phone": "+999 123 456 789"}, ("phone", "unknown_phone", "with its country's, such as +234")),
        ({"city": "100001"}, ("city", "no_letter", "Write the name of the town or city.")),
        ({"city": "Iba\0dan"}, ("city", "null_characters_not_allowed", "Null characters are not allowed.")),
    ],
)
def test_a_place_or_a_number_that_there_is_not_is_refused_with_advice(
    api_client: APIClient, amina: User, sent: dict[str, str], fault: tuple[str, str, str]
) -> None:
    field, code, words = fault
    answer = api_client.post(BOOK, SENT | sent)
    assert answer.status_code == 400
    errors = answer.json()["errors"]
    assert errors.keys() == {field}
    assert errors[field][0]["code"] == code
    assert words in errors[field][0]["message"]
    assert not Address.objects.filter(user_id=amina.pk).exists()


def test_a_call_from_a_program_is_judged_alike(amina: User) -> None:
    with pytest.raises(InvalidInputError) as refused:
        add_address(user_id=amina.pk, data=AddressInput(**SENT | {"phone": "0803 1", "state": "Atlantis"}))
    assert refused.value.details.keys() == {"phone", "state"}
    assert not Address.objects.exists()


def test_texts_of_an_earlier_release_stay_until_they_are_edited(
    api_client: APIClient, client: Client, amina: User
) -> None:
    old = address_of(amina, state="Lagos Mainland", phone="0803 12")
    page = client.get(f"/account/addresses/{old.pk}/").content.decode()
    assert '<option value="Lagos Mainland" selected>' in page
    sent = SENT | {"line1": "1 New Road", "state": "Lagos Mainland", "phone": "0803 12", "name": old.name}
    assert client.post(f"/account/addresses/{old.pk}/", sent).status_code == 302
    changed = api_client.patch(f"{BOOK}{old.pk}/", {"line2": "Flat 2"})
    assert changed.status_code == 200
    old.refresh_from_db()
    assert (old.line1, old.line2, old.state, old.subdivision, old.phone) == (
        *("1 New Road", "Flat 2"),
        *("Lagos Mainland", "", "0803 12"),
    )
    assert api_client.patch(f"{BOOK}{old.pk}/", {"state": "Lagos Main"}).status_code == 400
    assert client.post(f"/account/addresses/{old.pk}/", sent | {"phone": "0803 13"}).status_code == 200
    assert api_client.patch(f"{BOOK}{old.pk}/", {"country": "GH"}).status_code == 400  # it is Ghana's state by then
    assert api_client.patch(f"{BOOK}{old.pk}/", {"state": "Lagos", "phone": "08031234567"}).status_code == 200
    old.refresh_from_db()
    assert (old.state, old.subdivision, old.phone) == ("Lagos", "NG-LA", "+2348031234567")


def test_one_address_is_for_deliveries_and_one_for_bills(api_client: APIClient, client: Client, amina: User) -> None:
    home, office, shop = (address_of(amina, line1=name) for name in ("Home", "Office", "Shop"))
    for address in (office, shop):
        told = api_client.patch(f"{BOOK}{address.pk}/", {"is_billing_default": True}).json()["data"]
        assert told["is_billing_default"] is True
    set_default_address(user_id=amina.pk, address_id=home.pk)
    chosen = Address.objects.filter(user_id=amina.pk).order_by("pk").values_list("is_default", "is_billing_default")
    assert list(chosen) == [(True, False), (False, False), (False, True)]
    with pytest.raises(IntegrityError), transaction.atomic():
        Address.objects.filter(pk=home.pk).update(is_billing_default=True)
    assert client.post(f"/account/addresses/{office.pk}/default/", {"for": "bills"}).status_code == 302
    assert Address.objects.get(is_billing_default=True).pk == office.pk
    assert api_client.patch(f"{BOOK}{office.pk}/", {"is_billing_default": False}).status_code == 200
    assert not Address.objects.filter(is_billing_default=True).exists()


def test_a_code_of_a_subdivision_has_its_form(amina: User) -> None:
    address = address_of(amina)
    with pytest.raises(IntegrityError), transaction.atomic():
        Address.objects.filter(pk=address.pk).update(subdivision="Lagos")


def test_the_states_of_a_country_come_without_scripts_and_with_them(client: Client, amina: User) -> None:
    page = client.get("/account/addresses/add/").content.decode()
    assert '<option value="NG-LA">Lagos</option>' in page
    assert 'hx-select="#own-fields"' in page
    sent = SENT | {"country": "GH", "line1": "Kept", "shows_states": "1"}
    again = client.post("/account/addresses/add/", sent).content.decode()
    assert '<option value="GH-AA">Greater Accra</option>' in again
    assert "NG-LA" not in again
    assert '<label class="field-label" for="id_state">Region</label>' in again
    assert 'value="Kept"' in again
    assert "field-error" not in again
    assert not Address.objects.exists()
    none = client.post("/account/addresses/add/", sent | {"country": "HK", "state": ""}).content.decode()
    assert '<select name="state"' not in none


def test_who_leaves_the_state_of_another_country_is_offered_this_one_s(client: Client, amina: User) -> None:
    sent: dict[str, Any] = SENT | GHANA | {"state": "NG-OY"}
    page = client.post("/account/addresses/add/", sent).content.decode()
    assert "Choose a state or region of Ghana." in page
    assert '<option value="GH-AH">Ashanti</option>' in page
    assert not Address.objects.exists()


@pytest.mark.parametrize("country", ["N\0G", "Atlantis", "", "ng"])
@pytest.mark.parametrize("more", [{}, {"shows_states": "1"}])
def test_a_country_that_there_is_not_is_a_fault_of_the_form(
    client: Client, amina: User, country: str, more: dict[str, str]
) -> None:
    answer = client.post("/account/addresses/add/", SENT | {"country": country} | more)
    assert answer.status_code == 200
    assert '<option value="NG-LA">' in answer.content.decode()
    assert not Address.objects.exists()


def test_rows_of_the_release_before_are_taken(api_client: APIClient, amina: User) -> None:
    """Its statements know of no new column; its addresses are listed, edited and made default."""
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO accounts_address
                   (user_id, name, line1, line2, city, state, country, postcode, phone, is_default)
               VALUES (%s, 'Amina', '1 Road', '', 'Ikeja', 'Lagos State', 'NG', '', '0803 123 4567', true)""",
            [amina.pk],
        )
    [told] = api_client.get(BOOK).json()["data"]["results"]
    assert (told["state"], told["subdivision"], told["phone"]) == ("Lagos State", "", "0803 123 4567")
    assert (told["is_default"], told["is_billing_default"]) == (True, False)
    changed = api_client.patch(f"{BOOK}{told['id']}/", {"is_billing_default": True, "postcode": "100001"})
    assert changed.json()["data"] == told | {"is_billing_default": True, "postcode": "100001"}


@pytest.mark.parametrize("kind", ["user", "address"])
def test_the_raw_admin_judges_numbers_alike_and_keeps_old_texts(client: Client, kind: str) -> None:
    operator = person(is_operator=True)
    User.objects.filter(pk=operator.pk).update(is_superuser=True)
    client.force_login(operator)
    row: Any = person() if kind == "user" else address_of(operator, state="Mainland")
    type(row).objects.filter(pk=row.pk).update(phone="0803 12")
    row.refresh_from_db()
    path = f"/admin/accounts/{kind}/{row.pk}/change/"
    names = ("email", "name", "phone", "is_active") if kind == "user" else (*SENT, "line2", "postcode", "subdivision")
    form: dict[str, Any] = {name: getattr(row, name) for name in names} | (
        {"user": operator.pk} if kind != "user" else {}
    )
    assert client.post(path, form | {"name": "Kept"}).status_code == 302
    row.refresh_from_db()
    assert (row.name, row.phone) == ("Kept", "0803 12")
    refused = client.post(path, form | {"phone": "0803 13"})
    assert refused.status_code == 200
    assert "such as 0803 123 4567" in refused.content.decode()
    assert client.post(path, form | {"phone": "0803 123 4567"}).status_code == 302
    row.refresh_from_db()
    assert row.phone == "+2348031234567"
