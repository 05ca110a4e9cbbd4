"""Cleaning and judging texts."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Annotated

import pytest
from django import forms
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rest_framework.exceptions import ValidationError

from kit.errors import InvalidInputError
from kit.text import forms as form_fields
from kit.text import rules
from kit.text import serializers as serializer_fields
from kit.text.characters import MAX_MARKS, TextError, clean_line, clean_paragraphs
from kit.text.inputs import checked_text, cleaned
from tests.world.draws import drawn

INVISIBLE = [
    "\u200b",
    "\u202e",
    "\u2066",
    "\ufeff",
    "\u00ad",
    "\u3164",
    "\u2800",
    "\u034f",
    "\U000e0041",
    "\x1b",
    "\x85",
]


@pytest.mark.parametrize("character", INVISIBLE)
def test_invisible_characters_are_dropped_and_alone_are_nothing(character: str) -> None:
    assert clean_line(f"Ada{character}Obi") in {"AdaObi", "Ada Obi"}
    assert clean_line(character * 3) == ""
    with pytest.raises(TextError):
        rules.name(120)(character)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Ada\r\nObi", "Ada Obi"),
        ("Ada\u2028Obi", "Ada Obi"),
        ("  Ada\u00a0 \tObi ", "Ada Obi"),
        ("e\u0301", "é"),
        ("\u212b", "Å"),
        ("Ẹ̀kọ́", unicodedata.normalize("NFC", "Ẹ̀kọ́")),
        ("\u0301Ada", "Ada"),
        ("👩\u200d🚀 ❤\ufe0f 1\ufe0f\u20e3", "👩\u200d🚀 ❤\ufe0f 1\ufe0f\u20e3"),
        ("क्\u200dष", "क्\u200dष"),
        ("نامه\u200cای", "نامه\u200cای"),
        ("a\u200db", "ab"),
    ],
)
def test_a_line_is_composed_and_has_single_spaces(typed: str, stored: str) -> None:
    assert clean_line(typed) == stored
    assert clean_line(stored) == stored, "cleaning twice changes nothing"


def test_paragraphs_keep_their_lines() -> None:
    assert clean_paragraphs(" One\r\ntwo \n\n\n\n\n\nthree\u202e\u2029four\n") == "One\ntwo\n\n\nthree\nfour"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Ada\0", "null_characters_not_allowed"),
        ("Ada\ud800", "surrogate_characters_not_allowed"),
        ("a" + "\u0328" * (MAX_MARKS + 2), "too_many_marks"),
    ],
)
def test_what_no_column_or_page_can_hold_is_refused_with_a_code_of_its_own(text: str, code: str) -> None:
    for clean in (clean_line, clean_paragraphs):
        with pytest.raises(TextError) as refused:
            clean(text)
        assert refused.value.code == code


@pytest.mark.parametrize(
    ("typed", "stored"), [("Ada@Example.COM ", "ada@example.com"), ("a@Bücher.example", "a@bücher.example")]
)
def test_an_email_is_kept_in_small_letters(typed: str, stored: str) -> None:
    assert rules.EMAIL(typed) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ada",
        "İ@example.com",
        "ſam@example.com",
        "ada@exa\u2490mple.com",
        f"{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 75}.com",
        "ada@-x.example",
        "ada@☃.example",
        f"{'a' * 303}@example.com",
        "a b@example.com",
        "ada@example.com\0",
    ],
)
def test_what_is_no_email_is_refused(typed: str) -> None:
    with pytest.raises(TextError):
        rules.EMAIL(typed)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("0803 123 4567", "0803 123 4567"),
        ("+234\u2011803\u2013123\u00a04567", "+234-803-123 4567"),
        ("٠٨٠٣١٢٣٤٥٦٧", "08031234567"),
        ("\u202d+2348031234567\u202c", "+2348031234567"),
        ("(0803) 123-4567", "(0803) 123-4567"),
    ],
)
def test_a_phone_number_has_ascii_digits(typed: str, stored: str) -> None:
    assert rules.PHONE_NUMBER(typed) == stored


@pytest.mark.parametrize(
    "typed", ["abc", "12345", "++2348031234567", "0803 123 4567 or so", "- - - - - -", "1" * 18, "(((())))", "²³⁴⁵⁶⁷x"]
)
def test_what_nobody_can_dial_is_refused(typed: str) -> None:
    with pytest.raises(TextError):
        rules.PHONE_NUMBER(typed)


@pytest.mark.parametrize("typed", ["ß", "ſſ", "ﬀ", "XX", "N", "NGA", "ıl", "", "N\0"])
def test_what_is_no_country_is_refused(typed: str) -> None:
    with pytest.raises(TextError):
        rules.COUNTRY(typed)


def test_a_country_is_taken_in_either_case() -> None:
    assert rules.COUNTRY(" ng") == "NG"


def test_length_is_judged_after_cleaning() -> None:
    assert rules.name(3)("\u200bAda\u200b") == "Ada"
    with pytest.raises(TextError):
        rules.name(3)("\u0958" * 2)  # composed, each is two characters


def test_forms_and_serializers_judge_what_is_stored() -> None:
    assert form_fields.NameField(max_length=3).clean("\u200bAda\u202e") == "Ada"
    assert serializer_fields.NameField(max_length=5).run_validation("\u200bAda\u202e") == "Ada"
    for text in ("\u200b", "---", "\u0958" * 2, "Ada\0"):
        with pytest.raises(forms.ValidationError):
            form_fields.NameField(max_length=3).clean(text)
        with pytest.raises(ValidationError):
            serializer_fields.NameField(max_length=3).run_validation(text)


RULES = [
    rules.line(5),
    rules.name(5, may_be_empty=True),
    rules.LINE,
    rules.NAME,
    rules.PHONE_NUMBER,
    rules.EMAIL,
    rules.COUNTRY,
]


@pytest.mark.parametrize("rule", RULES)
@given(text=st.one_of(st.text("aZ09 +-~!\u00e9\u200b\n", max_size=9), st.from_regex(r"\+?[0-9]{4,20}", fullmatch=True)))
@example("")
@example("+234801234567890123")
@example("Ada Obi")
@settings(max_examples=drawn(400))
def test_a_plain_text_is_one_that_its_rule_leaves_as_it_is(rule: rules.TextRule, text: str) -> None:
    if rule.plain.fullmatch(text):
        assert rule(text) == text


def test_most_texts_are_plain() -> None:
    plain = ["12 Bode Thomas Street", "Ada Obi", "+2348012345678"]
    kinds = [rules.line(200), rules.name(120), rules.PHONE_NUMBER]
    assert all(rule.plain.fullmatch(text) for rule, text in zip(kinds, plain, strict=True))
    assert not rules.name(120).plain.fullmatch("---")
    assert not rules.line(200).plain.fullmatch("")
    assert rules.line(200, may_be_empty=True).plain.fullmatch("")


def test_a_dataclass_is_cleaned_by_its_rules() -> None:
    @dataclass(frozen=True)
    class Person:
        name: Annotated[str, rules.name(5)]
        email: Annotated[str, rules.EMAIL]
        age: int

    assert cleaned(Person("Ada\u200b", "ADA@example.com", 7)) == Person("Ada", "ada@example.com", 7)
    with pytest.raises(InvalidInputError) as refused:
        cleaned(Person("\u200b", "ada", 7))
    assert refused.value.details.keys() == {"name", "email"}
    with pytest.raises(InvalidInputError):
        checked_text("email", rules.EMAIL, "ada")


def test_the_api_judges_the_length_of_what_is_sent_too_as_its_description_does() -> None:
    with pytest.raises(ValidationError) as refused:
        serializer_fields.NameField(max_length=3).run_validation("\u200bAda\u202e")
    assert refused.value.get_codes() == ["max_length"]
