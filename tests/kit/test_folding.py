"""Words of texts and of queries are folded alike."""

import pytest

from catalogue.discovery.selectors.words import terms_of, words_of
from kit.text.folding import chains, fold, index_text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Zanzibar\u00a0mug", "zanzibar mug"),
        ("Zanzibar\u2009mug\u3000x", "zanzibar mug x"),
        ("Mug\u2014blue\u2013red\u2026", "mug blue red"),
        ("“Mug”, «blue»!", "mug blue"),
        ("Kente™ scarf® by Ama©", "kente scarf by ama"),
        ("Ɗan Maraya Ƙaramar Ɓera Ƴar", "dan maraya karamar bera yar"),
        ("Straße STRASSE ẞ", "strasse strasse ss"),
        ("ÆSIR œuvre Łódź Øre þorn", "aesir oeuvre lodz ore thorn"),
        ("İstanbul ışık", "istanbul isik"),
        ("Ẹ̀kọ́ Gbẹ̀dẹ̀ n̄", "eko gbede n"),
        ("ﬁne ＡＢＣ １２ m²", "fine abc 12 m2"),
        ("a_b/c.d,e", "a b c d e"),
        ("💐 gift", "gift"),
        ("", ""),
        ("™ – …", ""),
    ],
)
def test_letters_and_marks_become_plain_words(text: str, words: str) -> None:
    assert index_text(text) == words


@pytest.mark.parametrize(
    "joint", ["-", "\u2010", "\u2011", "\u00ad", "\u200b", "\u200d", "\u2060", "\ufeff", "'", "’", "ʼ"]
)
def test_a_joint_within_a_word_gives_both_readings(joint: str) -> None:
    assert index_text(f"Ba{joint}Na x") == "ba na x bana"
    assert list(chains(f"{joint}Ba{joint}{joint}Na{joint}")) == [("ba", "na")]


def test_other_scripts_are_written_in_ascii_and_keep_their_vowels() -> None:
    assert index_text("كِتَاب") == index_text("كتاب")
    assert index_text("कि") != index_text("का")
    assert index_text("ሰላም ٣").isascii()
    assert index_text("٣") == "3"


@pytest.mark.parametrize(
    "text", ["Ɗan", "İ", "ﬀ", "ǅ", "ŉ", "ᾳ", "\u0345", "ẞ", "K", "Å", "½", "a\u0301\u0323", "한국어", "Ꭰ"]
)
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("typed", "match", "rank"),
    [
        ("tote bag", "((tote)) & ((bag))", "((tote)) & ((bag))"),
        ("the who", "((who))", "((who)) | ((the))"),
        ("IT", "((it))", "((it))"),
        ("the of", "((the)) & ((of))", "((the)) & ((of))"),
        ("shoes for men", "((shoes)) & ((men))", "((shoes)) & ((men)) | ((for))"),
        ("red or blue", "((red)) | ((blue))", "((red)) | ((blue))"),
        ("or", "((or))", "((or))"),
        ("“narrow looms”", "((narrow <-> looms))", "((narrow <-> looms))"),
        ("mug -red", "((mug)) & !((red))", "((mug)) & !((red))"),
        ("mug – red", "((mug)) & ((red))", "((mug)) & ((red))"),
        ("t-shirt", "(((t <-> shirt) | tshirt))", "(((t <-> shirt) | tshirt))"),
        ("| & ! <-> :* ' \\", "", ""),
    ],
)
def test_what_is_typed_becomes_a_query(typed: str, match: str, rank: str) -> None:
    asked = words_of(typed)
    assert (asked.match, asked.rank) == (match, rank)


def test_a_query_is_cut_at_twelve_words() -> None:
    assert len(terms_of(" ".join("abcdefghijklmnop"))) == 12
    assert len(terms_of("-".join("abcdefghijklmnop"))) == 1
