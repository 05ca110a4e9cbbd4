"""Contact details in messages are hidden, and nothing else is."""

from __future__ import annotations

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from checkout.messaging.masking import MASK, mask_contacts

REGIONS = ("NG", "GH")

CONTACTS = [
    "0803\n123\n4567",
    "0⑧⓪③①②③④⑤⑥⑦",
    "ada＠example.com",
    "ada@example.com",
    "ada.obi+shop@mail.example.co.uk",
    "ADA@GMAIL.COM",
    "ada @ gmail . com",
    "ada at gmail.com",
    "ada at gmail dot com",
    "ada[at]gmail.com",
    "ada (at) gmail (dot) com",
    "ada [at] gmail [dot] com",
    "08031234567",
    "0803 123 4567",
    "0803-123-4567",
    "0803.123.4567",
    "(0803) 123 4567",
    "0 8 0 3 1 2 3 4 5 6 7",
    "0803_123_4567",
    "0803*123*4567",
    "8031234567",
    "+234 803 123 4567",
    "+2348031234567",
    "+44 20 7946 0958",
    "024 412 3456",  # Ghana
    "https://example.com/pay?to=ada",
    "http://example.com",
    "www.example.com/ada",
    "example.com",
    "EXAMPLE.COM",
    "shop.example.com.ng",
    "example.shop",
    "example.africa/ada",
    "gmail dot com",
    "wa.me/2348031234567",
    "https://wa.me/2348031234567",
    "t.me/adaobi",
    "t.me",
    "bit.ly/3xYz",
    "instagram.com/ada.obi",
    "linktr.me/ada",
    "https://kasuwa.localhost@evil.example/pay",
]
HARMLESS = [
    "Is it cotton? My size is 42.",
    "It costs ₦1,850,000, or ₦18,500.50 each.",
    "Order KS-7F3K9QXD2M-1 of 12.11.2025, 14:30.",
    "Thanks.Me too. I will be in.In fact, at noon.",
    "Please send 2 of them... The first was torn.",
    "Meet me at the shop. Come at 5.30",
    "2 @ 5.50 and 3 @ 7",
    "12/11/2025 or 2025-11-12, between 10:00 and 12:30",
    "A4, 210 x 297 mm, 80 g/m2",
    "e.g. the blue one, i.e. number 3.",
    "TOTE-INDIGO, 1,5 kg, 40 °C",
    f"See https://{settings.BASE_DOMAIN}/orders/ and https://indigo-fabrics.{settings.BASE_DOMAIN}/",
    "Great.App works well now.Shop is closed",
    "",
]


def masked(text: str) -> str:
    return mask_contacts(text, regions=REGIONS)


@pytest.mark.parametrize("contact", CONTACTS)
def test_contact_details_are_hidden_and_the_text_around_them_stays(contact: str) -> None:
    for before, after in (("", ""), ("Call me: ", " today"), ("(", ")"), ("Hm,\n", ".\nThanks")):
        assert masked(f"{before}{contact}{after}") == f"{before}{MASK}{after}"


@pytest.mark.parametrize("text", HARMLESS)
def test_other_words_and_figures_stay(text: str) -> None:
    assert masked(text) == text


def test_several_are_hidden_each_and_a_number_beside_another_figure_too() -> None:
    assert masked("2 x 08031234567, ada@example.com") == f"2 x {MASK}, {MASK}"
    assert masked("2 08031234567") == f"2 {MASK}"


WORDS = st.text(alphabet="abcdefg ABC,!?\n", max_size=12)


@given(st.lists(st.tuples(WORDS, st.sampled_from(CONTACTS)), max_size=3), WORDS)
def test_masking_changes_nothing_around_and_a_second_time_nothing(pairs: list[tuple[str, str]], last: str) -> None:
    text = "".join(f"{words}; {contact} ;" for words, contact in pairs) + last
    expected = "".join(f"{words}; {MASK} ;" for words, _ in pairs) + last
    assert masked(text) == expected
    assert masked(expected) == expected


@given(st.text(alphabet="a1 08@.-+•[]()dotcomwe/:\n", max_size=60))
def test_any_text_is_masked_at_once_and_keeps_its_pieces_in_order(text: str) -> None:
    shown = masked(text)
    assert masked(shown) == shown
    at = 0
    for piece in shown.split(MASK):
        at = text.index(piece, at) + len(piece)
