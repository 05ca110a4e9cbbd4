"""Phone numbers are stored in one form and shown as people write them; addresses are written as their country does."""

import pytest

from kit.text.address_forms import LINES, address_lines, needs_subdivision, postal_lines
from kit.text.characters import TextError
from kit.text.phones import shown_phone, stored_phone
from kit.text.subdivisions import closest_subdivision, subdivisions_of


@pytest.mark.parametrize(
    ("typed", "country", "stored"),
    [
        ("0803 123 4567", "NG", "+2348031234567"),
        ("(0803) 123-4567", "", "+2348031234567"),  # the market's own country
        ("+234 (0)803 123 4567", "KE", "+2348031234567"),
        ("00234 803 123 4567", "NG", "+2348031234567"),
        ("234 803 123 4567", "NG", "+2348031234567"),
        ("\u0660\u0668\u0660\u0663 123 4567", "NG", "+2348031234567"),
        ("0712 345678", "KE", "+254712345678"),
        ("07 01 02 03 04", "CI", "+2250701020304"),
        ("082 123 4567", "ZA", "+27821234567"),
        ("+1 (212) 555-0123", "NG", "+12125550123"),
        ("", "NG", ""),
    ],
)
def test_a_number_has_one_stored_form(typed: str, country: str, stored: str) -> None:
    assert stored_phone(typed, country=country) == stored
    assert stored_phone(stored, country="GH") == stored


@pytest.mark.parametrize(
    ("typed", "country"),
    [
        ("0803 123 456", "NG"),
        ("0803 123 45678", "NG"),
        ("0712 345678", "NG"),
        ("+234 999 999 9999", "NG"),
        ("+999 123 4567", ""),
        ("000000", "NG"),
        ("call me", "NG"),
        ("0803 123 4567", "AQ"),  # without a plan of its own
        ("0803\0 123 4567", "NG"),
    ],
)
def test_a_number_that_nobody_has_is_refused(typed: str, country: str) -> None:
    with pytest.raises(TextError):
        stored_phone(typed, country=country)


def test_a_refusal_has_an_example_of_the_country() -> None:
    with pytest.raises(TextError, match=r"such as 071 123 4567, or with its country's, such as \+27 71 123 4567"):
        stored_phone("12345678", country="ZA")


@pytest.mark.parametrize(
    ("stored", "country", "shown"),
    [
        ("+2348031234567", "NG", "0803 123 4567"),
        ("+2348031234567", "GH", "+234 803 123 4567"),
        ("+2348031234567", "", "+234 803 123 4567"),
        ("+33612345678", "FR", "06 12 34 56 78"),
        ("0803 12", "NG", "0803 12"),
        ("ask Ada", "NG", "ask Ada"),
        ("+1", "US", "+1"),
        ("", "NG", ""),
    ],
)
def test_a_number_is_shown_as_people_write_it(stored: str, country: str, shown: str) -> None:
    assert shown_phone(stored, country) == shown


HOME = {"name": "Ada Obi", "line1": "12 High St", "line2": "", "city": "Town", "state": "State", "postcode": "12345"}


@pytest.mark.parametrize(
    ("country", "lines"),
    [
        ("NG", ["Town 12345", "State", "Nigeria"]),
        ("KE", ["12345 Town", "State", "Kenya"]),
        ("US", ["Town, State 12345", "United States of America"]),
        ("GB", ["Town, State", "12345", "United Kingdom"]),
        ("FR", ["12345 Town, State", "France"]),
        ("SG", ["Town, State 12345", "Singapore"]),
    ],
)
def test_an_address_is_written_as_its_country_does(country: str, lines: list[str]) -> None:
    assert postal_lines(HOME | {"country": country}) == ["Ada Obi", "12 High St", *lines]


def test_what_an_address_lacks_leaves_no_gap() -> None:
    bare = {"name": "Ada", "line1": "1 Road", "city": "Town", "country": "US", "phone": "+2348031234567"}
    assert address_lines(bare) == ["Ada", "1 Road", "Town", "United States of America", "+234 803 123 4567"]
    assert address_lines({"name": "Deleted person", "country": "NG", "state": "Lagos"}) == [
        *("Deleted person", "Lagos", "Nigeria")
    ]


def test_a_country_needs_a_state_only_where_its_list_has_some() -> None:
    assert [country for country in LINES if needs_subdivision(country) and not subdivisions_of(country)] == []
    assert needs_subdivision("NG")
    assert not needs_subdivision("FR")


def test_the_closest_state_is_named_only_where_it_is_close() -> None:
    assert closest_subdivision("NG", "Lagoss") == "Lagos"
    assert closest_subdivision("NG", "Atlantis") == ""
    assert closest_subdivision("HK", "Kowloon") == ""
