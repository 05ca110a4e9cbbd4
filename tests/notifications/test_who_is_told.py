"""docs/notifications.md says of every event of an order who is told what; its tables are held to the code."""

from __future__ import annotations

import ast
import re

import pytest

from checkout import wiring
from kit.wiring import Hears
from notifications.kinds import ON_PHONES, ONE_CLICK_UNSUBSCRIBED, channels_of, is_always_sent, is_on_by_itself, kind_of
from notifications.models import Channel, NoticeKind
from tests.architecture.sources import ROOT

PAGE = (ROOT / "docs" / "notifications.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `([^`]+)` \| `([^`]+)` \| (.+?) \| (\w+) \| (.+?) \| (.+?) \| (.+?) \|$", re.MULTILINE)
CHOICE = re.compile(r"^\| `(\w+)` \| ([^|]+?) \| ([^|]+?) \| ([^|]+?) \| ([^|]+?) \|$", re.MULTILINE)
HANDLER = re.compile(r"^\| `(\w+)` \| `(checkout/announcing/\w+\.py)` \| (.+?) \|$", re.MULTILINE)
TOLD = ROW.findall(PAGE)
ANNOUNCING = ROOT / "checkout" / "announcing"
ROWS = "Each event and notice has a row in the first table of docs/notifications.md (docs/recipes/add-an-event.md)."
SILENT = {"order.link_requested"}  # a letter that is the answer to its reader's own question


def announced() -> set[str]:
    """Return the topics of the events about which somebody is written to."""
    return {
        each.event.topic
        for each in wiring.HEARS
        if isinstance(each, Hears) and each.handler.__module__.startswith("checkout.announcing.")
    }


def named_notices() -> set[str]:
    """Return the names of notices in the code; that of a step of a parcel is put together there."""
    names = set()
    for path in ANNOUNCING.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "kind" and isinstance(node.value, ast.Constant):
                names.add(str(node.value.value))
    return names


def test_every_event_that_is_announced_is_in_the_table_and_no_other() -> None:
    assert {topic for topic, *_ in TOLD} == announced() - SILENT, ROWS


def test_the_table_of_handlers_is_what_wiring_joins() -> None:
    joined: dict[tuple[str, str], str] = {}
    for each in wiring.HEARS:
        module = each.handler.__module__
        if module.startswith("checkout.announcing."):
            key = (each.handler.__name__, f"{module.replace('.', '/')}.py")
            joined[key] = ", ".join(filter(None, (joined.get(key), f"`{each.event.topic}`")))
    written = HANDLER.findall(PAGE)
    assert {(name, file): topics for name, file, topics in written} == joined
    assert len(written) == len(joined)


def test_every_notice_is_in_the_table() -> None:
    told, named = {name for _, name, *_ in TOLD}, named_notices()
    assert named - told == set(), ROWS
    assert {name for name in told - named if not name.startswith("parcel.")} == set(), ROWS


@pytest.mark.parametrize(("name", "choice", "phone"), [(row[1], row[3], row[6]) for row in TOLD])
def test_each_notice_falls_under_the_choice_of_its_row(name: str, choice: str, phone: str) -> None:
    kind = kind_of(name)
    assert kind == choice, "Name the notice in notifications.kinds, by the choice of its row in docs/notifications.md."
    assert phone == "–" or kind in ON_PHONES, f"{kind} is not sent to phones."


def test_the_table_of_choices_is_what_holds() -> None:
    words = {True: "on", False: "where asked for"}

    def word(kind: NoticeKind, channel: Channel) -> str:
        if is_always_sent(kind, channel):
            return "always"
        return words[is_on_by_itself(channel)] if channel in channels_of(kind) else "never"

    shown = {row[0]: row[1:] for row in CHOICE.findall(PAGE) if row[0] in NoticeKind.values}
    assert shown == {
        str(kind): (
            word(kind, Channel.IN_APP),
            word(kind, Channel.EMAIL),
            word(kind, Channel.SMS),
            "yes" if kind in ONE_CLICK_UNSUBSCRIBED else "–",
        )
        for kind in NoticeKind
    }


def test_messages_are_written_where_is_wanted_is_asked_and_nowhere_else() -> None:
    """Whoever writes a notice, letter or text asks the one judge first."""
    writers = set()
    for path in ROOT.glob("*/**/*.py"):
        if {"tests", "migrations", ".venv", "node_modules"} & set(path.parts):
            continue
        source = path.read_text(encoding="utf-8")
        makes_row = re.search(r"\b(Notification|Email|TextMessage)(\.objects\.(bulk_)?create)?\(\n", source)
        if makes_row or "INSERT INTO notifications_" in source or "INSERT INTO public.notifications_" in source:
            writers.add(path.relative_to(ROOT).as_posix())
            assert "if not is_wanted(" in source, path
    assert {path.rpartition("/")[2] for path in writers} == {"emails.py", "inbox.py", "texts.py"}
