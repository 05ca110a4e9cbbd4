"""Templates have one form. No formatter for Django's templates is stable here, so that a check holds it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, repository_files

TEMPLATES = [path for path in repository_files() if "templates" in path.parts and path.suffix in {".html", ".txt"}]
TAG_OF_DJANGO = re.compile(r"\{%.*?%\}|\{#.*?#\}", re.DOTALL)
VARIABLE = re.compile(r"\{\{.*?\}\}", re.DOTALL)
OPENING_TAG = re.compile(r"<[a-zA-Z][\w:.-]*(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>")
ATTRIBUTE = re.compile(r"(?<=\s)[@:\w.-]+=(?P<value>\"[^\"]*\"|'[^']*'|[^\s\"'>]+)")
LITERAL = re.compile(r"<(script|style|pre|textarea)\b.*?</\1>", re.DOTALL)


def faults_of(text: str, *, is_html: bool = True) -> Iterator[str]:
    """Yield what is wrong with a template's form, each with its line."""
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        if "\t" in line or "\r" in line:
            yield f"{number}: a tab or a carriage return"
        if line != line.rstrip():
            yield f"{number}: spaces at the end of the line"
    if is_html:
        if not text.endswith("\n") or text.endswith("\n\n"):
            yield f"{len(lines)}: one line break ends the file"
        yield from _faults_of_markup(text)


def _faults_of_markup(text: str) -> Iterator[str]:
    """Yield lines that are indented by an odd number of spaces, and attributes without double quotes."""
    markup = LITERAL.sub(_letters, VARIABLE.sub(_letters, TAG_OF_DJANGO.sub(_spaces, text)))
    continued: set[int] = set()
    for tag in OPENING_TAG.finditer(markup):
        first = _line_of(markup, tag.start())
        continued |= set(range(first + 1, _line_of(markup, tag.end()) + 1))
        for attribute in ATTRIBUTE.finditer(markup, tag.start(), tag.end()):
            if not attribute["value"].startswith('"') and '"' not in attribute["value"]:
                yield f"{_line_of(markup, attribute.start())}: {attribute[0].strip()} needs double quotes"
    shown = LITERAL.sub(_letters, text)
    for number, line in enumerate(shown.split("\n"), 1):
        indent = len(line) - len(line.lstrip(" "))
        if indent % 2 and line.strip() and number not in continued:
            yield f"{number}: indented by {indent} spaces; a step is two"


def _letters(found: re.Match[str]) -> str:
    """Replace a passage by letters, its line breaks kept."""
    return re.sub(r"[^\n]", "x", found[0])


def _spaces(found: re.Match[str]) -> str:
    """Replace a passage by spaces, its line breaks kept."""
    return re.sub(r"[^\n]", " ", found[0])


def _line_of(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def test_templates_have_one_form() -> None:
    assert len(TEMPLATES) > 250
    assert [f"{path.relative_to(ROOT)}:{fault}" for path in TEMPLATES for fault in _faults_in(path)] == []


def _faults_in(path: Path) -> Iterator[str]:
    return faults_of(path.read_text(encoding="utf-8"), is_html=path.suffix == ".html")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("<p>\n\t<b>x</b>\n</p>\n", "2: a tab or a carriage return"),
        ("<p>x</p>\r\n", "1: a tab or a carriage return"),
        ("<p>x</p> \n", "1: spaces at the end of the line"),
        ("<p>x</p>", "1: one line break ends the file"),
        ("<p>x</p>\n\n", "3: one line break ends the file"),
        ("<p>\n   <b>x</b>\n</p>\n", "2: indented by 3 spaces; a step is two"),
        ("{% if x %}\n {{ x }}\n{% endif %}\n", "2: indented by 1 spaces; a step is two"),
        ("<p class='x'>y</p>\n", "1: class='x' needs double quotes"),
        ("<p {% if a > b %}id=x{% endif %}>y</p>\n", "1: id=x needs double quotes"),
        ("<c-card :count=5 />\n", "1: :count=5 needs double quotes"),
        ("<td width=100>\n</td>\n", "1: width=100 needs double quotes"),
    ],
)
def test_another_form_is_found(text: str, fault: str) -> None:
    """The control."""
    assert fault in list(faults_of(text))


@pytest.mark.parametrize(
    "text",
    [
        '<p class="a"\n   id="b">x</p>\n',
        "<p title=\"{% translate 'x' %}\">x</p>\n",
        "<p data-x='{\"a\": 1}'>x</p>\n",
        "<pre>\n   x\n</pre>\n",
        '<a href="?a=b&c=d">x</a>\n',
        "{% if a %}\n  <br>\n{% endif %}\n",
    ],
)
def test_this_form_is_let_pass(text: str) -> None:
    assert list(faults_of(text)) == []
