"""Texts that people read have no word that docs/voice.md rules out for them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from tests.architecture.sources import ROOT
from tests.texts.extract import collect_messages

# A number in front of what it counts, which asks for a form for one; `at most` and its like are limits above one.
COUNTED = re.compile(
    r"%\((?!max_|most\))\w+\)[sd] (?:days|hours|minutes|events|entries|lines|rows|orders|shops|times|pictures|people|"
    r"buyers|products|pieces|items|parcels|payments|payouts|messages|invitations|characters|pixels|megapixels)\b"
)
# Sentences whose number is never one, each with its reason.
NEVER_ONE = {
    "%(currency)s, the last %(days)s days": "the length of a chart",
    "%(rows)s rows, the first %(shown)s here.": "more rows than a page shows",
    "A picture may have at most %(megapixels)s megapixels and %(pixels)s pixels a side.": "limits of pictures",
    "A picture needs at least %(pixels)s pixels on each side.": "a limit of pictures",
    "A product has at most %(pictures)s pictures. Remove one to add another.": "a limit of products",
    "At most %(note_length)s characters.": "a limit of a note",
    "Commission, %(sales_days)s days": "the length of a chart",
    "Sold, %(sales_days)s days": "the length of a chart",
    "It was used %(used)s times already. Give that number or more, or pause it.": "more than a limit of one",
}
# The beginnings of longer ones.
NEVER_ONE_STARTS = (
    "We send a link that works for %(days)s days.",  # how long an invitation holds
    "You have %(minutes)s minutes to order.",  # how long a pass of the waiting room holds
    "You can join the queue from %(minutes)s minutes before",  # when a queue opens
)


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


def uncounted(texts: Iterable[str]) -> list[str]:
    """Return the texts without a plural form that count something which can be one."""
    counted = {text for text in texts if COUNTED.search(text)}
    return sorted(text for text in counted if text not in NEVER_ONE and not text.startswith(NEVER_ONE_STARTS))


def test_texts_that_count_have_a_form_for_one() -> None:
    texts = [message.text for message in collect_messages() if not message.plural]
    assert uncounted(texts) == [], "Use ngettext, or count in blocktranslate."
    assert {*NEVER_ONE} <= {*texts}
    assert all(any(text.startswith(start) for text in texts) for start in NEVER_ONE_STARTS)


def test_a_count_without_a_form_for_one_is_found() -> None:
    """The control."""
    texts = ["%(number)s events wait", "for %(days)s days", "Give 1 to %(most)s days.", *NEVER_ONE]
    assert uncounted(texts) == ["%(number)s events wait", "for %(days)s days"]
