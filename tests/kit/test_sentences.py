"""Sentences that hold other texts end with one mark, whatever those texts end with."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from kit.text.sentences import as_sentence, with_one_stop
from tests.architecture.sources import ROOT, python_files

MARKERS = {"gettext", "gettext_lazy", "ngettext", "_"}
# Texts that others wrote, or that are sentences themselves; then a full stop of ours, or our next sentence.
HELD = r"%\((?:value|text|reasons?|faults?|errors?|messages?|refusal|problem|said)\)s[”»\"]?"
HELD_AT_THE_END = re.compile(rf"{HELD}\.$")
HELD_BEFORE_A_SENTENCE = re.compile(rf"(?:: |“){HELD} [A-Z]")
NEEDED = {HELD_AT_THE_END: "with_one_stop(", HELD_BEFORE_A_SENTENCE: "as_sentence("}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Saved meanwhile: “Carriers”.", "Saved meanwhile: “Carriers”."),
        ("Saved meanwhile: “We pack at once.”.", "Saved meanwhile: “We pack at once.”"),
        ("Saved meanwhile: “Really?”.", "Saved meanwhile: “Really?”"),
        ("Enregistré : « Oui. ».", "Enregistré : « Oui. »"),
        ("Enregistré : « Oui.\xa0».", "Enregistré : « Oui.\xa0»"),
        ("Already in use: Ltd..", "Already in use: Ltd."),
        ("Saved meanwhile: “and so on…”.", "Saved meanwhile: “and so on…”"),
        ("Wait...", "Wait..."),
        ("", ""),
    ],
)
def test_a_sentence_ends_with_one_mark(before: str, after: str) -> None:
    assert with_one_stop(before) == after


@pytest.mark.parametrize(
    ("before", "after"), [("Late", "Late."), ("Late.", "Late."), ("Late!", "Late!"), ("So…", "So…"), ("", "")]
)
def test_an_entered_text_becomes_a_sentence(before: str, after: str) -> None:
    assert as_sentence(before) == after


def offences(tree: ast.Module) -> Iterator[str]:
    """Yield marked texts that put a text of other origin before a mark without the function that keeps it one mark."""
    for statement in ast.walk(tree):
        if not isinstance(statement, ast.stmt) or hasattr(statement, "body"):
            continue
        source = ast.unparse(statement)
        for call in ast.walk(statement):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in MARKERS:
                for argument in call.args:
                    text = argument.value if isinstance(argument, ast.Constant) else None
                    if isinstance(text, str):
                        yield from (
                            text for held, needed in NEEDED.items() if held.search(text) and needed not in source
                        )


def test_every_sentence_that_holds_another_text_keeps_one_mark() -> None:
    sources = [path for path in python_files() if "tests" not in path.relative_to(ROOT).parts]
    assert [text for path in sources for text in offences(ast.parse(path.read_text(encoding="utf-8")))] == []


def test_a_doubled_mark_would_be_found() -> None:
    """The control."""
    texts = ["Saved: “%(value)s”.", "It says: “%(reason)s” Try again."]
    source = "\n".join(f"form.add_error(gettext({text!r}) % found)" for text in texts)
    assert list(offences(ast.parse(source))) == texts
