"""States and regions are found by code, by name however it is written, and never by a guess between two."""

import pytest

from kit.text.subdivisions import _of_country, find_subdivision, subdivision_code, subdivisions_of


@pytest.mark.parametrize(
    ("country", "text", "code"),
    [
        ("NG", "Lagos", "NG-LA"),
        ("NG", "  lagos state ", "NG-LA"),
        ("NG", "NG-LA", "NG-LA"),
        ("NG", "la", "NG-LA"),
        ("NG", "Abuja", "NG-FC"),
        ("NG", "Federal Capital Territory", "NG-FC"),
        ("NG", "FCT", "NG-FC"),
        ("NG", "FCT, Abuja", "NG-FC"),
        ("CI", "gôh djiboua", "CI-GD"),
        ("CI", "Goh-Djiboua", "CI-GD"),
        ("KE", "Nairobi", "KE-30"),
        ("KE", "Muranga", "KE-29"),
        ("ZA", "north west", "ZA-NW"),
        ("GH", "Bono", "GH-BO"),  # not Bono East
        ("GH", "Volta Region", "GH-TV"),
        ("GH", "Upper", ""),  # East or West
        ("NG", "Atlantis", ""),
        ("NG", "", ""),
        ("NG", "State", ""),
        ("GH", "NG-LA", ""),
        ("XX", "Lagos", ""),
        ("", "Lagos", ""),
        ("VA", "Vatican", ""),  # it has none
    ],
)
def test_a_text_names_one_subdivision_or_none(country: str, text: str, code: str) -> None:
    assert subdivision_code(country, text) == code


def test_what_is_no_country_is_not_remembered() -> None:
    before = _of_country.cache_info().currsize
    assert [subdivisions_of(text) for text in ("N\0G", "Atlantis", "ng", "")] == [(), (), (), ()]
    assert _of_country.cache_info().currsize == before


def test_every_subdivision_is_found_by_its_code_and_name() -> None:
    for country in ("NG", "GH", "KE", "ZA", "CI", "SN", "EG", "TZ", "UG", "CM"):
        known = subdivisions_of(country)
        assert known, country
        for each in known:
            found = find_subdivision(country, each.name)
            assert found is not None
            assert (found.name, find_subdivision(country, each.code)) == (each.name, each)
