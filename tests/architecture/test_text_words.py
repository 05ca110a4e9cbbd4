"""Texts that people read have no word that docs/voice.md rules out for them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from tests.architecture.sources import ROOT
from tests.texts.extract import collect_messages


@cache
def ruled_out() -> re.Pattern[str]:
    """Return the pattern of the words and phrases in the table of docs/voice.md."""
    page = (ROOT / "docs" / "voice.md").read_text(encoding="utf-8")
    table = page.partition("| Not in texts | Write |")[2].partition("\n\n")[0]
    cells = re.findall(r"^\| ([a-z ,]+) \|", table, re.MULTILINE)
    phrases = [phrase.strip() for cell in cells for phrase in cell.split(",")]
    assert len(phrases) >= 10
    return re.compile(rf"\b(?:{'|'.join(phrases)})\b", re.IGNORECASE)


def offences(texts: Iterable[str]) -> list[str]:
    """Return the texts that have such a word."""
    return sorted(text for text in texts if ruled_out().search(text))


def test_texts_have_plain_words() -> None:
    texts = {text for message in collect_messages() for text in (message.text, message.plural) if text}
    assert offences(texts) == [], "docs/voice.md says what to write instead."


def test_a_word_that_is_ruled_out_is_found() -> None:
    """The control."""
    texts = ["Somebody asked.", "Should a payment arrive late, we refund it.", "Show the shoulder.", "It is refunded."]
    assert offences(texts) == ["Should a payment arrive late, we refund it.", "Somebody asked."]
