"""The category tree: read whole in one statement, held by each process until it changes."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Count

from catalogue.discovery.errors import CategoryNotFoundError
from catalogue.discovery.models import Category, Listing
from catalogue.discovery.selectors import versions
from kit.web.versions import version_of

# UNION, not UNION ALL: a cycle that should not be there ends instead of running for ever.
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
    """A category in the form that pages show."""

    id: int
    parent_id: int | None
    name: str
    slug: str
    position: int = 0


@dataclass(frozen=True, slots=True)
class CategoryTree:
    """All categories, in order.

    The id and slug of a merged category lead to the category it was merged into: products of shops still name it.
    """

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


def covers_category(wanted: Collection[int], category_id: int) -> bool:
    """Return whether a category is among some, or below one of them; merged ones count as what they became."""
    if category_id in wanted:
        return True
    tree = category_tree()
    covering = {node.id for each in wanted if (node := tree.by_id.get(each)) is not None}
    return any(node.id in covering for node in tree.path_to(category_id))


def known_category_ids(wanted: Collection[int]) -> frozenset[int]:
    """Return those of some ids that are categories, from the database."""
    known = Category.objects.filter(id__in=wanted, is_retired=False)
    return frozenset(known.values_list("id", flat=True)) if wanted else frozenset()


def get_category(*, category_id: int) -> Category:
    """Return a category that is in use, from the database.

    Raises:
        CategoryNotFoundError: there is none, or it was merged or deleted.
    """
    found = Category.objects.filter(pk=category_id, is_retired=False).first()
    if found is None:
        raise CategoryNotFoundError
    return found


def list_categories() -> list[Category]:
    """Return all categories that are in use, in their order, from the database."""
    return list(Category.objects.filter(is_retired=False).order_by("position", "name", "id"))


def category_version(category: Category) -> str:
    """Return the version of what a change of a category replaces."""
    return version_of({name: getattr(category, name) for name in ("name", "parent_id", "position")})


def lock_categories() -> dict[int, Category]:
    """Lock all categories in primary-key order, retired ones too, for a change of the tree.

    Needs an open transaction. There are some hundred.
    """
    return {category.pk: category for category in Category.objects.select_for_update().order_by("pk")}


def listings_by_category() -> dict[int, int]:
    """Return the number of listings directly in each category."""
    counted = Listing.objects.filter(category_id__isnull=False).order_by().values_list("category_id")
    return {category_id: count for category_id, count in counted.annotate(count=Count("id")) if category_id}


def descendant_ids(category_id: int) -> list[int]:
    """Return a category's id and those of everything below it, from the database."""
    with connection.cursor() as cursor:
        cursor.execute(DESCENDANTS, [category_id])
        return [row[0] for row in cursor.fetchall()]


def categories_by_slug(slugs: Collection[str]) -> dict[str, int]:
    """Return the ids of categories by slug, from the database; unknown slugs are left out."""
    by_slug = read_tree().by_slug
    return {slug: by_slug[slug].id for slug in slugs if slug in by_slug}


def category_slugs(ids: Collection[int]) -> dict[int, str]:
    """Return the slugs of categories by id, from the database; unknown ids are left out."""
    by_id = read_tree().by_id
    return {category_id: by_id[category_id].slug for category_id in ids if category_id in by_id}


def read_tree() -> CategoryTree:
    """Return the whole tree, from the database."""
    columns = ("is_retired", "id", "parent_id", "name", "slug", "position")
    rows = Category.objects.order_by("position", "name", "id").values_list(*columns)
    nodes = tuple(CategoryNode(*row) for is_retired, *row in rows if not is_retired)
    tree = CategoryTree(nodes, {node.id: node for node in nodes}, {node.slug: node for node in nodes})
    retired = {row[0]: CategoryNode(*row) for is_retired, *row in rows if is_retired}
    for node in retired.values():
        into = _merged_into(node, retired, tree.by_id)
        if into is not None:
            tree.by_id[node.id] = into
            tree.by_slug.setdefault(node.slug, into)
    return tree


def _merged_into(
    node: CategoryNode, retired: Mapping[int, CategoryNode], living: Mapping[int, CategoryNode]
) -> CategoryNode | None:
    """Return the category in use that a retired one was merged into, over others that were merged later."""
    seen: set[int] = set()
    while node.parent_id is not None and node.parent_id in retired and node.parent_id not in seen:
        seen.add(node.parent_id)
        node = retired[node.parent_id]
    return living.get(node.parent_id) if node.parent_id is not None else None


_held_tree = versions.Held(versions.CATEGORIES, read_tree)
