"""The category tree: read whole in one statement, held by each process until it changes."""

from collections.abc import Collection
from dataclasses import dataclass, field

from django.db import connection

from catalogue.discovery.models import Category
from catalogue.discovery.selectors import versions

# UNION, not UNION ALL: a cycle that should not be there ends instead of running for ever.
PATH = """
WITH RECURSIVE up AS (
    SELECT id, parent_id, name, slug, 0 AS distance FROM discovery_category WHERE id = %s
     UNION
    SELECT c.id, c.parent_id, c.name, c.slug, up.distance + 1
      FROM up JOIN discovery_category c ON c.id = up.parent_id WHERE up.distance < 32
)
SELECT id, parent_id, name, slug FROM up ORDER BY distance DESC
"""
DESCENDANTS = """
WITH RECURSIVE down AS (
    SELECT id FROM discovery_category WHERE id = %s
     UNION
    SELECT c.id FROM down JOIN discovery_category c ON c.parent_id = down.id
)
SELECT id FROM down ORDER BY id
"""


@dataclass(frozen=True, slots=True)
class CategoryNode:
    """A category as pages show it."""

    id: int
    parent_id: int | None
    name: str
    slug: str


@dataclass(frozen=True, slots=True)
class CategoryTree:
    """All categories, in order."""

    nodes: tuple[CategoryNode, ...]
    by_id: dict[int, CategoryNode] = field(default_factory=dict)
    by_slug: dict[str, CategoryNode] = field(default_factory=dict)

    def children_of(self, category_id: int | None) -> list[CategoryNode]:
        """Return the categories directly below one, or the roots."""
        return [node for node in self.nodes if node.parent_id == category_id]

    def path_to(self, category_id: int | None) -> list[CategoryNode]:
        """Return a category with its ancestors, root first."""
        path: list[CategoryNode] = []
        node = self.by_id.get(category_id) if category_id is not None else None
        while node is not None and node not in path:
            path.insert(0, node)
            node = self.by_id.get(node.parent_id) if node.parent_id is not None else None
        return path


def category_tree() -> CategoryTree:
    """Return the whole tree."""
    return _held_tree.get()


def known_category_ids(wanted: Collection[int]) -> frozenset[int]:
    """Return those of some ids that are categories, from the database."""
    return frozenset(Category.objects.filter(id__in=wanted).values_list("id", flat=True)) if wanted else frozenset()


def category_path(category_id: int) -> list[CategoryNode]:
    """Return a category with its ancestors, root first, from the database."""
    with connection.cursor() as cursor:
        cursor.execute(PATH, [category_id])
        return [CategoryNode(*row) for row in cursor.fetchall()]


def descendant_ids(category_id: int) -> list[int]:
    """Return a category's id and those of everything below it, from the database."""
    with connection.cursor() as cursor:
        cursor.execute(DESCENDANTS, [category_id])
        return [row[0] for row in cursor.fetchall()]


def categories_by_slug(slugs: Collection[str]) -> dict[str, int]:
    """Return the ids of categories by slug, from the database; unknown slugs are left out."""
    return dict(Category.objects.filter(slug__in=slugs).values_list("slug", "id"))


def category_slugs(ids: Collection[int]) -> dict[int, str]:
    """Return the slugs of categories by id, from the database; unknown ids are left out."""
    return dict(Category.objects.filter(id__in=ids).values_list("id", "slug"))


def _read_tree() -> CategoryTree:
    rows = Category.objects.order_by("position", "name", "id").values_list("id", "parent_id", "name", "slug")
    nodes = tuple(CategoryNode(*row) for row in rows)
    return CategoryTree(nodes, {node.id: node for node in nodes}, {node.slug: node for node in nodes})


_held_tree = versions.Held(versions.CATEGORIES, _read_tree)
