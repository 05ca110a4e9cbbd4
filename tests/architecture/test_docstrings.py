"""Docstrings and comments begin with a verb or a plain noun and name their object, as docs/voice.md asks."""

from __future__ import annotations

import ast
import inspect
import io
import re
import tokenize
from collections.abc import Iterable, Iterator

import pytest

from tests.architecture.sources import ROOT, nodes, python_files

DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)

# A pronoun in place of the thing: "What a query has to say", "Whether it is paid", "Somebody's key", "Say why".
OPENING = re.compile(
    r"(?:What|Whatever|Who|Whoever|Whom|Whose|Which|Where|When|Why|How|That|Whether|Somebody|Someone|Nobody|Something"
    r"|Says?|Saying|Tells? whether)\b"
)
# The same as the object of the verb: "Return what is kept", "Tell who owns it", "Keep it".
OBJECT = re.compile(r"[A-Z][a-z]+ (?:what|whatever|who|whoever|whom|whose|how|where|somebody|nobody|it|them)\b")
NOUN_AND_RELATIVE = re.compile(r"[A-Z][a-z]+(?:s|le) (?:who|whose|where)\b")  # "Pages whose …", "People who …"
# The same at the begin of a comment; "When" and "Where" may begin a condition there.
COMMENT_OPENING = re.compile(r"(?:What|Whatever|Who|Whoever|Whom|Somebody|Nobody)\b", re.IGNORECASE)
# Phrases that are ruled out anywhere in docstrings and comments.
PHRASE = re.compile(
    r"\b(?:whoever|nobody|somebody|what (?:came|became|becomes|comes) of|c[oa]me to nothing|the last word|that is so"
    r"|to say for)\b",
    re.IGNORECASE,
)


def faults_of(docstring: str) -> set[str]:
    """Return the parts of a docstring that docs/voice.md rules out."""
    begin = OPENING.match(docstring)
    if begin is None and not NOUN_AND_RELATIVE.match(docstring):
        begin = OBJECT.match(docstring)
    return {match.group() for match in (begin, *PHRASE.finditer(docstring)) if match}


def docstrings(source: str) -> Iterator[tuple[int, str]]:
    """Yield the docstrings of a module and of its classes and functions, with their lines."""
    for node in nodes(source):
        if isinstance(node, DOCUMENTED) and (text := ast.get_docstring(node, clean=False)):
            yield node.body[0].lineno, inspect.cleandoc(text)


def offences(files: Iterable[tuple[str, str]]) -> list[str]:
    """Return the places of docstrings with faults, each with its faults."""
    return [
        f"{name}:{line}: {', '.join(sorted(faults))}"
        for name, source in files
        for line, text in docstrings(source)
        if (faults := faults_of(text))
    ]


def comments(source: str) -> Iterator[tuple[int, str]]:
    """Yield the comments of a module, with their lines."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string.removeprefix("#").strip()


def comment_faults(files: Iterable[tuple[str, str]]) -> list[str]:
    """Return the places of comments that begin with a pronoun, or have a phrase that is ruled out."""
    return [
        f"{name}:{line}: {match.group()}"
        for name, source in files
        for line, text in comments(source)
        if (match := COMMENT_OPENING.match(text) or PHRASE.search(text))
    ]


def test_comments_name_their_object() -> None:
    files = ((str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")) for path in python_files())
    assert comment_faults(files) == [], "docs/voice.md says how comments are written."


def test_a_comment_that_is_ruled_out_is_found() -> None:
    """The control."""
    source = "A = 1  # What a row keeps.\n# Locked first, so that nobody waits.\nB = 2  # When a row is due.\n"
    assert comment_faults([("module.py", source)]) == ["module.py:1: What", "module.py:2: nobody"]


def test_docstrings_name_their_object() -> None:
    files = ((str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")) for path in python_files())
    assert offences(files) == [], "docs/voice.md says how docstrings are written."


@pytest.mark.parametrize(
    ("docstring", "fault"),
    [
        ("What a query that only writes has to say.", "What"),
        ("Whether it was paid.", "Whether"),
        ("Say how many there were.", "Say"),
        ("Tell whether a key is weak.", "Tell whether"),
        ("Return what is kept.", "Return what"),
        ("Uncount it: the password was right.", "Uncount it"),
        ("Result of a round.\n\nIt tells what became of it.", "what became of"),
        ("Lock rows.\n\nWhoever waits goes on.", "Whoever"),
    ],
)
def test_a_docstring_that_is_ruled_out_is_found(docstring: str, fault: str) -> None:
    """The control."""
    source = f'def act() -> None:\n    """{docstring}"""\n'
    assert offences([("module.py", source)]) == [f"module.py:2: {fault}"]


@pytest.mark.parametrize(
    "docstring",
    [
        "Return the price of each line.",
        "Reader for statements that return no rows.",
        "Shops whose schemas are not ready.",
        "People who work in a shop.",
        "Tell Django, axes and the other apps of a sign-in without a session.",
    ],
)
def test_a_plain_docstring_passes(docstring: str) -> None:
    assert faults_of(docstring) == set()
