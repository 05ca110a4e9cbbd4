"""Every text that people read is marked for translation, as a whole; catalogues hold all of them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path, PurePath
from typing import Any

import pytest
from django import forms
from django.conf import settings
from django.utils.translation.template import templatize

from accounts.address_forms import SubdivisionField
from tests.architecture.sources import ROOT, source_files
from tests.texts import catalogue
from tests.texts.extract import Message, collect_messages, product_files, python_messages, template_messages
from tests.texts.unmarked_python import unmarked_in_module
from tests.texts.unmarked_scripts import unmarked_in_script
from tests.texts.unmarked_templates import unmarked_in_template

# Sentences that no reader of a page or a letter meets; why, by file or folder.
NOT_FOR_READERS = {
    "catalogue/discovery/selectors/query.py": "a statement",
    "checkout/fulfilment/audit.py": "the audit speaks in the terminal",
    "checkout/terms_sources.py": "the audit speaks in the terminal",
    "checkout/fulfilment/services/forgetting.py": "stands in rows for a person who was forgotten",
    "payouts/services/shop_money.py": "a fault of programs",
    "platform/accounts/services/own_data.py": "stands in rows for a person who was forgotten",
    "platform/deploy/": "commands that speak in the terminal, before anything is installed",
    "platform/gateway/": "details of an answer that cannot be read, for those who look for the fault",
    "platform/carriers/": "faults of a service's answers are for logs",
    "platform/kit/log_limits.py": "lines of the log",
    "platform/kit/db/redis.py": "an error that is caught where Redis is done without",
    "platform/kit/stored/": "what an upgrade did to stored rows is told in the terminal",
    "platform/kit/template_shortcuts.py": "a fault of a template, which Django tells itself in these words",
    "platform/kit/text/address_forms.py": "forms of addresses, into which their parts are put",
    "platform/kit/text/same_name.py": "words that are left out of a comparison",
    "platform/kit/web/front.py": "answers in plain text before Django has a say, to a request that has no language yet",
    "platform/kit/work/": "faults of programs",
    "tenants/database/": "faults of programs, and checks that speak in the terminal",
    "tenants/schemas/": "faults of programs, and commands that speak in the terminal",
    "vendors/views/imports.py": "names of columns in a file that is read back",
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}")
MARKUP = re.compile(r"<[^>]+>")
FILES = list(product_files())
RENEW = "Run: uv run python -m tests.texts.catalogue (docs/recipes/add-a-text.md)"


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def unmarked(path: Path) -> list[str]:
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return [] if name(path).startswith(tuple(NOT_FOR_READERS)) else unmarked_in_module(source, PurePath(name(path)))
    return unmarked_in_template(source, is_text=path.suffix == ".txt")


OUR_FORMS = ("vendors.", "console.", "checkout.", "accounts.", "tenants.", "catalogue.", "notifications.", __name__)
SHOWN_BEFORE = {"read_until", "shown_price", "shown_on_hand"}


def test_every_text_is_marked() -> None:
    found = {name(path): texts for path in FILES if (texts := unmarked(path))}
    assert found == {}, "Mark them with gettext, ngettext, translate or blocktranslate (docs/languages.md)."


def test_times_are_shown_by_24_hours() -> None:
    """The locale's own form of a time ends in "a.m." in English, and names no zone."""
    own_form = re.compile(
        r"date_format\([^\n]*\"(?:SHORT_)?(?:DATETIME|TIME)_FORMAT\"|\|(?:date|time):['\"](?:\w*TIME_FORMAT|[^'\"]*[Pa])"
    )
    assert own_form.search('date_format(at, "DATETIME_FORMAT")')
    assert own_form.search('{{ at|date:"j M, P" }}')
    assert [name(path) for path in FILES if own_form.search(path.read_text(encoding="utf-8"))] == []


def test_scripts_have_no_texts() -> None:
    found = {name(path): texts for path in source_files(".js") if (texts := unmarked_in_script(path.read_text()))}
    assert found == {}, "Put the text into a data- attribute of the page, marked there."


def test_what_is_left_out_is_there() -> None:
    gone = [entry for entry in NOT_FOR_READERS if not (ROOT / entry).exists()]
    assert gone == []


@pytest.mark.parametrize(
    "source",
    [
        "<p>Save</p>",
        "<p>Hello {{ name }}</p>",
        '<c-button label="Save changes" />',
        '<img alt="A map">',
        '<input placeholder="Search">',
        '<meta name="description" content="A market">',
        "{{ name|default:'Somebody' }}",
        '{% include "x.html" with title="Your orders" %}',
        "{{ count }} item{{ count|pluralize }}",
        '{% translate "Known" %} and more',
        "{% if a %}Yes{% else %}No{% endif %}",
        '<c-alert title="{% if a %}Sold out{% endif %}" />',
        '<c-stat value="Balanced" />',
        '<button hx-confirm="Delete it?">',
        '<input type="submit" value="Save changes">',
        """<c-button :label="'Save changes'" />""",
        '{{ paid|yesno:"paid,unpaid" }}',
        '{{ count|add:" items left" }}',
        '<meta property="og:title" content="A market">',
        '<meta name="twitter:description" content="A market">',
    ],
)
def test_an_unmarked_text_in_a_template_is_found(source: str) -> None:
    assert unmarked_in_template(source)


