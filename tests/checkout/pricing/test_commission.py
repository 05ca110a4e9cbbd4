"""Categories that cover a line: the nearest first, and those that were merged behind what they became."""

from __future__ import annotations

import pytest

from catalogue.discovery.selectors.categories import CategoryNode, CategoryTree
from checkout.pricing import commission
from checkout.pricing.commission import covering_categories

FASHION, BAGS, HOME = (
    CategoryNode(1, None, "Fashion", "fashion"),
    CategoryNode(2, 1, "Bags", "bags"),
    CategoryNode(3, None, "Home", "home"),
)
PURSES = 7  # merged into bags
GONE = 9


@pytest.mark.parametrize(
    ("category_id", "named", "covering"),
    [
        (2, {1, 2, 3}, (2, 1)),
        (2, {1, 2, PURSES}, (2, PURSES, 1)),
        (PURSES, {1, PURSES}, (PURSES, 1)),
        (1, {2, PURSES}, ()),
        (GONE, {GONE, 1}, (GONE,)),
        (None, {1}, ()),
        (2, set(), ()),
    ],
)
def test_the_nearest_category_comes_first(
    category_id: int | None, named: set[int], covering: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    nodes = (FASHION, BAGS, HOME)
    tree = CategoryTree(nodes, {**{node.id: node for node in nodes}, PURSES: BAGS})
    monkeypatch.setattr(commission, "category_tree", lambda: tree)
    assert covering_categories(category_id, frozenset(named)) == covering
