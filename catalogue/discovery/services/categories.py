"""The platform's category tree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext

from catalogue.discovery.errors import CategoryCycleError, CategoryNotFoundError
from catalogue.discovery.events import CategoryChanged
from catalogue.discovery.models import Category
from catalogue.discovery.selectors.categories import categories_by_slug, category_version, lock_categories
from catalogue.discovery.services.versions import bump_categories
from kit.errors import InvalidInputError
from kit.text import rules
from kit.text.inputs import checked_text
from kit.text.numbers import grouped
from kit.web.versions import Seen, check_version
from kit.work import outbox

MAX_NAME, MAX_SLUG, MAX_DEPTH, MAX_POSITION = 80, 80, 8, 9_999


@dataclass(frozen=True, slots=True)
class CategoryInput:
    """A category by names; a parent comes before its children.

    Args:
        parent: the parent's slug, or empty for a root.
    """

    name: str
    slug: str = ""
    parent: str = ""


def ensure_categories(*, categories: Sequence[CategoryInput]) -> dict[str, int]:
    """Create the categories that are not there yet; return all their ids by slug.

    Raises:
        InvalidInputError: a parent is neither there nor given before its child.
    """
    wanted = [(item, item.slug or slugify(item.name)) for item in categories]
    with transaction.atomic():
        ids = categories_by_slug([*(slug for _, slug in wanted), *(item.parent for item in categories)])
        for position, (item, slug) in enumerate(wanted):
            if item.parent and item.parent not in ids:
                raise InvalidInputError(
                    details={"parent": [(gettext("There is no category %(parent)s.") % {"parent": item.parent})]}
                )
            if slug not in ids:
                parent_id = ids[item.parent] if item.parent else None
                ids[slug] = Category.objects.create(
                    name=item.name, slug=slug, parent_id=parent_id, position=position
                ).pk
        bump_categories()
    return {slug: ids[slug] for _, slug in wanted}


def add_category(*, name: str, parent_id: int | None, position: int) -> Category:
    """Add a category below another, or at the top; its slug is made of its name.

    Raises:
        CategoryNotFoundError: the parent is none.
        InvalidInputError: the name is none, or the tree would be too deep.
    """
    with transaction.atomic():
        tree = lock_categories()
        category = Category(name=_name(name), parent_id=parent_id, position=_position(position))
        _check_place(tree, category)
        category.slug = _free_slug(tree, category.name)
        category.save()
        bump_categories()
    return category


def change_category(
    *, category_id: int, name: str, parent_id: int | None, position: int, now: datetime, seen: Seen = None
) -> Category:
    """Rename a category or move it with its subtree; its slug is kept, because links use it.

    Args:
        seen: the `category_version` that the change was made from.

    Raises:
        CategoryNotFoundError: it, or the parent, is none.
        CategoryCycleError: the parent is itself or below itself; nothing is changed.
        InvalidInputError: the name is none, or the tree would be too deep.
        ChangedMeanwhileError: another operator has changed it; nothing is changed.
    """
    with transaction.atomic():
        tree = lock_categories()
        category = _in_use(tree, category_id)
        check_version(seen=seen, current=category_version(category))
        changed = ["parent_id", "position"]
        if name != category.name:  # one that stays as it is stored is not judged again
            category.name = _name(name)
            changed.append("name")
        category.parent_id, category.position = parent_id, _position(position)
        _check_place(tree, category)
        category.save(update_fields=changed)
        outbox.emit(CategoryChanged(category_id), now=now)
        bump_categories()
    return category


def remove_category(*, category_id: int, into_id: int | None, now: datetime, seen: Seen = None) -> Category:
    """Merge a category into another, or delete it; its children move into the other, or up.

    Its products are in the other from now on, or without a category: the row is kept, since they name it in schemas of
    shops, and is no longer offered.

    Args:
        seen: the `category_version` that the decision was made from.

    Raises:
        CategoryNotFoundError: it, or the other, is none.
        CategoryCycleError: the other is itself or below itself; nothing is changed.
        ChangedMeanwhileError: another operator has changed it; nothing is changed.
    """
    with transaction.atomic():
        tree = lock_categories()
        category = _in_use(tree, category_id)
        check_version(seen=seen, current=category_version(category))
        if into_id is not None and category_id in _path(tree, _in_use(tree, into_id).pk):
            raise CategoryCycleError(gettext("Choose a category that is not below the one that goes."))
        below = Category.objects.filter(parent_id=category_id, is_retired=False)
        below.update(parent_id=category.parent_id if into_id is None else into_id)
        category.is_retired, category.parent_id = True, into_id
        category.save(update_fields=["is_retired", "parent_id"])
        for moved_id in {category_id, *(node.pk for node in tree.values() if node.parent_id == category_id)}:
            outbox.emit(CategoryChanged(moved_id), now=now)
        bump_categories()
    return category


def _in_use(tree: Mapping[int, Category], category_id: int) -> Category:
    found = tree.get(category_id)
    if found is None or found.is_retired:
        raise CategoryNotFoundError
    return found


def _check_place(tree: Mapping[int, Category], category: Category) -> None:
    """Refuse a parent that does not exist, is below the category itself, or is too deep."""
    above: list[int] = []
    if category.parent_id is not None:
        above = _path(tree, _in_use(tree, category.parent_id).pk)
    if category.pk is not None and category.pk in above:
        raise CategoryCycleError(details={"parent_id": [CategoryCycleError.default_message]})
    paths = [_path(tree, node.pk) for node in tree.values() if not node.is_retired]
    height = max((path.index(category.pk) for path in paths if category.pk in path), default=0)
    if len(above) + 1 + height > MAX_DEPTH:
        message = gettext("Categories go %(max_depth)s levels deep at the most.") % {"max_depth": MAX_DEPTH}
        raise InvalidInputError(message, details={"parent_id": [message]})


def _path(tree: Mapping[int, Category], category_id: int) -> list[int]:
    """Return a category's id and those of its ancestors, itself first; a cycle that should not be there ends."""
    path: list[int] = []
    current: int | None = category_id
    while current is not None and current not in path:
        path.append(current)
        current = tree[current].parent_id
    return path


def _name(text: str) -> str:
    return checked_text("name", rules.name(MAX_NAME), text)


def _position(position: int) -> int:
    if not 0 <= position <= MAX_POSITION:
        message = gettext("A place in the order is a whole number from 0 to %(max_position)s.") % {
            "max_position": grouped(MAX_POSITION)
        }
        raise InvalidInputError(message, details={"position": [message]})
    return position


def _free_slug(tree: Mapping[int, Category], name: str) -> str:
    """Return a slug that no category has; one that is retired gives its slug away."""
    wanted = slugify(name)[: MAX_SLUG - 20].strip("-") or "category"
    for node in tree.values():
        if node.is_retired and node.slug == wanted:
            node.slug = f"{wanted}-{node.pk}-retired"[:MAX_SLUG]
            node.save(update_fields=["slug"])
    taken = {node.slug for node in tree.values()}
    numbered = (f"{wanted}-{number}" for number in range(2, len(taken) + 3))
    return next(slug for slug in (wanted, *numbered) if slug not in taken)
