"""Numbers that programs read back, and years, are written in templates without separators of thousands."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import IntegerField

from tests.architecture.sources import ROOT, nodes, python_files, repository_files

TEMPLATES = [path for path in repository_files() if "templates" in path.parts and path.suffix == ".html"]
# The sandbox' own templates are Jinja's, which does not localise.
OTHER_ENGINE = "paystack_sandbox"
ATTRIBUTES = "value|href|src|action|formaction|name|id|for|form|min|max|step|start|aria-controls|data-(?!label)[\\w-]+"
ATTRIBUTE = re.compile(
    rf'(?<![\w:-])(?:{ATTRIBUTES})="(?:\{{%.*?%\}}|\{{\{{.*?\}}\}}|[^"{{]|\{{(?![%{{]))*"', re.DOTALL
)
VARIABLE = re.compile(r"\{\{\s*(?P<name>[\w.]+)(?P<filters>\|[^}]*?)?\s*\}\}")
ELEMENT = re.compile(r"<([\w.-]+)")
# Components whose attributes become those of a control; what others are given is shown.
CONTROLS = ("c-input", "c-button")
PLAIN = re.compile(r"\|\s*(?:unlocalize|stringformat|date|time|length)\b")
YEAR = re.compile(r"(?:^|\.)year$")
NUMBER = re.compile(r"int(?: \| None)?")
GIVEN = re.compile(r"\{%\s*blocktranslate\b(?P<given>.*?)%\}(?P<body>.*?)\{%\s*endblocktranslate\s*%\}", re.DOTALL)


@cache
def names_of_numbers() -> frozenset[str]:
    """Return the names that are whole numbers wherever the product has them: columns, attributes and functions."""
    kinds: dict[str, set[bool]] = defaultdict(set)
    for model in apps.get_models():
        for field in model._meta.fields:
            kinds[field.name].add(isinstance(field, IntegerField))
    for path in python_files():
        for node in nodes(path.read_text(encoding="utf-8")):
            match node:
                case (
                    ast.AnnAssign(target=ast.Name(id=name), annotation=ast.expr() as kind)
                    | ast.FunctionDef(name=name, returns=ast.expr() as kind)
                ):
                    kinds[name].add(NUMBER.fullmatch(ast.unparse(kind)) is not None)
    return frozenset(name for name, are_numbers in kinds.items() if are_numbers == {True})


@cache
def numbered_models() -> frozenset[str]:
    """Return the names of the models whose keys are whole numbers."""
    return frozenset(
        str(model._meta.model_name) for model in apps.get_models() if isinstance(model._meta.pk, IntegerField)
    )


def is_number(variable: str) -> bool:
    """Tell whether a variable of a template is a whole number, by its name."""
    owner, _, name = variable.rpartition(".")
    if name in {"pk", "id"}:
        return owner.rpartition(".")[2].replace("_", "") in numbered_models()
    return name in names_of_numbers()


def faults_of(text: str) -> Iterator[str]:
    """Yield what would be written with separators of thousands in an attribute that is read back, and years."""
    for attribute in ATTRIBUTE.finditer(text):
        element = ELEMENT.match(text, text.rfind("<", 0, attribute.start()))
        is_shown = element and element[1].startswith("c-") and element[1] not in CONTROLS
        if is_shown and attribute[0].startswith("value="):
            continue
        for variable in VARIABLE.finditer(attribute[0]):
            if is_number(variable["name"]) and not PLAIN.search(variable["filters"] or ""):
                yield f"{_line_of(text, attribute.start())}: {variable[0]} in an attribute"
    for variable in VARIABLE.finditer(GIVEN.sub(_without_given, text)):
        name = variable["name"]
        if (YEAR.search(name) or (name.endswith(".pk") and is_number(name))) and not variable["filters"]:
            yield f"{variable[0]} is never grouped"


def _without_given(found: re.Match[str]) -> str:
    """Replace variables of a sentence that it is given as text."""
    plain = re.findall(r"(\w+)=[\w.]+\|(?:unlocalize|stringformat)", found["given"])
    return VARIABLE.sub(lambda each: "" if each["name"] in plain else each[0], found["body"])


def _line_of(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def test_numbers_that_are_read_back_have_no_separators() -> None:
    paths = [path for path in TEMPLATES if OTHER_ENGINE not in path.parts]
    assert len(paths) > 200
    assert [f"{path.relative_to(ROOT)}:{fault}" for path in paths for fault in _faults_in(path)] == []


def _faults_in(path: Path) -> Iterator[str]:
    return faults_of(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "text",
    [
        '<input name="amount_minor" value="{{ quote.amount_minor }}">',
        '<option value="{{ journal.pk }}">x</option>',
        '<c-button name="x" value="{{ refund.amount_minor }}">x</c-button>',
        '<a href="?page={% if a %}{{ quantity }}{% endif %}">x</a>',
        '<div data-total="{{ total_minor|default:0 }}"></div>',
        "{% blocktranslate trimmed %}Tax statement of {{ year }}{% endblocktranslate %}",
        "<p>{{ statement.year }}</p>",
    ],
)
def test_a_number_with_separators_is_found(text: str) -> None:
    """The control."""
    assert list(faults_of(text))


@pytest.mark.parametrize(
    "text",
    [
        '<input value="{{ quote.amount_minor|unlocalize }}">',
        "<input value=\"{{ variant.price_minor|stringformat:'d' }}\">",
        '<c-stat value="{{ quantity }}" />',
        '<td data-label="{{ quantity }}">{{ quantity }}</td>',
        '<input value="{{ query.text }}">',
        "{% blocktranslate trimmed with year=year|unlocalize %}Tax statement of {{ year }}{% endblocktranslate %}",
    ],
)
def test_other_numbers_are_let_pass(text: str) -> None:
    assert list(faults_of(text)) == []
