"""French forms that English has not: the colon's space, the first of a month, names that begin with a vowel."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.template import Context, Template
from django.utils import translation

from kit.templatetags.ui import unbroken_numbers
from kit.text.dates import written_date
from kit.text.labelled import labelled
from tests.architecture.sources import ROOT, repository_files

CATALOGUE = ROOT / "platform/config/locale/fr/LC_MESSAGES/django.po"
BEFORE_A_NAME = re.compile(r"\b(?:de|que) (?:<strong>)?%\((?:shop|shop_row|shop_name|offering_shop)\)s")
GLUED_COLON = re.compile(r"\}\}: \{\{(?! *error)")


@pytest.mark.parametrize(
    ("language", "day", "form", "text"),
    [
        ("fr", 1, "j F Y", "1er novembre 2026"),
        ("fr", 1, "j M Y", "1er nov. 2026"),
        ("fr", 1, "j M", "1er nov."),
        ("fr", 11, "j F Y", "11 novembre 2026"),
        ("fr", 1, "d/m/Y", "01/11/2026"),
        ("en", 1, "j F Y", "1 November 2026"),
    ],
)
def test_the_first_of_a_month_is_written_as_the_language_does(language: str, day: int, form: str, text: str) -> None:
    at = dt.datetime(2026, 11, day, 12, tzinfo=dt.UTC)
    with translation.override(language):
        shown = Template("{{ at|date:form }}").render(Context({"at": at, "form": form}))
        assert (written_date(at.date(), form), written_date(at, form), shown) == (text, text, text)


@pytest.mark.parametrize(("language", "text"), [("en", "Colour: Plum"), ("fr", "Colour\xa0: Plum")])
def test_a_name_and_its_value_have_the_colon_of_the_language(language: str, text: str) -> None:
    with translation.override(language):
        shown = Template("{% load options %}{{ options|options_text }}").render(
            Context({"options": {"Colour": "Plum"}})
        )
        assert (labelled("Colour", "Plum"), shown) == (text, text)


def test_templates_glue_no_colon_between_two_values() -> None:
    texts = {
        path: path.read_text()
        for path in repository_files()
        if path.suffix == ".html" and "templates" in path.parts and "paystack_sandbox" not in path.parts
    }
    marked = re.compile(r"\{% blocktranslate.*?endblocktranslate %\}", re.DOTALL)
    assert [path.name for path, text in texts.items() if GLUED_COLON.search(marked.sub("", text))] == []
    assert GLUED_COLON.search("{{ name }}: {{ value }}")


def test_no_french_text_has_a_word_that_elides_before_a_shop_s_name() -> None:
    """Hold texts to a word of ours before a name: "Autres produits de Indigo Fabrics" would need "d’Indigo"."""
    text = re.sub(r'"\n"', "", "\n".join(re.findall(r"^(?:msgstr.*|\".*)$", CATALOGUE.read_text(), re.MULTILINE)))
    assert BEFORE_A_NAME.findall(text) == []
    assert BEFORE_A_NAME.search("Autres produits de %(shop)s")


def test_a_heading_ends_no_line_inside_an_order_s_number() -> None:
    assert (
        unbroken_numbers("Order KS-XZXH1-2 <b>") == 'Order <span class="whitespace-nowrap">KS-XZXH1-2</span> &lt;b&gt;'
    )
