"""The pattern of a field is the rule's: what fits it is taken, and what is commonly sent and taken fits it."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rest_framework.exceptions import ValidationError

from gateway.bank_accounts import clean_number
from kit.api.idempotent import key_pattern
from kit.errors import InvalidInputError
from kit.text import patterns, serializers
from kit.text.rules import PHONE, PHONE_DIGITS
from tenants.applications.api.serializers import ShopSlugField
from tenants.errors import ReservedSlugError
from tenants.shops.slugs import check_slug

FIELDS: dict[str, Any] = {
    "phone": serializers.PhoneField(),
    "country": serializers.CountryField(),
    "currency": serializers.CurrencyField(),
    "optional phone": serializers.PhoneField(allow_blank=True),
    "optional line": serializers.LineField(allow_blank=True),
    "reason": serializers.ParagraphsField(min_length=5, max_length=500),
}


@pytest.mark.parametrize("name", ["phone", "country", "currency", "optional phone"])
@given(data=st.data())
def test_what_fits_a_pattern_is_taken(name: str, data: st.DataObject) -> None:
    field = FIELDS[name]
    sent = st.from_regex(field.pattern(), fullmatch=True).filter(lambda text: len(text) <= field.max_length)
    field.run_validation(data.draw(sent))


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("phone", ["0803 123 4567", "+234 803 123 4567", "(0803) 123-4567", "+234.803.123/4567", "080312"]),
        ("country", ["NG", "GH"]),
        ("currency", ["NGN", "ngn"]),
        ("optional phone", ["", "0803 123 4567"]),
        ("optional line", ["", " ", "12 Ring Road", "日本", "é"]),
    ],
)
def test_what_is_commonly_sent_fits_its_pattern(name: str, texts: list[str]) -> None:
    for text in texts:
        assert re.search(FIELDS[name].pattern(), text), text
        FIELDS[name].run_validation(text)


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("phone", ["", "12345", "1" * 18, "0803 123 4567 x", "--------", "\0"]),
        ("country", ["", "XX", "N", "NGA"]),
        ("currency", ["", "NG", "000", "N\0N", "ÑGN"]),
        ("optional line", ["\0"]),
    ],
)
def test_what_no_rule_takes_fits_no_pattern(name: str, texts: list[str]) -> None:
    for text in texts:
        assert not re.search(FIELDS[name].pattern(), text), text
        with pytest.raises(ValidationError):
            FIELDS[name].run_validation(text)


@pytest.mark.parametrize("name", ["optional line", "reason"])
@given(text=st.text())
@example(text="\u00d7\U000a655c\u009b\u00b7o*\u000f\u00a9\U000a9dech")  # visible, but for control characters between
@example(text="a  b  c  d  e")
@example(text="\u0084")  # nothing is left of it
def test_what_is_taken_fits_its_pattern(name: str, text: str) -> None:
    with suppress(ValidationError):
        FIELDS[name].run_validation(text)
        assert re.search(FIELDS[name].pattern(), text)


@given(text=st.from_regex(patterns.PHONE, fullmatch=True))
def test_the_pattern_of_phone_numbers_is_that_of_the_rule(text: str) -> None:
    assert PHONE.fullmatch(text)
    assert sum(map(str.isdigit, text)) in PHONE_DIGITS


@given(text=st.from_regex(patterns.ACCOUNT_NUMBER, fullmatch=True))
def test_the_pattern_of_account_numbers_is_that_of_the_rule(text: str) -> None:
    assert clean_number(text)
    with pytest.raises(InvalidInputError):
        clean_number(text + "0" * 16)


@given(text=st.from_regex(ShopSlugField().full_pattern(), fullmatch=True).filter(lambda text: len(text) <= 50))
def test_the_pattern_of_shops_addresses_is_that_of_the_rule(text: str) -> None:
    try:
        check_slug(text.lower())
    except ReservedSlugError:
        return


@pytest.mark.parametrize("text", ["ab", "a--b", "-ab", "ab-", "1ab", "a b", "áb"])
def test_no_other_address_fits_the_pattern(text: str) -> None:
    assert not re.search(ShopSlugField().full_pattern(), text)


@pytest.mark.parametrize("least", [1, 20])
def test_keys_have_their_lengths_with_and_without_quotes(least: int) -> None:
    pattern = re.compile(key_pattern(least))
    for length in (least, 100):
        assert pattern.fullmatch("k" * length)
        assert pattern.fullmatch(f'"{"k" * length}"')
    for wrong in ("k" * (least - 1), "k" * 101, f'"{"k" * 101}"', " " * least, '"' + "k" * least, "é" * least):
        assert not pattern.fullmatch(wrong), wrong
