"""Each kind of refusal is built in one place: the API's body by `error_body`, a page's 404 by `or_404`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, python_files

BODY = re.compile(r"""["']status["']: ["']error["']""")
MISSING_PAGE = re.compile(r"^ *try:\n *return .+\n *except \w*NotFoundError as \w+:\n *raise Http404", re.MULTILINE)
BODIES, MISSING_PAGES = {"platform/kit/errors.py"}, {"platform/kit/web/not_found.py"}
OTHERS = "platform/paystack_sandbox/"  # a provider's answers, which are none of ours


def builders(pattern: re.Pattern[str], files: list[Path], root: Path = ROOT) -> set[str]:
    """Return the files in which something is built by hand."""
    return {str(path.relative_to(root)) for path in files if pattern.search(path.read_text(encoding="utf-8"))}


@pytest.mark.parametrize(("pattern", "allowed"), [(BODY, BODIES), (MISSING_PAGE, MISSING_PAGES)])
def test_refusals_are_built_in_one_place(pattern: re.Pattern[str], allowed: set[str]) -> None:
    ours = [path for path in python_files() if not str(path.relative_to(ROOT)).startswith(OTHERS)]
    assert builders(pattern, ours) == allowed


def test_a_refusal_built_by_hand_is_found(tmp_path: Path) -> None:
    """The control."""
    by_hand = tmp_path / "views.py"
    by_hand.write_text(
        'body = {"status": "error"}\n'
        "try:\n    return get()\nexcept ShopNotFoundError as error:\n    raise Http404 from error\n"
    )
    assert builders(BODY, [by_hand], tmp_path) == builders(MISSING_PAGE, [by_hand], tmp_path) == {"views.py"}
