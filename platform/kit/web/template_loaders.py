"""Templates are compiled once for each language, with their texts translated already.

So a page pays nothing for being translatable: what `{% translate %}` and `{% blocktranslate %}` would look up for each
page is looked up when the template is compiled. The tags stay what they are in Django; those that can't be resolved
ahead (plurals, `as`, variables) are left to it (docs/adr/0042).
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.template import Template
from django.template.base import Lexer, Token, TokenType
from django.template.loaders import cached
from django.utils.text import smart_split
from django.utils.translation import get_language, gettext, trim_whitespace
from django_cotton import cotton_loader

FORGET_DRAWN: list[Callable[[], object]] = []  # empties the caches of what templates drew
BLOCKS = ("blocktranslate", "blocktrans")
STRINGS = ("translate", "trans")
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
LITERAL = re.compile(r'_\("([^"%{}\\]*)"\)')
NAMED = re.compile(r"^(\w+)=(.+)$", re.DOTALL)
NAME = re.compile(r"^\w+$")
UNSAFE = re.compile(r'["\\]|\{[{%#]|<c-')  # would end an attribute, or be read as something else than text


class PerLanguageLoader(cached.Loader):
    """Keeps each template in each language."""

    def __init__(self, engine: Any, loaders: Any) -> None:
        super().__init__(engine, loaders)
        self._ready: dict[tuple[str, str | None], Template] = {}

    def get_template(self, template_name: str, skip: Any = None) -> Template:
        """Return a template in the language that is active."""
        if skip is not None:
            return super().get_template(template_name, skip)
        key = (template_name, get_language())
        ready = self._ready.get(key)
        if ready is None:
            ready = self._ready[key] = super().get_template(template_name)
        return ready

    def cache_key(self, template_name: str, skip: Any = None) -> str:
        """Tell languages apart where Django's loader keeps templates."""
        return f"{get_language()} {super().cache_key(template_name, skip)}"

    def reset(self) -> None:
        """Forget every template, and what was drawn by one."""
        self._ready.clear()
        super().reset()
        _forget_drawn()


class ReloadingLoader(PerLanguageLoader):
    """Reads templates again when one has changed, for work on them (`manage.py up --reload`)."""

    def __init__(self, engine: Any, loaders: Any) -> None:
        super().__init__(engine, loaders)
        self._written_at: dict[str, int] = {}

    def get_template(self, template_name: str, skip: Any = None) -> Template:
        """Return a template as its file is now."""
        _forget_drawn()  # else a template that drew something would not be asked for again
        found = super().get_template(template_name, skip)
        written_at = Path(found.origin.name).stat().st_mtime_ns
        if self._written_at.setdefault(found.origin.name, written_at) == written_at:
            return found
        self._written_at[found.origin.name] = written_at
        self.reset()
        return super().get_template(template_name, skip)


def _forget_drawn() -> None:
    for forget in FORGET_DRAWN:
        forget()


class TranslatingLoader(cotton_loader.Loader):
    """Reads templates with their texts translated, and compiles components as django-cotton does."""

    def get_contents(self, origin: Any) -> str:
        """Return a template's source in the language that is active."""
        source = translated(self._get_template_string(origin.name))
        return self.cotton_compiler.process(source) if "<c-" in source else source


def translated(source: str) -> str:
    """Return a template's source with the texts in it that are known ahead, in the language that is active."""
    if "trans" not in source and '_("' not in source:
        return source
    written: list[str] = []
    tokens = iter(Lexer(source).tokenize())
    for token in tokens:
        if token.token_type is TokenType.TEXT:
            written.append(token.contents)
        elif token.token_type is not TokenType.BLOCK:
            written.append(_source_of(token))
        elif token.contents.split(None, 1)[0] in BLOCKS:
            written.append(_block(token, tokens))
        elif token.contents.split(None, 1)[0] in STRINGS:
            written.append(_string(token))
        else:
            written.append(_source_of(token))
    return "".join(written)


def _source_of(token: Token) -> str:
    """Write a token as it was, with the literals `_("…")` in it translated."""
    if token.token_type is TokenType.TEXT:
        return token.contents
    if token.token_type is TokenType.COMMENT:
        return ""
    contents = LITERAL.sub(_literal, token.contents)
    return f"{{{{ {contents} }}}}" if token.token_type is TokenType.VAR else f"{{% {contents} %}}"


def _literal(found: re.Match[str]) -> str:
    text = gettext(found[1])
    return found[0] if UNSAFE.search(text) else f'"{text}"'


def _string(token: Token) -> str:
    """Write `{% translate "…" %}` as its text, where it is nothing but that."""
    parts = list(smart_split(token.contents))
    if len(parts) != 2 or parts[1][0] not in "\"'" or parts[1][-1] != parts[1][0]:  # noqa: PLR2004 - the tag and its text
        return _source_of(token)
    message = parts[1][1:-1].replace("%", "%%")
    text = gettext(message).replace("%%", "%")
    return _source_of(token) if UNSAFE.search(text) or "\\" in message else text


def _block(opening: Token, tokens: Any) -> str:
    """Write `{% blocktranslate %}` as its text with the variables in their places, where it has no plural."""
    inside: list[Token] = []
    for token in tokens:
        inside.append(token)
        if token.token_type is TokenType.BLOCK and token.contents.strip() in {f"end{name}" for name in BLOCKS}:
            break
    as_it_was = _source_of(opening) + "".join(_source_of(token) for token in inside)
    values = _values(opening)
    if values is None or any(token.token_type not in {TokenType.TEXT, TokenType.VAR} for token in inside[:-1]):
        return as_it_was
    pieces = [_piece(token) for token in inside[:-1]]
    message = "".join(pieces)
    if "trimmed" in opening.contents.split():
        message = trim_whitespace(message)
    named = [token.contents for token in inside[:-1] if token.token_type is TokenType.VAR]
    text = gettext(message)
    if not all(NAME.match(name) for name in named) or _adds_markup(text, message):
        return as_it_was
    placed = PLACEHOLDER.sub(lambda found: f"{{{{ {values.get(found[1], found[1])} }}}}", text)
    return placed.replace("%%", "%")


def _piece(token: Token) -> str:
    return f"%({token.contents})s" if token.token_type is TokenType.VAR else token.contents.replace("%", "%%")


def _values(opening: Token) -> dict[str, str] | None:
    """Read the names of `with`; None where the tag has an option that needs the page."""
    options = list(smart_split(opening.contents))[1:]
    values = {}
    for option in options:
        found = NAMED.match(option)
        if found:
            values[found[1]] = found[2]
        elif option not in {"with", "trimmed"}:
            return None
    return values


def _adds_markup(text: str, message: str) -> bool:
    """Return whether a translation has markup or names that its text has not."""
    return any(found[0] not in message for found in UNSAFE.finditer(text))