@pytest.mark.parametrize(
    "source",
    [
        '<p class="muted" data-state="done">{% translate "Save" %}</p>',
        "{% blocktranslate count n=n %}{{ n }} item{% plural %}{{ n }} items{% endblocktranslate %}",
        '<a href="{% url "checkout:cart" %}" rel="next">{{ label }}</a>',
        '{{ at|date:"j M Y" }} {{ x|default:_("Somebody") }} {% if status == "paid" %}–{% endif %}',
        "{% block art %}map{% endblock %}{# A comment for programmers #}",
        "<!-- A comment --> Kasuwa · &nbsp; 12",
    ],
)
def test_what_needs_no_mark_in_a_template_is_left_alone(source: str) -> None:
    assert unmarked_in_template(source) == []


def test_an_unmarked_line_of_a_letter_is_found() -> None:
    assert unmarked_in_template("{% translate 'Hello' %},\n\nthank you.", is_text=True) == [", thank you."[2:]]


@pytest.mark.parametrize(
    "source",
    [
        'class SoldOutError(DomainError):\n    default_message = "Sold out."',
        'raise ConflictError("This order is paid already.")',
        'raise ValidationError({"email": ["Not an address."]})',
        'class Status(TextChoices):\n    PAID = "paid", "Paid"',
        'name = forms.CharField(label="Name")',
        'name = LineField(max_length=80, help_text="As buyers will see it.")',
        'messages.success(request, f"{name} is saved.")',
        'form.add_error("name", "Taken")',
        'notify(user_id=1, title="Paid", body=f"{number} is paid")',
        'crumbs = [{"label": "Home", "url": "/"}]',
        'def view(request):\n    return "Sold out" if gone else "In stock now"',
        'WORDS = {A: gettext_lazy("Newest"), B: "Popular"}\n',
        'TABS = (("vendors:profile", "Profile", A), ("vendors:account", gettext_lazy("Bank account"), B))',
        'AccountTab("accounts:profile", "Profile")',
        'STATUS_LABELS = {"paid": "Paid"}',
        'name = LineField(error_messages={"required": "Required"})',
        'attrs = {"aria-label": "Search"}',
        'def said(name, text="Your basket is empty."):\n    return text',
    ],
)
def test_an_unmarked_text_in_a_module_is_found(source: str) -> None:
    head = "from django.utils.translation import gettext, gettext_lazy\n"
    assert unmarked_in_module(head + source, PurePath("checkout/views.py"))


@pytest.mark.parametrize(
    "source",
    [
        '"""A module about orders, in words."""',
        'class SoldOutError(DomainError):\n    code = "sold_out"\n    default_message = gettext_lazy("Sold out.")',
        'logger.warning("Redis is down; %s is not kept.", host)',
        'raise ValueError("A line without an offer is never counted.")',
        'cursor.execute("SELECT id FROM orders ORDER BY id")',
        'messages.success(request, gettext("%(name)s is saved.") % {"name": name})',
        'assert total >= 0, "A total is never below zero."',
        'path("orders/", views.orders, name="orders")',
    ],
)
def test_what_needs_no_mark_in_a_module_is_left_alone(source: str) -> None:
    head = "from django.utils.translation import gettext, gettext_lazy\n"
    assert unmarked_in_module(head + source, PurePath("checkout/views.py")) == []


def test_what_describes_the_api_needs_no_mark() -> None:
    source = 'NAME = {"name": "Indigo Fabrics"}\nname = CharField(help_text="As it is in the list.")'
    assert unmarked_in_module(source, PurePath("vendors/api/shops.py")) == []
    assert unmarked_in_module(source, PurePath("vendors/forms/shops.py"))


def test_a_text_in_a_script_is_found() -> None:
    assert unmarked_in_script('say(field, "The connection was lost.");\nsay(field, `${n} % sent`);')
    for source in ('n + " items"', "`${a[0]} items left`", '"Saving…"', 'box.innerHTML = "<b>Saved</b>"'):
        assert unmarked_in_script(source), source
    assert unmarked_in_script('const a = document.querySelector("[data-menu] .panel"); // A comment in words') == []


def test_catalogues_hold_the_texts_and_nothing_else() -> None:
    messages = collect_messages()
    for language in catalogue.LANGUAGES:
        renewed = catalogue.renewed(language, messages)
        there = catalogue.path_of(language).read_bytes()
        assert catalogue.written(renewed) == there, RENEW
        assert catalogue.path_of(language, ".mo").read_bytes() == catalogue.compiled(renewed), RENEW


