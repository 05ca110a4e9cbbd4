"""Links that hold a basket: how they are written, and which are refused."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from checkout.cart.buy_links import MOST_LINES, BrokenLinkError, buy_url, read_link

ONE, OTHER = UUID("0193a1b2-7c3d-7e4f-8a5b-6c7d8e9fa0b1"), UUID("ffffffff-ffff-ffff-ffff-ffffffffffff")


def lines_of(url: str) -> str:
    return url.rstrip("/").rpartition("/")[2]


def test_a_link_asks_for_what_it_was_made_of() -> None:
    wanted = {ONE: 2, OTHER: 1}
    lines = lines_of(buy_url(wanted))
    assert lines == "AZOhsnw9fk-KW2x9jp-gsQ:2,_____________________w"
    assert read_link(lines) == wanted


def test_ids_in_their_usual_form_are_read_and_sums_are_made() -> None:
    short = lines_of(buy_url({ONE: 3}))
    assert read_link(f"{ONE}:2,{short},{OTHER}") == {ONE: 5, OTHER: 1}


@pytest.mark.parametrize(
    "lines",
    [
        "",
        ",",
        "AZOhsnw9fk-KW2x9jp-g",
        f"{ONE}:",
        f"{ONE}:0",
        f"{ONE}:-1",
        f"{ONE}:1.5",
        f"{ONE}:²",
        f"{ONE}:1000",
        f"{ONE}:600,{ONE}:600",
        f"{ONE}::2",
        "{" + str(ONE) + "}é",
        "é" * 22,
        "A" * 21 + "\0",
    ],
)
def test_a_broken_link_is_refused(lines: str) -> None:
    with pytest.raises(BrokenLinkError):
        read_link(lines)


def test_a_link_holds_so_many_variants() -> None:
    wanted = {uuid4(): 1 for _ in range(MOST_LINES)}
    assert read_link(lines_of(buy_url(wanted))) == wanted
    with pytest.raises(BrokenLinkError):
        read_link(lines_of(buy_url({**wanted, ONE: 1})))
