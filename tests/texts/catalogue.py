"""`python -m tests.texts.catalogue`: bring the catalogues up to date with the texts, and say what is not translated.

With a folder named behind it, the new catalogues are written there.

The compiled catalogues are committed, so that running the market needs no tool (docs/languages.md).
"""

from __future__ import annotations

import io
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import django
from babel import Locale
from babel.messages import mofile, pofile
from babel.messages.catalog import Catalog

from tests.architecture.sources import ROOT
from tests.texts.extract import Message, collect_messages

LOCALE = ROOT / "platform" / "config" / "locale"
PLURALS = {"fr": "nplurals=2; plural=(n > 1);"}  # of each language that is translated into; none is one: "0 article"
LANGUAGES = tuple(PLURALS)
SET_UP = datetime(2026, 1, 1, tzinfo=UTC)  # the same whenever it is written, so that only texts make a difference


def path_of(language: str, suffix: str = ".po") -> Path:
    """Return where a language's catalogue lies."""
    return (LOCALE / language / "LC_MESSAGES" / "django").with_suffix(suffix)


def name_of(language: str) -> str:
    """Return the English name of a language."""
    return str(Locale.parse(language, sep="-").english_name)


def read_catalogue(language: str) -> Catalog:
    """Return a language's catalogue, an empty one where there is none."""
    path = path_of(language)
    if not path.exists():
        return Catalog(locale=language, project="Kasuwa", version="1", creation_date=SET_UP)
    with path.open("rb") as file:
        return pofile.read_po(file, locale=language)


def renewed(language: str, messages: dict[Message, list[str]]) -> Catalog:
    """Return a catalogue with exactly the texts that are marked, each with the translation that it has."""
    kept = read_catalogue(language)
    catalogue = Catalog(
        locale=language,
        project="Kasuwa",
        version="1",
        creation_date=SET_UP,
        revision_date=SET_UP,
        last_translator="Kasuwa",
        language_team="Kasuwa",
        msgid_bugs_address="Kasuwa",
        header_comment=f"# Texts of the market, in {name_of(language)}. Written by `python -m tests.texts.catalogue`.",
        fuzzy=False,
    )
    catalogue.mime_headers = [("Plural-Forms", PLURALS[language])]
    for message, files in sorted(messages.items(), key=lambda each: (*each[0][:2], each[0].context or "")):
        known = kept.get(message.text, message.context)
        string = known.string if known is not None and _has_plural(known.id) == bool(message.plural) else None
        locations: list[Any] = [(name, None) for name in sorted(files)]  # no line numbers: each edit would change them
        catalogue.add(message.id, string, locations=locations, context=message.context)
    return catalogue


def missing(language: str, messages: dict[Message, list[str]]) -> dict[Message, list[str]]:
    """Return the texts that a language's catalogue does not translate."""
    kept = read_catalogue(language)
    return {message: files for message, files in messages.items() if not _is_translated(kept, message)}


def compiled(catalogue: Catalog) -> bytes:
    """Return a catalogue as programs read it."""
    file = io.BytesIO()
    mofile.write_mo(file, catalogue)
    return file.getvalue()


def written(catalogue: Catalog) -> bytes:
    """Return a catalogue as translators read it."""
    file = io.BytesIO()
    pofile.write_po(file, catalogue, width=110, include_lineno=False)
    return file.getvalue()


def forms(text: str | tuple[str, ...] | list[str] | None) -> list[str]:
    """Return the singular and the plural of a text, or the one form that it has."""
    return list(text) if isinstance(text, (tuple, list)) else [text or ""]


def _has_plural(name: object) -> bool:
    return isinstance(name, (tuple, list))


def _is_translated(catalogue: Catalog, message: Message) -> bool:
    known = catalogue.get(message.text, message.context)
    if known is None or known.fuzzy or _has_plural(known.id) != bool(message.plural):
        return False
    return all(known.string) if isinstance(known.string, (tuple, list)) else bool(known.string)


def main(into: Path) -> None:
    """Write the catalogues; tell what is missing by the folder that it stands in."""
    messages = collect_messages()
    for language in LANGUAGES:
        catalogue = renewed(language, messages)
        for ending, content in ((".po", written(catalogue)), (".mo", compiled(catalogue))):
            path = into / path_of(language, ending).relative_to(LOCALE)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        gaps = missing(language, messages)
        sys.stdout.write(f"{language}: {len(messages)} texts, {len(gaps)} not translated\n")
        for message, files in gaps.items():
            sys.stdout.write(f"  {message.text!r} in {files[0]}\n")
        if gaps:
            sys.stdout.write(f"  Translate them in {path_of(language).relative_to(ROOT)}, then run this again.\n")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    django.setup()
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else LOCALE)
