"""Stored sentences: English in the row whatever language writes them, and every reader's own language on the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import chain
from typing import Any

import pytest
from django.utils import translation
from django.utils.translation import gettext, ngettext

from checkout.models import PaymentStatus
from checkout.stored_sentences import ANSWER_UNREADABLE, OTHER_REFUND_ANSWERED, PAID_TOO_LITTLE
from kit.money import Money, format_minor
from kit.sentences.stored import (
    SENTENCE,
    Listed,
    Sentence,
    SentenceTooLongError,
    in_words,
    in_words_of,
    ngettext_noop,
    sentences_that_fit,
)
from kit.sentences.values import AMOUNT, COUNT, CURRENCY, ID, MOMENT, NUMBER, SOURCE, Label
from kit.wiring import contributions
from payouts.stored_sentences import NEVER_KNOWN, ORDERS_RELEASED
from payouts.watch import subjects
from webhooks.stored_sentences import MOVED, MOVED_WITH_NOTE, REFUNDS_MOVED

LANGUAGES = (SOURCE, "fr")
AMOUNTS = (Money(0, "NGN"), Money(1_850_050, "NGN"), Money(-150_000, "XOF"), Money(123_456_789_00, "USD"))
NUMBERS = (0, 1, 2, 1_000)
NOT_ENGLISH = re.compile(r"₦|\$(?!US)|CFA [0-9]|[0-9],[0-9]{3}")  # amounts and numbers as English readers write them
UNUSED = Money(1, "KES")


def examples(sentence: Sentence) -> Iterator[dict[str, Any]]:
    """Yield values of a sentence: every amount and every number that it may have, else one of each kind."""
    kinds = {name: sentence.kind(name) for name in sentence.names}
    varied = {AMOUNT: len(AMOUNTS), COUNT: len(NUMBERS), NUMBER: len(NUMBERS)}
    most = max((varied.get(kind, 1) for kind in kinds.values()), default=1)
    for place in range(most):
        yield {name: example(kind, place) for name, kind in kinds.items()}


def example(kind: Any, place: int) -> Any:
    known = {
        AMOUNT: AMOUNTS[place % len(AMOUNTS)],
        COUNT: NUMBERS[place % len(NUMBERS)],
        NUMBER: NUMBERS[place % len(NUMBERS)],
        CURRENCY: "NGN",
        ID: "ks-4711",
        SENTENCE: "Sold out before the payment arrived.",
        MOMENT: datetime(2026, 11, 29, 23, tzinfo=UTC),
    }
    if kind in known:
        return known[kind]
    if isinstance(kind, Label):
        return next(iter(kind.choices))
    if isinstance(kind, Listed):
        return [{name: example(kind.part.kind(name), place) for name in kind.part.names} for _ in range(2)]
    return next(text for text in ("indigo", "404", "18,500.50") if re.fullmatch(kind.pattern, text))


def expected(sentence: Sentence, values: dict[str, Any]) -> str:
    """Return the sentence in the language that is active, made without the module that is tried."""
    said = {name: shown(sentence.kind(name), value) for name, value in values.items()}
    if len(sentence.forms) == 1:
        return gettext(sentence.key) % said
    count = next(value for name, value in values.items() if sentence.kind(name) is COUNT)
    singular, plural = sentence.forms
    return ngettext(singular, plural, count) % said


def shown(kind: Any, value: Any) -> str:
    if isinstance(value, Money):
        return format_minor(value.minor, value.currency)
    if isinstance(value, datetime):
        return {SOURCE: "30 Nov 2026, 00:00 WAT", "fr": "30 nov. 2026, 00:00 WAT"}[translation.get_language() or ""]
    if isinstance(value, int):
        return f"{value:,}".replace(",", "\xa0" if translation.get_language() == "fr" else ",")
    if isinstance(kind, Label):
        return str(value.label).lower() if kind.is_lower else str(value.label)
    if isinstance(kind, Listed):
        return ", ".join(expected(kind.part, each) for each in value)
    return gettext(value) if kind is SENTENCE else value


def test_every_form_is_stored_in_english_and_shown_in_both_languages() -> None:
    known = contributions(Sentence)
    assert len(known) > 50
    for sentence in known:
        for values in examples(sentence):
            stored = set()
            for language in LANGUAGES:
                with translation.override(language):
                    stored.add(sentence.written(**values))
            assert len(stored) == 1, sentence.key
            text = stored.pop()
            for language in LANGUAGES:
                with translation.override(language):
                    assert in_words(text) == expected(sentence, values), (language, text)
            with translation.override("fr"):
                assert sentence.key == "%(amount)s" or in_words(text) != text, text
                assert not NOT_ENGLISH.search(in_words(text).replace("18,500", "")), text


def test_every_form_of_a_finding_is_shown_as_itself() -> None:
    for form in (*subjects.FORMS, subjects.AT_SHOP):
        given: dict[str, Any] = {name: "shop indigo" if name == "subject" else "indigo" for name in form.names}
        subject = form.written(**given)
        with translation.override("fr"):
            at_shop = gettext("shop %(name)s") % {"name": "indigo"}
            values = {name: at_shop if name == "subject" else "indigo" for name in form.names}
            assert subjects.subject_label(subject) == expected(form, values)


@pytest.mark.parametrize(("count", "english", "french"), [
    (0, "Released 0 orders", "0 commande libérée"),
    (1, "Released 1 order", "1 commande libérée"),
    (2, "Released 2 orders", "2 commandes libérées"),
    (1_000, "Released 1,000 orders", "1\xa0000 commandes libérées"),
])  # fmt: skip
def test_plurals_follow_each_language(count: int, english: str, french: str) -> None:
    text = ORDERS_RELEASED.written(count=count)
    assert text == english
    with translation.override("fr"):
        assert in_words(text) == french


def test_rows_of_earlier_releases_are_shown_too() -> None:
    with translation.override("fr"):
        assert in_words("Too little: ₦1,499.99 instead of CFA\xa01,500.") == (
            "Montant insuffisant\xa0: 1\xa0499,99\xa0NGN au lieu de 1\xa0500\xa0F\xa0CFA."
        )
        assert in_words("Released 1 orders") == "1 commande libérée"


@pytest.mark.parametrize("text", [
    "", "Delivered to the neighbour, order 4711 checked.", "Transfer made by hand", "Paid. NGN 500 is missing.",
    "Too little: some money instead of more.", "Released many orders", "100 % sure", "%(amount)s",
])  # fmt: skip
def test_words_of_other_origin_stay_as_they_are(text: str) -> None:
    for language in LANGUAGES:
        with translation.override(language):
            assert in_words(text) == text


def test_sentences_behind_one_another_are_shown_if_all_are_known() -> None:
    behind = "The price was not changed: it was edited in the meantime. No variant has this SKU."
    with translation.override("fr"):
        assert in_words(behind) == " ".join(
            (gettext("The price was not changed: it was edited in the meantime."), gettext("No variant has this SKU."))
        )
        half = "No variant has this SKU. Ask the shop."
        assert in_words(half) == half
    amount = f"Ask the shop. {PAID_TOO_LITTLE.written(paid=Money(100, 'NGN'), asked=Money(200, 'NGN'))}"
    assert in_words(amount) == "Ask the shop. Too little: ₦1 instead of ₦2."


def test_a_sentence_inside_another_is_shown_with_it() -> None:
    note = PAID_TOO_LITTLE.written(paid=Money(100, "NGN"), asked=Money(200, "NGN"))
    text = MOVED_WITH_NOTE.written(status=PaymentStatus.MISMATCHED, amount=Money(100, "NGN"), note=note)
    with translation.override("fr"):
        assert in_words(text) == f"{PaymentStatus.MISMATCHED.label}\xa0: 1\xa0NGN. {in_words(note)}"
        assert "au lieu de" in in_words(text)
        why = NEVER_KNOWN.written(why="The shop is not paid in its present state.")
        assert in_words(why).endswith(gettext("The shop is not paid in its present state."))


def test_values_are_cut_and_the_sentence_is_not() -> None:
    text = OTHER_REFUND_ANSWERED.written(key="k" * 150, other="o" * 300)
    assert len(text) == 200
    with translation.override("fr"):
        assert in_words(text).startswith("Le prestataire a répondu à kkk")
    assert len(ANSWER_UNREADABLE.written(error="x" * 500, longest=60)) == 60
    with pytest.raises(SentenceTooLongError):
        PAID_TOO_LITTLE.written(paid=UNUSED, asked=UNUSED, longest=20)
    assert sentences_that_fit(["a" * 120, "b" * 120, "c" * 70]) == f"{'a' * 120} {'c' * 70}"


def test_every_form_fits_its_column_with_the_greatest_amounts() -> None:
    great = Money(10**15, "NGN")
    for sentence in contributions(Sentence):
        for values in examples(sentence):
            wide: dict[str, Any] = {
                name: great if isinstance(value, Money) else value for name, value in values.items()
            }
            assert len(sentence.written(**wide)) <= 200, sentence.key


def test_times_are_shown_in_the_markets_zone() -> None:
    form = Sentence("At %(at)s", {"at": MOMENT})
    text = form.written(at=datetime(2026, 11, 29, 23, tzinfo=UTC))
    assert text == "At 2026-11-29 23:00 UTC"
    assert in_words_of(text, (form,)) == "At 30 Nov 2026, 00:00 WAT"
    with translation.override("fr"):
        assert in_words_of(text, (form,)) == "At 30 nov. 2026, 00:00 WAT"


def test_an_amount_names_its_currency() -> None:
    assert MOVED.written(status=PaymentStatus.CAPTURED, amount=Money(-1_850_050, "NGN")) == "Captured: −NGN 18,500.50."
    with pytest.raises(TypeError):
        MOVED.written(status=PaymentStatus.CAPTURED, amount=1_850_050)


def test_a_list_is_shown_part_by_part() -> None:
    assert ngettext_noop("%(n)s part", "%(n)s parts") == ("%(n)s part", "%(n)s parts")
    kind = REFUNDS_MOVED.kind("states")
    assert isinstance(kind, Listed)
    assert kind.shown("something else, NGN 5 unheard of") == "something else, NGN 5 unheard of"


def test_forms_are_defined_in_one_place_of_each_app() -> None:
    """One that is not contributed would be stored, and shown in English."""
    from catalogue import stored_sentences as catalogue
    from checkout import stored_sentences as checkout
    from gateway import stored_sentences as gateway
    from payouts import stored_sentences as payouts
    from webhooks import stored_sentences as webhooks

    places = (catalogue, checkout, gateway, payouts, webhooks)
    defined = {each for each in chain(*(vars(place).values() for place in places)) if isinstance(each, Sentence)}
    assert defined == {*contributions(Sentence)}
