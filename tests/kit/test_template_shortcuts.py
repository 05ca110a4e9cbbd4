"""Shortcuts through Django's templates and django-cotton's components give what those give."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from copy import copy
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.template import Context, Engine, RequestContext, Template, autoreload, base, defaulttags
from django.template.base import Variable, VariableDoesNotExist
from django.templatetags.static import static
from django.test import RequestFactory, override_settings
from django.urls import NoReverseMatch, set_urlconf
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy, override
from django_cotton.compiler_regex import CottonCompiler
from django_cotton.templatetags._component import CottonComponentNode

from config.styleguide import styleguide
from kit import template_shortcuts
from kit.templatetags.ui import market_url
from kit.web import components
from kit.web.components import ComponentNode
from kit.web.template_loaders import FORGET_DRAWN

MARKET, SHOPS = settings.PUBLIC_SCHEMA_URLCONF, settings.ROOT_URLCONF


class Text(str):
    """A text of a class of its own."""

    __slots__ = ()


class Markup:
    """An object that writes itself in one way as HTML and in another as a text."""

    def __html__(self) -> str:
        return "<b>"

    def __str__(self) -> str:
        return "<i>"


class Thing:
    """What templates ask for attributes, items and calls."""

    name = "a <thing>"
    rows = ({"key": "<1>"}, {"key": ""})

    def greet(self) -> str:
        return "hello"

    def takes(self, one: str) -> str:
        return one

    def delete(self) -> str:
        raise AssertionError("a template has deleted something")

    delete.alters_data = True  # type: ignore[attr-defined]


VALUES: list[Any] = [
    *("", "plain", '<a href="x">\'&', "é 日本", SafeString("<b>"), Text("<b>"), gettext_lazy("Your basket"), Markup()),
    *(0, 7, -999, 1000, -1000, 1234567, -1.5, Decimal("1234.50"), True, None, ["<"], {"a": "'"}, b"<"),
    *(date(2026, 11, 30), datetime(2026, 11, 30, 23, 30, tzinfo=UTC)),
]
NAMES = {
    "thing": Thing(),
    "greet": Thing().greet,
    "kind": Thing,
    "markup": "<b class='x'>",
    "safe": SafeString("<b>"),
    "none": None,
    "empty": "",
    "amount": 185_000,
    "rows": [{"label": "<1>", "value": 1, "count": 2}],
    "icon": "basket",
    "word": "Your basket",
    "view": "discovery:home",
    "file": "css/kasuwa.css",
    "extra": {"data-a": "1", "class": "size-9"},
}
SOURCES = [
    "{% if none or thing.name and not missing %}{{ thing.name }}{% elif missing.x %}a{% endif %}[{{ none }}]",
    "{{ thing.greet }}{{ thing.takes }}{{ thing.delete }}{{ thing.rows.0.key }}{{ thing.no }}{{ missing }}",
    "{{ greet }}{{ kind.name }}{{ rows.0.label }}{{ rows.items }}{{ extra.items }}{{ extra.class }}",
    "{% for row in thing.rows %}{{ forloop.counter }}{{ row.key|default:'<->' }}{% endfor %}",
    "{% for row in none %}a{% empty %}b{% endfor %}{% for row in missing %}a{% endfor %}",
    "{% with a=markup|upper b=safe %}{{ a }}{{ b }}{{ b|lower }}{{ a|safe }}{{ a|linebreaks }}{% endwith %}{{ a }}",
    "{% load i18n %}{% translate word %}{% translate markup|upper %}{% translate safe as said %}{{ said }}",
    "{% autoescape off %}{{ markup }}{{ safe }}{% url view %}{% endautoescape %}{{ amount|add:1 }}{{ 1234.5 }}",
    "{% load static %}{% static 'css/kasuwa.css' %}{% static file as found %}{{ found }}",
    "{% url 'discovery:search' %}{% url view as a %}{{ a }}{% url 'no:such' as b %}[{{ b }}]",
    "{% url 'discovery:shop' 'x' %}{% url 'discovery:shop' slug=icon as shop %}{{ shop }}",
    "{% include 'cotton/icon.html' with name=icon %}{% firstof none markup %}{% cycle 'a' 'b' %}{{ block.super }}",
    "<c-icon name='bell' label='{{ markup }}' data-x /><c-icon name={{ icon }} class={{ missing }} />",
    '<c-button href="/x?a=1&b=2" icon="{{ icon }}" disabled data-a="{{ markup }}">Buy <b>{{ markup }}</b></c-button>',
    '<c-price :amount="amount" :was="missing" currency="NGN" from="{{ empty }}" title=\'a "quoted" one\' />',
    '<c-card title="{{ safe }}"><c-slot name="actions">{{ markup }}</c-slot>in <c-icon name="x" /></c-card>{{ title }}',
    '<c-facet-group title="T" name="n" :options="rows" /><c-breadcrumbs /><c-breadcrumbs :items="rows" />',
    '<c-component is="icon" name="x" /><c-component is="{{ icon }}-link" url="/" :count="2" />',
    '<c-icon :attrs="extra" name="y" size="{{ none }}" /><c-icon ::name="x" :label="missing" :class="amount" />',
    '{% for row in rows %}<c-alert tone="error" urgent title="{{ row.label }}">{{ row.value }}</c-alert>{% endfor %}',
]


@contextmanager
def djangos_own() -> Iterator[None]:
    """Do without the shortcuts."""
    with pytest.MonkeyPatch.context() as patch:
        for place, name, theirs in template_shortcuts.DJANGOS_OWN:
            patch.setattr(place, name, theirs)
        patch.setattr(ComponentNode, "render", CottonComponentNode.render)
        yield


def asked(urlconf: str = MARKET) -> HttpRequest:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    request.urlconf = urlconf
    return request


@pytest.fixture(autouse=True)
def _on_the_market() -> Iterator[None]:
    set_urlconf(MARKET)
    yield
    set_urlconf(None)


def same(ours: Any, django: Any) -> bool:
    return bool(ours == django) and type(ours) is type(django)


@pytest.mark.parametrize("language", ["en-gb", "fr"])
def test_values_are_shown_as_django_shows_them(language: str) -> None:
    with override(language):
        for value in VALUES:
            for autoescape in (True, False):
                context = Context({}, autoescape=autoescape)
                with djangos_own():
                    shown = base.render_value_in_context(value, context)
                assert same(base.render_value_in_context(value, context), shown)
            assert same(defaulttags.conditional_escape(value), conditional_escape(value))  # type: ignore[attr-defined]
            assert same(defaulttags.mark_safe(value), mark_safe(value))  # type: ignore[attr-defined]


@pytest.mark.parametrize("source", SOURCES)
def test_templates_read_as_those_that_django_renders(source: str) -> None:
    page = Template(CottonCompiler().process(source))
    for language in ("en-gb", "fr"):
        with override(language):
            for context in (Context, partial(RequestContext, asked())):
                ours = page.render(context({**NAMES}))
                with djangos_own():
                    assert page.render(context({**NAMES})) == ours


def test_every_component_reads_as_the_one_that_django_cotton_renders() -> None:
    def guide() -> bytes:
        return re.sub(rb'value="\w{64}"', b"a token of a form", styleguide(asked()).content)

    ours = guide()
    with djangos_own():
        assert guide() == ours
    assert ours.count(b"<svg") > 100


def test_the_shortcuts_are_taken() -> None:
    page = Template(CottonCompiler().process('<c-button href="/" icon="basket">{{ markup }}</c-button>'))

    def calls() -> int:
        made = 0

        def count(_frame: Any, event: str, _argument: Any) -> None:
            nonlocal made
            made += event in {"call", "c_call"}

        context = Context({**NAMES})
        page.render(copy(context))
        sys.setprofile(count)
        try:
            page.render(context)
        finally:
            sys.setprofile(None)
        return made

    ours = calls()
    with djangos_own():
        assert calls() > 2 * ours


def test_a_name_that_is_missing_is_said_as_django_says_it() -> None:
    told = []
    for _ in range(2):
        with pytest.raises(VariableDoesNotExist) as raised:
            Variable("missing").resolve(Context())
        told.append((str(raised.value), raised.value.params[0]))
        with djangos_own(), pytest.raises(VariableDoesNotExist) as raised:
            Variable("missing").resolve(Context())
        told.append((str(raised.value), raised.value.params[0]))
    assert len(set(told)) == 1


def test_an_error_leaves_the_page_as_it_was() -> None:
    context = Context({"fails": lambda: 1 / 0})
    page = Template(CottonCompiler().process("<c-card>{{ fails }}</c-card>"))
    for source in (page, Template('{% include "cotton/card.html" with title=fails %}')):
        with pytest.raises(ZeroDivisionError):
            source.render(context)
        assert (len(context.dicts), len(context.render_context.dicts), context.render_context.template) == (2, 1, None)


def test_a_debug_page_is_told_the_place_of_an_error() -> None:
    page = Engine(debug=True).from_string("one\n{% if fails %}{% endif %}\n{{ fails }}")
    with pytest.raises(ZeroDivisionError) as raised:
        page.render(Context({"fails": lambda: 1 / 0}))
    assert raised.value.template_debug["line"] == 2  # type: ignore[attr-defined]


def test_addresses_are_those_of_the_host() -> None:
    page = Template("{% url 'accounts:sign-in' %} {% url 'discovery:home' as home %}{{ home }}")
    told: dict[str, Any] = {}
    for urlconf in (MARKET, SHOPS, MARKET, SHOPS):
        set_urlconf(urlconf)
        shown = page.render(RequestContext(asked(urlconf))), market_url("discovery:search")
        assert told.setdefault(urlconf, shown) == shown
    assert told[MARKET] == ("/account/sign-in/ /", "/search/")
    assert told[SHOPS] == (
        "/account/sign-in/ ",
        f"{settings.PLATFORM_SCHEME}://{settings.BASE_DOMAIN}:{settings.PORT}/search/",
    )
    with pytest.raises(NoReverseMatch, match="discovery"):
        Template("{% url 'discovery:home' %}").render(RequestContext(asked(SHOPS)))


def test_addresses_follow_the_settings() -> None:
    set_urlconf(SHOPS)
    before = static("css/kasuwa.css"), market_url("discovery:home")
    with override_settings(BASE_DOMAIN="market.example", PUBLIC_SCHEMA_URLCONF=MARKET):
        assert market_url("discovery:home") != before[1]
        assert "market.example" in market_url("discovery:home")
    assert (static("css/kasuwa.css"), market_url("discovery:home")) == before


def words(language: str) -> str:
    with override(language):
        return Template(CottonCompiler().process('<c-quantity id="x" />')).render(Context())


def test_components_speak_the_language_of_each_thread() -> None:
    english, french = words("en-gb"), words("fr")
    assert ("One more" in english, "One more" in french) == (True, False)
    together = Barrier(2)

    def often(language: str) -> set[str]:
        with override(language):
            together.wait()
            return {words(language) for _ in range(50)}

    with ThreadPoolExecutor(2) as pool:
        assert [*pool.map(often, ("en-gb", "fr"))] == [{english}, {french}]


def test_a_component_is_compiled_again_when_templates_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Texts are put in when a template is compiled; a server that reloads forgets what it has compiled."""
    english = words("en-gb")
    with monkeypatch.context() as patch:
        patch.setattr("kit.web.template_loaders.gettext", str.upper)
        assert words("en-gb") == english
        autoreload.reset_loaders()
        assert "ONE MORE" in words("en-gb")
    autoreload.reset_loaders()
    assert words("en-gb") == english


def test_a_component_is_read_again_when_its_file_has_changed() -> None:
    assert components._known.cache_clear in FORGET_DRAWN
