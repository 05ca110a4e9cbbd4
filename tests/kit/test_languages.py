"""Texts, amounts and numbers by language; templates that are compiled for each language."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.template import Context, Engine
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory
from django.utils.translation import get_language, gettext, ngettext, override

from accounts.errors import EmailTakenError
from kit.errors import InvalidInputError
from kit.money import bare_amount, format_minor
from kit.money.amounts import parse_amount
from kit.sentences.stored import in_words
from kit.text.conventions import CONVENTIONS, Conventions
from kit.text.countries import country_choices, country_groups, country_name
from kit.text.dates import written_date
from kit.text.languages import keep_language, language_of, speaking
from kit.text.numbers import grouped, parse_percentage, percentage, plain_number
from kit.web.template_loaders import translated
from tests.texts.catalogue import LANGUAGES
from tests.texts.shown import CLOSE, OPEN, marked_catalogue
from vendors.forms.fields import kilograms, parse_weight

NB = "\xa0"


@pytest.mark.parametrize(
    ("minor", "english", "french"),
    [
        (0, "₦0", f"0{NB}NGN"),
        (1, "₦0.01", f"0,01{NB}NGN"),
        (200, "₦2", f"2{NB}NGN"),
        (100_000, "₦1,000", f"1{NB}000{NB}NGN"),
        (123_456, "₦1,234.56", f"1{NB}234,56{NB}NGN"),
        (-123_456_789, "−₦1,234,567.89", f"−1{NB}234{NB}567,89{NB}NGN"),
    ],
)
def test_amounts_follow_the_language(minor: int, english: str, french: str) -> None:
    assert format_minor(minor, "NGN") == english
    with override("fr"):
        assert format_minor(minor, "NGN") == french


@pytest.mark.parametrize(
    ("currency", "english", "french"),
    [
        ("XOF", f"CFA{NB}1,000", f"1{NB}000{NB}F{NB}CFA"),
        ("USD", "$1,000", f"1{NB}000{NB}$US"),
        ("GHS", "GH₵1,000", f"1{NB}000{NB}GHS"),
        ("KES", f"KSh{NB}1,000", f"1{NB}000{NB}KES"),
        ("ZAR", f"R{NB}1,000", f"1{NB}000{NB}ZAR"),
        ("EGP", "E£1,000", f"1{NB}000{NB}EGP"),
        ("EUR", f"EUR{NB}1,000", f"1{NB}000{NB}EUR"),
    ],
)
def test_each_currency_has_its_sign_where_the_language_puts_it(currency: str, english: str, french: str) -> None:
    assert format_minor(100_000, currency) == english
    with override("fr"):
        assert format_minor(100_000, currency) == french


@pytest.mark.parametrize(
    ("number", "english", "french"),
    [
        (0, "0 products", "0 produit"),
        (1, "1 product", "1 produit"),
        (2, "2 products", "2 produits"),
        (1000, "1,000 products", f"1{NB}000 produits"),
    ],
)
def test_plurals_follow_the_language(number: int, english: str, french: str) -> None:
    def words() -> str:
        return ngettext("%(count)s product", "%(count)s products", number) % {"count": grouped(number)}

    assert words() == english
    with override("fr"):
        assert words() == french


@pytest.mark.parametrize(
    ("count", "english", "french"),
    [(0, "0 items", "0 article"), (1, "1 item", "1 article"), (2, "2 items", "2 articles")],
)
def test_plurals_in_templates_follow_the_language(count: int, english: str, french: str) -> None:
    source = "{% blocktranslate count count=n %}{{ count }} item{% plural %}{{ count }} items{% endblocktranslate %}"
    for language, words in (("en-gb", english), ("fr", french)):
        with override(language):
            assert Engine.get_default().from_string(translated(source)).render(Context({"n": count})) == words


@pytest.mark.parametrize("text", ["1 234,56", f"1{NB}234,56 NGN", "1\u202f234,56", "1234.56", "NGN 1234,56"])
def test_amounts_are_read_as_french_writes_them(text: str) -> None:
    with override("fr"):
        assert parse_amount(text, "NGN") == 123_456


@pytest.mark.parametrize("text", ["1,250.50", "1.250,50", "1,250", "12 50", "1 2345"])
def test_what_reads_in_two_ways_is_refused_in_french(text: str) -> None:
    with override("fr"), pytest.raises(ValueError, match="18 500"):
        parse_amount(text, "NGN")


def test_amounts_in_files_read_the_same_in_every_language() -> None:
    with override("fr"):
        assert parse_amount("1,250.50", "NGN", is_of_file=True) == 125_050


@pytest.mark.parametrize(
    ("language", "text", "plain"),
    [("en-gb", "1,234.5", "1234.5"), ("fr", "1 234,5", "1234.5"), ("fr", "1234.5", "1234.5")],
)
def test_a_number_is_read_as_its_language_writes_it(language: str, text: str, plain: str) -> None:
    with override(language):
        assert plain_number(text) == plain


@pytest.mark.parametrize(
    ("kept", "header", "language"),
    [
        ("fr", "en", "fr"),
        ("", "fr-CA,en", "fr"),
        ("xx", "", "en-gb"),
        ("en", "fr", "fr"),
        ("", "en-US", "en-gb"),
        ("", "de, fr;q=0", "en-gb"),
        ("", "fr;q=0.4, en;q=0.8", "en-gb"),
        ("", "fr;q=2, \xe9?, fr;q=0.5", "fr"),
        ("", "de, *, fr", "en-gb"),
        ("", ",;=q,,", "en-gb"),
    ],
)
def test_the_cookie_comes_before_what_the_browser_asks_for(kept: str, header: str, language: str) -> None:
    request = RequestFactory().get("/", headers={"accept-language": header})
    request.COOKIES[settings.LANGUAGE_COOKIE_NAME] = kept
    assert language_of(request) == language


def test_speaking_ends_with_its_block() -> None:
    with speaking("fr"):
        assert gettext("Your basket") == "Votre panier"
        with speaking("a language that nobody speaks here"):
            assert get_language() == "en-gb"
        assert get_language() == "fr"
    assert gettext("Your basket") == "Your basket"


def test_the_cookie_is_for_the_market_and_no_script() -> None:
    from django.http import HttpResponse

    response = HttpResponse()
    keep_language(response, "fr")
    cookie = response.cookies["kasuwa_language"]
    assert (cookie["domain"], bool(cookie["httponly"]), cookie["samesite"]) == (settings.BASE_DOMAIN, True, "Lax")


TEXTS = [
    '{% translate "Your basket" %}',
    "<p>{% blocktranslate trimmed with number=order.number %}\n  Order\n  {{ number }}\n{% endblocktranslate %}</p>",
    "{% blocktranslate with amount=minor|money:code %}A refund of {{ amount }} is on its way{% endblocktranslate %}",
    '{{ name|default:_("Your shop") }}',
    '{% translate "Your basket" as title %}{{ title }}',
    "{% blocktranslate trimmed asvar said %}Your basket{% endblocktranslate %}{{ said }}",
    (
        "{% blocktranslate trimmed count shops=n with shop=name %}{{ shop }} is getting your parcel ready."
        "{% plural %}{{ shops }} shops are getting your parcels ready; each sends its own.{% endblocktranslate %}"
    ),
    "{% translate word %}",
    "{% translate 'That is too large' %} 100 %",
    '{% if name == _("Your shop") %}same{% endif %}',
    "{% comment %}{% translate 'Your basket' %}{% endcomment %}{% verbatim %}{{ x }}{% endverbatim %}",
]


@pytest.mark.parametrize("language", ["en-gb", "fr"])
@pytest.mark.parametrize("source", TEXTS)
def test_texts_put_in_ahead_read_as_those_that_django_looks_up(source: str, language: str) -> None:
    data = {
        "order": {"number": "KS-1 <b>"},
        "minor": 123_456,
        "code": "NGN",
        "name": "",
        "n": 2,
        "word": "Your basket",
    }
    engine = Engine.get_default()
    with override(language):
        for name in ("", "Indigo & Co"):
            context = data | {"name": name}
            looked_up = engine.from_string(source).render(Context(context))
            assert engine.from_string(translated(source)).render(Context(context)) == looked_up


def test_what_needs_no_page_costs_a_page_nothing() -> None:
    source = '<c-x title="{% translate "Your basket" %}">{{ a|default:_("Your shop") }}</c-x>{# said to programmers #}'
    with override("fr"):
        assert translated(source) == '<c-x title="Votre panier">{{ a|default:"Votre boutique" }}</c-x>'


def test_a_translation_that_would_break_a_template_is_left_to_django(monkeypatch: pytest.MonkeyPatch) -> None:
    for text in ('Say "hello"', "{{ secret }}", "{% now 'Y' %}", "<c-icon />"):
        monkeypatch.setattr("kit.web.template_loaders.gettext", lambda _, text=text: text)
        source = '<c-x title="{% translate "Save" %}">'
        assert translated(source) == source


def same(one: Any, other: Any) -> bool:
    """Return whether two found templates are one that was compiled once."""
    return one.template is other.template


def test_each_language_has_templates_of_its_own() -> None:
    english: Any = get_template("404.html")
    with override("fr"):
        french: Any = get_template("404.html")
        assert "Rien sur cet étal" in render_to_string("404.html")
        assert same(get_template("404.html"), french)
    assert same(get_template("404.html"), english)
    assert not same(english, french)
    assert "Nothing at this stall" in render_to_string("404.html")


def test_every_template_compiles_in_every_language() -> None:
    from tests.texts.extract import product_files

    for path in product_files():
        if path.suffix == ".py":
            continue
        for language, _name in settings.LANGUAGES:
            with override(language):
                _compile(path)


def _compile(path: Path) -> Any:
    name = str(path).split("/templates/", 1)[1]
    return get_template(name)


def test_countries_are_named_in_the_language_that_is_active() -> None:
    assert country_name("CI") == "Côte d'Ivoire"
    assert country_name("GB") == "United Kingdom"
    with override("fr"):
        assert country_name("GB") == "Royaume-Uni"
        assert ("GB", "Royaume-Uni") in country_choices()
    assert ("GB", "United Kingdom") in country_choices()


@pytest.mark.parametrize(
    ("day", "english", "french"),
    [
        (date(2026, 11, 29), "29 Nov 2026 29 November", "29 nov. 2026 29 novembre"),
        (date(2026, 5, 3), "3 May 2026 3 May", "3 mai 2026 3 mai"),
        (date(2026, 2, 1), "1 Feb 2026 1 February", "1er fév. 2026 1er février"),
    ],
)
def test_dates_follow_the_language(day: date, english: str, french: str) -> None:
    page = Engine.get_default().from_string('{{ day|date:"j M Y" }} {{ day|date:"j F" }}')
    assert page.render(Context({"day": day})) == english
    with override("fr"):
        assert page.render(Context({"day": day})) == french


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("140\u202f588\u00a0NGN", "140\u202f588 NGN"),
        ("1\u00a0140\u00a0588\u00a0NGN", "1\u00a0140\u00a0588 NGN"),
        ("₦140,588", "₦140,588"),
        ("<b>\u00a0NGN", "&lt;b&gt; NGN"),
        (3, "3"),
    ],
)
def test_a_figure_may_break_before_its_unit_and_nowhere_else(value: object, shown: str) -> None:
    page = Engine.get_default().from_string("{% load ui %}{{ value|wrappable }}")
    assert page.render(Context({"value": value})) == shown


def test_a_refusal_speaks_the_language_in_which_it_was_raised() -> None:
    with override("fr"):
        error = InvalidInputError(details={"email": [EmailTakenError.default_message], "left": 2})
    assert error.message == "Corrigez les champs signalés."
    assert " ".join(error.details["email"]).startswith("Il existe déjà un compte")
    assert error.details["left"] == 2


@pytest.mark.parametrize(("currencies", "codes"), [(["NGN", "GHS"], {"NG", "GH"}), (["USD"], set())])
def test_countries_of_the_market_come_first(currencies: list[str], codes: set[str], settings: Any) -> None:
    settings.SHOP_CURRENCIES = currencies
    first, others = (dict(pairs) for _, pairs in country_groups())
    assert set(first) == codes
    assert {**first, **others} == dict(country_choices())


GERMAN = Conventions(
    thousands=".", decimals=",", symbols={"USD": "$"}, has_currency_behind=True, short_month="N",
)  # fmt: skip


@pytest.fixture
def _german(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The market speaks a language that is not in it: settings and a record, as docs/languages.md says."""
    settings.LANGUAGES = [*settings.LANGUAGES, ("de", "Deutsch")]
    monkeypatch.setitem(CONVENTIONS, "de", GERMAN)
    with speaking("de"):
        yield


