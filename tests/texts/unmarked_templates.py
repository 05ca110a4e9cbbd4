"""Find texts in templates that are not marked for translation."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.template.base import Lexer, Token, TokenType

# Attributes that no reader reads; what is not here is taken for a text.
TECHNICAL_WORDS = """
    accept action align allow alt-class amount anchor aria-atomic aria-controls aria-current aria-describedby
    aria-expanded aria-hidden aria-invalid aria-labelledby aria-live art as async autocomplete autofocus bgcolor border
    cellpadding cellspacing charset checked class clear-url cols colspan command commandfor compare count crossorigin
    currency cx cy d data-autosubmit data-bulk-bar data-bulk-count data-dismiss data-kind data-menu data-once data-opens
    data-progress data-select-all data-sends-late data-state data-theme data-toast data-tone data-upload
    data-upload-status data-variants datetime decoding defer dir disabled dy eager enctype enterkeyhint fetchpriority
    fill for form formaction formmethod from has headers height hidden href http-equiv icon id image image-large
    inputmode integrity items kind lang large level list loading logo banner match max maxlength method min minlength
    multiple name next-url novalidate opens pattern points popover popovertarget popovertargetaction preload
    previous-url property quantity r reviews rating readonly rel required role route rows rowspan rx ry scope selected
    show_caption show-caption size sizes sold-out sold_out spellcheck src srcset stack status step steps strong style
    tabindex target
    text-anchor tone type url urgent value variant viewbox wide width x x1 x2 xmlns y y1 y2 optional-class
    enctype download hide_label hide-label
    data-closes data-more data-shows data-added data-gone data-invalid field key oob
    autocapitalize autocorrect drawing unit-minor
    """
TECHNICAL = frozenset(TECHNICAL_WORDS.split())
MARKED = ("translate", "trans")
BLOCKS = ("blocktranslate", "blocktrans")
TECHNICAL_BLOCKS = frozenset({"art", "theme", "theme_color"})
# Tags whose literals are names and addresses, and filters whose literals are patterns.
NAMING = ("load", "url", "static", "extends", "include", "block", "endblock", "market_url", "cotton", "lorem")
PATTERNS = re.compile(
    r"""\|(?:date|time|slice|join|urlencode|stringformat|cut|floatformat)\s*:\s*(?:"[^"]*"|'[^']*')"""
)
LITERAL = re.compile(r"""(?<!_\()(?:"([^"]*)"|'([^']*)')""")
COMPARED = re.compile(r"""(?:==|!=|\bin|\bnot in)\s*(?:"[^"]*"|'[^']*')|(?:"[^"]*"|'[^']*')\s*(?:==|!=|in\b)""")
MARKED_LITERAL = re.compile(r"""_\((?:"[^"]*"|'[^']*')\)""")
WORDS = re.compile(r"[^\W\d_]{2}")
PROSE = re.compile(r"^[A-Z][a-z’]|[a-z,.:] [A-Za-z]|^[a-z]{2,} ?$|^ ?[a-z]{2,} ")
TAG = re.compile(r"<!--.*?-->|<!doctype[^>]*>|</?[a-zA-Z][^>]*>", re.DOTALL | re.IGNORECASE)
ATTRIBUTE = re.compile(r"""([^\s"'>/=\x00-\x02]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
DESCRIPTION = re.compile(r"""["'](?:description|(?:og|twitter):(?:title|description|image:alt))["']""")
BUTTON = re.compile(r"""^<input\b.*\btype=["'](?:submit|button|reset)["']""", re.DOTALL)
CHOSEN = re.compile(r"""\|(?:yesno|add)\s*:\s*(?:"([^"]*)"|'([^']*)')""")
QUOTED = re.compile(r"""^\s*(?:"([^"]*)"|'([^']*)')\s*$""")
ENTITY = re.compile(r"&#?\w+;")
TAG_OF_DJANGO, VALUE, SAID = "\x00", "\x01", "\x02"
NAMES = re.compile(r"\b(?:Kasuwa|Paystack|OpenAPI|API|CSV|JSON|SKU|DNS|TXT|CNAME|ID|URL)\b")  # alike in every language


def unmarked_in_template(source: str, *, is_text: bool = False) -> list[str]:
    """Return the texts of a template that no tag marks.

    Args:
        is_text: it is a letter's plain text, so that everything in it is read.
    """
    outline, found = _outline(source)
    if is_text:
        return [*found, *_unsaid(outline.splitlines())]
    rest = TAG.split(outline)
    for tag in TAG.findall(outline):
        found += [text for name, text in _attributes(tag) if _is_said(name, tag) and _has_words(text)]
        found += [text for name, text in _attributes(tag) if _is_said_literal(name, text)]
    return [*found, *_unsaid(rest)]


def _unsaid(texts: list[str]) -> list[str]:
    return [" ".join(_bare(text).split()) for text in texts if _has_words(text)]


def _attributes(tag: str) -> Iterator[tuple[str, str]]:
    for name, double, single in ATTRIBUTE.findall(tag):
        yield name.lower(), double or single


def _is_said(name: str, tag: str) -> bool:
    """Say whether people read an attribute; components take data by `:name`, and pages their description by `meta`."""
    if name == "content":
        return bool(DESCRIPTION.search(tag))
    if name == "value":  # a form's is data; a figure's and a button's is read
        return tag.startswith("<c-stat") or bool(BUTTON.search(tag))
    if name in {"hx-confirm", "hx-prompt"}:
        return True
    return not (name in TECHNICAL or name.startswith((":", "hx-", "data-sort")) or "://" in name)


def _is_said_literal(name: str, text: str) -> bool:
    """Say whether a component is given a text in quotation marks where it takes an expression: `:label="'Save'"`."""
    return name.startswith(":") and name[1:] not in TECHNICAL and bool(QUOTED.match(text)) and _has_words(text)


def _has_words(text: str) -> bool:
    return bool(WORDS.search(_bare(text)))


def _bare(text: str) -> str:
    plain = ENTITY.sub(" ", NAMES.sub(" ", text))
    return re.sub(f"[{TAG_OF_DJANGO}{VALUE}{SAID}]", " ", plain)


def _outline(source: str) -> tuple[str, list[str]]:
    """Return a template with its tags and variables as single marks, and the unmarked texts inside of them."""
    written: list[str] = []
    found: list[str] = []
    waits_for = ""
    for token in Lexer(source).tokenize():
        name = token.contents.split(None, 1)[0] if token.token_type is TokenType.BLOCK and token.contents else ""
        if waits_for == "endblock":
            waits_for = "" if name == "endblock" else waits_for
            found += _inside(token, name)
        elif waits_for:
            waits_for = "" if name == waits_for else waits_for
        elif name in BLOCKS or name == "comment":
            waits_for = f"end{name}"
            written.append(SAID)
        elif name == "block" and token.contents.split()[1] in TECHNICAL_BLOCKS:
            waits_for = "endblock"
        elif token.token_type is TokenType.TEXT:
            written.append(token.contents)
        elif token.token_type is not TokenType.COMMENT:
            found += _inside(token, name)
            written.append(VALUE if token.token_type is TokenType.VAR else TAG_OF_DJANGO)
    return "".join(written), found


def _inside(token: Token, name: str) -> Iterator[str]:
    if name in MARKED:
        return
    contents = token.contents
    if name in NAMING:
        contents = contents.partition(" with ")[2] if name == "include" else ""
    if name == "pluralize" or "|pluralize" in contents:
        yield contents
    yield from _chosen(contents)
    for pattern in (MARKED_LITERAL, PATTERNS, COMPARED):
        contents = pattern.sub(" ", contents)
    for double, single in LITERAL.findall(contents):
        text = double or single
        if PROSE.search(text):
            yield text


def _chosen(contents: str) -> Iterator[str]:
    """Yield the words that a filter chooses from or appends: `|yesno:"paid,unpaid"`."""
    for double, single in CHOSEN.findall(contents):
        text = double or single
        if any(PROSE.search(part) for part in text.split(",")):
            yield text
