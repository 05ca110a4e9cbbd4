"""No template looks up a method of data: a key of that name, which somebody may have typed, would come first."""

from __future__ import annotations

import re

import pytest
from django.template import Context, Engine

from tests.architecture.sources import ROOT, source_files

METHOD = re.compile(
    r"\{[{%][^}%]*?\.(?:items|keys|values|get|pop|popitem|copy|update|clear|setdefault|fromkeys)\b(?!\()", re.DOTALL
)


def test_no_template_looks_up_a_method_of_data() -> None:
    found = [
        str(path.relative_to(ROOT))
        for path in source_files(".html")
        if "paystack_sandbox" not in path.parts and METHOD.search(path.read_text(encoding="utf-8"))
    ]
    assert found == [], "Use the filters `pairs` and `options_text` of kit.templatetags."


@pytest.mark.parametrize(
    "source", ["{% for name, value in line.options.items %}", '{{ a.values|join:", " }}', '<c-x y="{{ a.b.keys }}" />']
)
def test_a_look_up_is_found(source: str) -> None:
    assert METHOD.search(source)


def test_what_the_rule_is_about() -> None:
    engine = Engine(libraries={"ui": "kit.templatetags.ui"})
    data = Context({"options": {"items": "Ten", "values": "Two"}})
    looked_up = engine.from_string("{% for name, value in options.items %}{{ name }}{% endfor %}")
    with pytest.raises(ValueError, match="unpack"):
        looked_up.render(data)
    filtered = engine.from_string(
        "{% load ui %}{% for name, value in options|pairs %}{{ name }}={{ value }};{% endfor %}"
    )
    assert filtered.render(data) == "items=Ten;values=Two;"
