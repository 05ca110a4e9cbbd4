"""A page's links, fields and buttons, as far as somebody without scripts can reach them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

EMPTY = {"input", "img", "br", "hr", "meta", "link", "source", "wbr", "area", "col"}
UNREACHABLE = {"template", "script", "style"}
TICKED = {"checkbox", "radio"}
BUTTONS = {"submit", "image"}


@dataclass(eq=False, slots=True)
class PlainForm:
    """A form of a page."""

    html_id: str = ""
    method: str = "get"
    action: str = ""
    takes_files: bool = False


@dataclass(eq=False, slots=True)
class Control:
    """A field or a button; `names` are all words by which it is read out."""

    kind: str
    name: str = ""
    value: str = ""
    html_id: str = ""
    action: str = ""
    form: PlainForm | None = None
    form_id: str = ""
    names: list[str] = field(default_factory=list)
    options: list[tuple[str, str]] = field(default_factory=list)
    is_ticked: bool = False
    is_disabled: bool = False
    file: Any = None

    def sent(self, pressed: Control) -> Iterator[tuple[str, Any]]:
        """Yield what a form sends of this control (HTML, "constructing the entry list")."""
        is_left_out = not self.name or self.is_disabled or (self.kind in TICKED and not self.is_ticked)
        if is_left_out or (self.kind in BUTTONS and self is not pressed):
            return
        if self.kind != "file":
            yield self.name, self.value
        elif self.file is not None:
            yield self.name, self.file


@dataclass(slots=True)
class PlainPage:
    """What a page offers."""

    controls: list[Control] = field(default_factory=list)
    forms: list[PlainForm] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    text: str = ""

    @classmethod
    def of(cls, html: str) -> PlainPage:
        """Read a page's HTML."""
        reader = _Reader()
        reader.feed(html)
        return reader.finished()

    def link(self, text: str) -> str:
        """Return where the first link of some text leads."""
        found = [address for address, words in self.links if words == text]
        assert found, f"no link {text!r} among {[words for _, words in self.links]}"
        return found[0]

    def button(self, text: str) -> Control:
        """Return the first button of some text that can be pressed."""
        buttons = [each for each in self._reachable() if each.kind in BUTTONS]
        found = [each for each in buttons if text in each.names]
        assert found, f"no button {text!r} among {[each.names for each in buttons]}"
        return found[0]

    def labelled(self, label: str) -> Control:
        """Return the first field of a label."""
        fields = [each for each in self._reachable() if each.kind not in BUTTONS]
        found = [each for each in fields if label in each.names]
        assert found, f"no field {label!r} among {[each.names for each in fields]}"
        return found[0]

    def form_of(self, control: Control) -> PlainForm:
        """Return the form that a button sends."""
        assert control.form is not None, f"{control.names} is in no form"
        return control.form

    def _reachable(self) -> Iterator[Control]:
        yield from (each for each in self.controls if not each.is_disabled and each.kind != "hidden")


class _Reader(HTMLParser):
    """Reads a page once; nothing in a closed dialog, a template or a hidden element can be reached."""

    def __init__(self) -> None:
        super().__init__()
        self.page = PlainPage()
        self._open: list[tuple[str, bool]] = []  # tags, and whether each hides its content
        self._forms: list[PlainForm] = []
        self._words: list[tuple[str, list[str], Any]] = []  # elements whose text is collected
        self._labels: list[tuple[str, str, list[Control]]] = []
        self._all_words: list[str] = []

    def finished(self) -> PlainPage:
        by_id = {form.html_id: form for form in self.page.forms if form.html_id}
        for control in self.page.controls:
            control.form = by_id.get(control.form_id) if control.form_id else control.form
            control.names += [
                words
                for target, words, inside in self._labels
                if control in inside or (target and target == control.html_id)
            ]
        self.page.text = _plain(" ".join(self._all_words))
        return self.page

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag not in EMPTY:
            hides = tag in UNREACHABLE or "hidden" in given or (tag == "dialog" and "open" not in given)
            self._open.append((tag, hides))
        if "hidden" in given or any(hides for _, hides in self._open):
            return
        read = getattr(self, f"_read_{tag}", None)
        if read is not None:
            read(given)

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            closed, _ = self._open.pop()
            self._end(closed)
            if closed == tag:
                break

    def handle_data(self, data: str) -> None:
        if not any(hides for _, hides in self._open):
            self._all_words.append(data)
            for _, words, _ in self._words:
                words.append(data)

    def _end(self, tag: str) -> None:
        if tag == "form" and self._forms:
            self._forms.pop()
        if not self._words or self._words[-1][0] != tag:
            return
        _, collected, target = self._words.pop()
        words = _plain("".join(collected))
        if tag == "a":
            self.page.links.append((target, words))
        elif tag == "label":
            self._labels.append((target[0], words.removesuffix(" (optional)"), target[1]))
        elif tag == "option":
            self._end_option(words, target)
        elif tag == "textarea":
            target.value = "".join(collected)
        else:
            target.names.append(words)

    def _end_option(self, words: str, given: dict[str, str]) -> None:
        chosen = self.page.controls[-1]
        value = given.get("value", words)
        if "selected" in given or not chosen.options:
            chosen.value = value
        chosen.options.append((value, words))

    def _read_form(self, given: dict[str, str]) -> None:
        form = PlainForm(given.get("id", ""), given.get("method", "get").lower(), given.get("action", ""))
        form.takes_files = given.get("enctype", "") == "multipart/form-data"
        self.page.forms.append(form)
        self._forms.append(form)

    def _read_a(self, given: dict[str, str]) -> None:
        self._words.append(("a", [], given.get("href", "")))

    def _read_label(self, given: dict[str, str]) -> None:
        self._words.append(("label", [], (given.get("for", ""), [])))

    def _read_input(self, given: dict[str, str]) -> None:
        kind = given.get("type", "text").lower()
        control = self._control(kind, given)
        control.is_ticked = "checked" in given
        if kind in TICKED:
            control.value = given.get("value", "on")
        if kind in BUTTONS:
            control.names.append(control.value)

    def _read_button(self, given: dict[str, str]) -> None:
        kind = given.get("type", "submit").lower()
        self._words.append(("button", [], self._control(kind, given)))

    def _read_select(self, given: dict[str, str]) -> None:
        self._control("select", given)

    def _read_option(self, given: dict[str, str]) -> None:
        self._words.append(("option", [], given))

    def _read_textarea(self, given: dict[str, str]) -> None:
        self._words.append(("textarea", [], self._control("textarea", given)))

    def _control(self, kind: str, given: dict[str, str]) -> Control:
        control = Control(kind, given.get("name", ""), given.get("value", ""), given.get("id", ""))
        control.action, control.form_id = given.get("formaction", ""), given.get("form", "")
        control.form = self._forms[-1] if self._forms else None
        control.is_disabled = "disabled" in given
        control.names += [given["aria-label"]] if "aria-label" in given else []
        for tag, _, target in self._words:
            if tag == "label":
                target[1].append(control)
        self.page.controls.append(control)
        return control


def _plain(words: str) -> str:
    return re.sub(r"\s+", " ", words).strip()
