"""Comparison of the names of a bank and an application."""

import pytest

from kit.text.same_name import is_same_name

SAME = [
    ("Folasade Bakare", "BAKARE FOLASADE"),
    ("Fọláṣadé Bákàrẹ̀", "FOLASADE BAKARE"),
    ("Ɗan Maraya", "DAN MARAYA"),
    ("Oshogbo Batik Works Ltd", "OSHOGBO BATIK WORKS LIMITED"),
    ("Oshogbo Batik Works Ltd.", "OSHOGBO BATIK WORKS (NIG) LTD"),
    ("Indigo & Sons Enterprises", "INDIGO AND SONS"),
    ("O'Neil Adé-Bello", "ONEIL ADE BELLO"),
    ("Adé-Bello", "ADEBELLO"),
    ("Mrs. Amina  Bello", "Bello, Amina"),
    ("Kasuwa S.A.R.L.", "KASUWA"),
    ("Großhandel Łódź", "GROSSHANDEL LODZ"),
    ("ＡＭＩＮＡ Bello", "amina bello"),
    ("Amina\u200b Bello", "AMINA BELLO"),
    ("Company Limited", "COMPANY LIMITED"),
]
OTHER = [
    ("Folasade Bakare", "BAKARE FOLARIN"),
    ("Folasade Bakare", "FOLASADE"),
    ("Folasade Bakare", "FOLASADE BAKARE ADEWALE"),
    ("Oshogbo Batik Works Ltd", "FOLASADE BAKARE"),
    ("Company Limited", "Enterprise Ltd"),
    ("Amina Bello", ""),
    ("Ayo Ayo", "Ayo"),
    ("日本 Trading", "中国 Trading"),
]


@pytest.mark.parametrize(("first", "second"), SAME)
def test_the_same_name_written_by_two(first: str, second: str) -> None:
    assert is_same_name(first, second)
    assert is_same_name(second, first)


@pytest.mark.parametrize(("first", "second"), OTHER)
def test_another_name(first: str, second: str) -> None:
    assert not is_same_name(first, second)
    assert not is_same_name(second, first)