def test_the_command_that_renews_the_catalogues_needs_nothing_set(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    subprocess.run(
        [sys.executable, "-m", "tests.texts.catalogue", str(tmp_path)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        check=True,
    )
    for language in catalogue.LANGUAGES:
        for ending in (".po", ".mo"):
            there = catalogue.path_of(language, ending)
            assert (tmp_path / there.relative_to(catalogue.LOCALE)).read_bytes() == there.read_bytes(), RENEW


def test_every_text_is_translated() -> None:
    messages = collect_messages()
    for language in catalogue.LANGUAGES:
        gaps = [message.text for message in catalogue.missing(language, messages)]
        assert gaps == [], f"Translate them in {catalogue.path_of(language)} (docs/recipes/add-a-text.md)."


def test_translations_keep_placeholders_and_markup() -> None:
    for language in catalogue.LANGUAGES:
        for message in catalogue.read_catalogue(language):
            ids = catalogue.forms(message.id)
            strings = catalogue.forms(message.string)
            for text in strings if message.id and all(strings) else ():
                assert set(PLACEHOLDER.findall(text)) <= set(PLACEHOLDER.findall(" ".join(ids))), text
                assert Counter(MARKUP.findall(text)) == Counter(MARKUP.findall(ids[-1])), text
                assert (text.count("{%"), '"' in text and '"' not in ids[-1]) == (0, False), text


def test_french_marks_stand_behind_a_no_break_space() -> None:
    loose = re.compile(r"\S [;:?!»](?:\s|$|[)<\"])|« |[\ds] %(?!\()")
    assert all(map(loose.search, ("Attention : ceci", "« ceci", "%(rate)s %% de remise")))
    texts = [text for message in catalogue.read_catalogue("fr") for text in catalogue.forms(message.string)]
    assert [text for text in texts if loose.search(text)] == []


def test_a_text_that_is_not_in_the_catalogue_is_noticed() -> None:
    added = {**collect_messages(), Message("A text that nobody has written"): ["checkout/views/new.py"]}
    assert catalogue.written(catalogue.renewed("fr", added)) != catalogue.path_of("fr").read_bytes()
    assert Message("A text that nobody has written") in catalogue.missing("fr", added)


def test_texts_are_collected_from_modules_and_templates() -> None:
    source = (
        "from django.utils.translation import gettext as _, ngettext\n"
        '_("One " "sentence")\nngettext("%(n)s item", "%(n)s items", 2)\n_(name)\nother("Not this")'
    )
    assert set(python_messages(source)) == {Message("One sentence"), Message("%(n)s item", "%(n)s items")}
    named = 'from django.utils.translation import pgettext_lazy\npgettext_lazy("money", "Sale")'
    assert set(python_messages(named)) == {Message("Sale", context="money")}
    template = (
        '{% translate "Save" %}{% translate "Sale" context "money" %}'
        '{{ x|default:_("None") }}<c-x a="{% translate "Menu" %}" />'
        "{% blocktranslate trimmed with a=b.c %}\n  Hello\n  {{ a }}{% endblocktranslate %}"
        "{% blocktranslate count n=n %}{{ n }} item{% plural %}{{ n }} items{% endblocktranslate %}"
    )
    assert set(template_messages(template)) == {
        Message("Save"),
        Message("Sale", context="money"),
        Message("None"),
        Message("Menu"),
        Message("Hello %(a)s"),
        Message("%(n)s item", "%(n)s items"),
    }
    assert "Save" in templatize(template)


def test_no_text_is_looked_up_while_modules_are_loaded() -> None:
    """A text that was looked up then would stay in the language of that moment, whoever reads it."""
    found = subprocess.run(
        [sys.executable, "-m", "tests.texts.early"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert found.stdout == "", "Look them up by gettext_lazy, ngettext_lazy or pgettext_lazy."


def test_short_months_are_written_as_each_language_does() -> None:
    """Django writes "25 Nov" in French; `written_date` and the filter `date` of the templates do not."""
    modules = list(source_files(".py"))
    assert len(modules) > 500
    found = re.compile(r'\bdate_format\([^"\n]*"[^"\n]*\bM\b')
    assert found.search('date_format(day, "j M Y")')
    assert [str(path.relative_to(ROOT)) for path in modules if found.search(path.read_text(encoding="utf-8"))] == []


def test_every_field_of_a_form_has_a_marked_label() -> None:
    """Django makes one of the field's name, which is English in every language."""
    for urlconf in (settings.PUBLIC_SCHEMA_URLCONF, settings.ROOT_URLCONF):
        import_module(urlconf)

    class Unlabelled(forms.Form):
        role = forms.CharField()

    found = {name for kind in kinds_of(forms.BaseForm) for name in unlabelled(kind)}
    assert "Unlabelled.role" in found
    assert found - {"Unlabelled.role"} == set()


def kinds_of(kind: type[Any]) -> Iterator[type[Any]]:
    each: type[Any]
    for each in kind.__subclasses__():
        yield each
        yield from kinds_of(each)


def unlabelled(kind: type[Any]) -> list[str]:
    """Return the fields of a form of ours that are shown without a label of their own."""
    if not kind.__module__.startswith(OUR_FORMS):
        return []
    return [
        f"{kind.__name__}.{name}"
        for name, field in getattr(kind, "base_fields", {}).items()
        # The word for a state is its country's; what was shown before goes along unseen.
        if field.label is None
        and not (field.widget.is_hidden or isinstance(field, SubdivisionField) or name in SHOWN_BEFORE)
    ]
