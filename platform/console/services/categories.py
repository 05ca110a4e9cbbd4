"""Changing the market's categories, each change with a reason and an entry in the audit log."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy

from catalogue.discovery.models import Category
from catalogue.discovery.selectors.categories import get_category
from catalogue.discovery.services import categories
from console.audit_actions import AuditAction
from console.errors import ReasonMissingError
from console.services.audit_log import record
from kit.web.versions import Seen

CATEGORY_ADDED = AuditAction(
    "category.added",
    gettext_lazy("Category added"),
    gettext_lazy("%(who)s added the category %(subject)s."),
)
CATEGORY_CHANGED = AuditAction(
    "category.changed",
    gettext_lazy("Category changed"),
    gettext_lazy("%(who)s changed the category %(subject)s."),
)
CATEGORY_MERGED = AuditAction(
    "category.merged",
    gettext_lazy("Category merged into another"),
    gettext_lazy("%(who)s merged the category %(subject)s into another."),
)
CATEGORY_DELETED = AuditAction(
    "category.deleted",
    gettext_lazy("Category deleted"),
    gettext_lazy("%(who)s deleted the category %(subject)s."),
)


def subject_of(category: Category) -> str:
    """Name a category in the audit log."""
    return f"category:{category.slug}"


def add_category(
    *, name: str, parent_id: int | None, position: int, actor_id: int, reason: str, now: datetime
) -> Category:
    """Add a category to the tree.

    Raises:
        ReasonMissingError: no reason was given.
        CategoryNotFoundError, InvalidInputError: as from the catalogue; nothing is changed.
    """
    _check_reason(reason)
    with transaction.atomic():
        added = categories.add_category(name=name, parent_id=parent_id, position=position)
        _record(CATEGORY_ADDED, added, actor_id, reason, now, after=_values(added))
    return added


def change_category(
    *,
    category_id: int,
    name: str,
    parent_id: int | None,
    position: int,
    actor_id: int,
    reason: str,
    now: datetime,
    seen: Seen = None,
) -> Category:
    """Rename or move a category.

    Raises:
        ReasonMissingError: no reason was given.
        CategoryNotFoundError, CategoryCycleError, InvalidInputError, ChangedMeanwhileError: as from the catalogue;
            nothing is changed.
    """
    _check_reason(reason)
    with transaction.atomic():
        before = _values(get_category(category_id=category_id))
        changed = categories.change_category(
            category_id=category_id, name=name, parent_id=parent_id, position=position, now=now, seen=seen
        )
        _record(CATEGORY_CHANGED, changed, actor_id, reason, now, before=before, after=_values(changed))
    return changed


def remove_category(
    *, category_id: int, into_id: int | None, actor_id: int, reason: str, now: datetime, seen: Seen = None
) -> Category:
    """Merge a category into another, or delete it and leave its products without one.

    Raises:
        ReasonMissingError: no reason was given.
        CategoryNotFoundError, CategoryCycleError, ChangedMeanwhileError: as from the catalogue; nothing is changed.
    """
    _check_reason(reason)
    with transaction.atomic():
        before = _values(get_category(category_id=category_id))
        removed = categories.remove_category(category_id=category_id, into_id=into_id, now=now, seen=seen)
        action = CATEGORY_DELETED if into_id is None else CATEGORY_MERGED
        _record(action, removed, actor_id, reason, now, before=before, into=into_id)
    return removed


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise ReasonMissingError


def _values(category: Category) -> dict[str, object]:
    return {"name": category.name, "parent": category.parent_id, "position": category.position}


def _record(
    action: AuditAction, category: Category, actor_id: int, reason: str, now: datetime, **details: object
) -> None:
    record(actor_id=actor_id, action=action, subject=subject_of(category), reason=reason, details=details, now=now)
