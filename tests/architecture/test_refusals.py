"""Answers are built in one place: the API's bodies by `kit.errors`, 404s by `or_404`, lists' pages by one pager."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, python_files

BODY = re.compile(r"""["']status["']: ["'](?:error|success)["']""")
MISSING_PAGE = re.compile(r"^ *try:\n *return .+\n *except \w*NotFoundError as \w+:\n *raise Http404", re.MULTILINE)
PAGER = re.compile(r"\bPaginator\(|import Paginator|\bpaginate_by\b|\bdef page_(?:window|url)\b")
OWN_404 = re.compile(r"def \w+_or_404\(")
BODIES, MISSING_PAGES = {"platform/kit/errors.py"}, {"platform/kit/web/not_found.py"}
PAGERS = {"platform/kit/web/paging.py"}
OTHERS = "platform/paystack_sandbox/"  # a provider's answers, which are none of ours


def builders(pattern: re.Pattern[str], files: list[Path], root: Path = ROOT) -> set[str]:
    """Return the files in which something is built by hand."""
    return {str(path.relative_to(root)) for path in files if pattern.search(path.read_text(encoding="utf-8"))}


@pytest.mark.parametrize(
    ("pattern", "allowed"), [(BODY, BODIES), (MISSING_PAGE, MISSING_PAGES), (PAGER, PAGERS), (OWN_404, set())]
)
def test_answers_are_built_in_one_place(pattern: re.Pattern[str], allowed: set[str]) -> None:
    ours = [path for path in python_files() if not str(path.relative_to(ROOT)).startswith(OTHERS)]
    assert builders(pattern, ours) == allowed


def test_an_answer_built_by_hand_is_found(tmp_path: Path) -> None:
    """The control."""
    by_hand = tmp_path / "views.py"
    by_hand.write_text(
        'body = {"status": "error"}\npages = Paginator(rows, 20)\ndef shop_or_404(slug): ...\n'
        "try:\n    return get()\nexcept ShopNotFoundError as error:\n    raise Http404 from error\n"
    )
    for pattern in (BODY, MISSING_PAGE, PAGER, OWN_404):
        assert builders(pattern, [by_hand], tmp_path) == {"views.py"}
