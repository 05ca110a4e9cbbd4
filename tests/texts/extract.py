"""The texts that are marked for translation, by the file that holds them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.utils.translation.template import templatize

from tests.architecture.sources import ROOT, nodes, source_files

SINGULAR = {"gettext", "gettext_lazy", "gettext_noop"}
PLURAL = {"ngettext", "ngettext_lazy", "ngettext_noop"}
IN_CONTEXT = {"pgettext", "pgettext_lazy"}
MARKED_BY = {"django.utils.translation", "kit.sentences.stored"}
STRING = r"""u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
CALL = re.compile(rf"(?:\bn?gettext|\b_)\(\s*{STRING}(?:\s*,\s*{STRING})?", re.DOTALL)
CALL_IN_CONTEXT = re.compile(rf"\bpgettext\(\s*{STRING}\s*,\s*{STRING}", re.DOTALL)
SUFFIXES = (".html", ".txt", ".py")
OUTSIDE = {"paystack_sandbox", "styleguide", "static", "node_modules"}


class Message(NamedTuple):
    """A text, with its plural where it has one, and its context where a word means more than one thing."""

    text: str
    plural: str = ""
    context: str | None = None

    @property
    def id(self) -> str | tuple[str, str]:
        """How a catalogue names it."""
        return (self.text, self.plural) if self.plural else self.text


@cache
def collect_messages() -> dict[Message, list[str]]:
    """Return every marked text of the product with the files that it stands in."""
    found: dict[Message, list[str]] = {}
    for path in product_files():
        for message in set(messages_of(path)):
            found.setdefault(message, []).append(str(path.relative_to(ROOT)))
    return found


def product_files() -> Iterator[Path]:
    """Yield the files that may hold texts for people."""
    for suffix in SUFFIXES:
        for path in source_files(suffix):
            is_template = "templates" in path.parts
            if not OUTSIDE & {*path.parts, path.stem} and is_template == (suffix != ".py"):
                yield path


def messages_of(path: Path) -> Iterator[Message]:
    """Yield the texts that a file marks."""
    source = path.read_text(encoding="utf-8")
    return python_messages(source) if path.suffix == ".py" else template_messages(source)


def template_messages(source: str) -> Iterator[Message]:
    """Yield the texts that a template marks."""
    for found in CALL.finditer(templatize(source)):
        text, plural = ast.literal_eval(found[1]), ast.literal_eval(found[2]) if found[2] else ""
        yield Message(text, plural)
    for found in CALL_IN_CONTEXT.finditer(templatize(source)):
        yield Message(ast.literal_eval(found[2]), context=ast.literal_eval(found[1]))


def python_messages(source: str) -> Iterator[Message]:
    """Yield the texts that a module marks."""
    known = marking_names(source)
    for node in nodes(source) if known else ():
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in known:
            texts = [each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
            if not texts:  # a look-up of a text that is marked elsewhere
                continue
            if known[node.func.id] in PLURAL:
                yield Message(texts[0], texts[1])
            elif known[node.func.id] in IN_CONTEXT:
                yield Message(texts[1], context=texts[0])
            else:
                yield Message(texts[0])


def marking_names(source: str) -> dict[str, str]:
    """Return the names by which a module calls the functions of translation."""
    if not any(module in source for module in MARKED_BY):
        return {}
    return {
        alias.asname or alias.name: alias.name
        for node in nodes(source)
        if isinstance(node, ast.ImportFrom) and node.module in MARKED_BY
        for alias in node.names
        if alias.name in SINGULAR | PLURAL | IN_CONTEXT
    }
