"""Options of variants as one line, from both shapes in which they are kept."""

from __future__ import annotations

from typing import Any

import pytest
from django.template import Context, Template

from kit.templatetags.options import options_text


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"Colour": "Indigo", "Size": "L"}, "Colour: Indigo, Size: L"),
        ([["Size", "L"], ["Colour", "Indigo"]], "Size: L, Colour: Indigo"),
        ({"items": "3", "values": "low", "keys": "two"}, "items: 3, values: low, keys: two"),
        ({}, ""),
        ([], ""),
        (None, ""),
    ],
)
def test_options_are_one_line_in_their_order(options: Any, text: str) -> None:
    assert options_text(options) == text


def test_a_value_is_no_markup() -> None:
    page = Template("{% load options %}{{ options|options_text }}").render(Context({"options": {"Size": "<b>L</b>"}}))
    assert page == "Size: &lt;b&gt;L&lt;/b&gt;"