@pytest.mark.usefixtures("_german")
def test_another_language_is_a_setting_and_a_record() -> None:
    assert get_language() == "de"
    assert format_minor(-123_456_789, "NGN") == f"−1.234.567,89{NB}NGN"
    assert (format_minor(100_000, "USD"), bare_amount(123_450)) == (f"1.000{NB}$", "1.234,50")
    assert (grouped(1_234_567), percentage(750), kilograms(1_200)) == ("1.234.567", "7,5", "1,2")
    assert written_date(date(2026, 3, 3), "j M Y") == "3 März 2026"
    page = Engine.get_default().from_string('{{ day|date:"j M Y" }} {{ minor|money:"NGN" }}')
    assert page.render(Context({"day": date(2026, 3, 3), "minor": 123_456})) == f"3 März 2026 1.234,56{NB}NGN"


@pytest.mark.usefixtures("_german")
def test_another_language_is_read_by_its_record() -> None:
    for text in ("1.234,56", "1234,56 NGN", "NGN 1.234,56", "1234.56"):  # the last as forms are filled
        assert parse_amount(text, "NGN") == 123_456
    for text in ("1,234.56", "1.23,4", "12.3456", "1 234,56", "1.5"):
        with pytest.raises(ValueError, match="18,500"):
            parse_amount(text, "NGN")
    assert parse_amount("1,234.56", "NGN", is_of_file=True) == 123_456
    assert (plain_number("1.234,5"), parse_percentage("7,5 %"), parse_weight("1,2 kg")) == ("1234.5", 750, 1_200)
    assert parse_percentage("7.5") is None
    with pytest.raises(ValueError, match="kilograms"):
        parse_weight("1.200")


def test_each_language_has_a_record_and_a_catalogue() -> None:
    spoken = {code for code, _name in settings.LANGUAGES}
    assert spoken == CONVENTIONS.keys() == {settings.LANGUAGE_CODE, *LANGUAGES}


def test_marks_around_the_texts_of_a_catalogue_leave_nothing_behind() -> None:
    """Letters are read with every text marked (tests/texts/shown.py); what remembers texts forgets them after it."""
    with override("fr"):
        before = (country_name("GB"), in_words("Paid beyond the order's total."), gettext("Your basket"))
    with marked_catalogue(), override("fr"):
        marked = (country_name("GB"), in_words("Paid beyond the order's total."), gettext("Your basket"))
    with override("fr"):
        after = (country_name("GB"), in_words("Paid beyond the order's total."), gettext("Your basket"))
    assert before == after
    assert marked == tuple(f"{OPEN}{text}{CLOSE}" for text in before)
