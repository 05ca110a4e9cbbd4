"""The statuses of a shop's part of an order, and the sets of them, are spelled in one file."""

from __future__ import annotations

import ast
import re

import pytest

from checkout.fulfilment.models import VendorOrder
from checkout.fulfilment.status import EARNING, OPEN, SOLD, TO_SEND, UNDELIVERED, UNPAID, PartStatus
from checkout.models import SubOrder
from checkout.moves.table import PART_MOVES
from tests.architecture.sources import nodes, source_files
from tests.architecture.test_house_rules import PYTHON, name

PRODUCT = [path for path in PYTHON if "tests" not in path.parts]
HOME = "checkout/fulfilment/status.py"


def test_sub_order_and_vendor_order_share_their_statuses() -> None:
    assert SubOrder._meta.get_field("status").choices == PartStatus.choices
    assert VendorOrder._meta.get_field("status").choices == PartStatus.choices


def test_every_status_is_unpaid_sold_or_ended_without_a_sale() -> None:
    ended = {PartStatus.CANCELLED, PartStatus.UNFULFILLABLE}
    assert UNPAID | SOLD | ended == set(PartStatus)
    assert not UNPAID & SOLD
    assert not OPEN & ended
    assert TO_SEND < UNDELIVERED < SOLD
    assert set(PartStatus) - ended - {PartStatus.EXPIRED} == EARNING


def test_steps_lead_from_new_to_delivered_through_sold_statuses_alone() -> None:
    steps = [move for move in PART_MOVES if move.name in {"pack", "ship", "deliver"}]
    assert frozenset[str].union(*(move.start for move in steps)) == UNDELIVERED
    assert {move.to for move in steps} == SOLD - {PartStatus.NEW}


def sets_of_statuses(source: str) -> list[int]:
    """Return the lines on which a set of two statuses or more is spelled out."""
    return [
        node.lineno
        for node in nodes(source)
        if isinstance(node, ast.Set)
        and sum(isinstance(item, ast.Attribute) and ast.unparse(item.value) == "PartStatus" for item in node.elts) > 1
    ]


def test_no_other_file_spells_out_a_set_of_statuses() -> None:
    found = {name(path): sets_of_statuses(path.read_text()) for path in PRODUCT if name(path) != HOME}
    assert {path: lines for path, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "source", ["A = {PartStatus.NEW, PartStatus.PACKED}", "x in frozenset({PartStatus.NEW, PartStatus.X})"]
)
def test_a_set_of_statuses_elsewhere_is_caught(source: str) -> None:
    assert sets_of_statuses(source) == [1]


def unknown_lists(statement: str) -> list[str]:
    """Return the lists of a part's statuses in a statement that are none of the sets, orders' own lists left out."""
    found = []
    for text in re.findall(r"status (?:NOT )?IN \(([^()]+)\)", statement):
        names = frozenset(re.findall(r"'(\w+)'", text))
        if names & TO_SEND and names not in {UNPAID, SOLD, OPEN, UNDELIVERED, TO_SEND}:
            found.append(text)
    return found


def test_statements_spell_sets_of_statuses_that_are_known() -> None:
    files = [path for path in source_files(".sql") if "migrations" not in path.parts]
    assert any("'shipped'" in path.read_text() for path in files)
    assert [text for path in files for text in unknown_lists(path.read_text())] == []


def test_a_list_of_statuses_that_leaves_one_out_is_caught() -> None:
    assert unknown_lists("SELECT 1 WHERE status IN ('new', 'packed', 'shipped', 'delivered')") == []
    assert unknown_lists("SELECT 1 WHERE status IN ('new', 'packed', 'delivered')") == ["'new', 'packed', 'delivered'"]
