"""What the other apps contribute to a shop's archive, told by them when they start."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from tenants.models import Shop

Rows = Iterable[dict[str, str]]
Advance = Callable[[], None]


class Progress(Protocol):
    """Shows how far something is: `with progress("Tables", total=9) as advance`."""

    def __call__(self, title: str, *, total: int) -> AbstractContextManager[Advance]: ...


@contextmanager
def in_silence(title: str, *, total: int) -> Iterator[Advance]:  # noqa: ARG001 - as of a Progress
    """Show nothing."""
    yield lambda: None


@dataclass(frozen=True, slots=True)
class PublicPart:
    """What the public schema holds of a shop, taken along as a record and never written back.

    Args:
        name: the file is `public/<name>.csv`.
        query: a SELECT with `{shop_id}` in it, its rows in an order that is always the same.
        compare: tells in words what of it is no longer so in this installation.
    """

    name: str
    query: str
    compare: Callable[[int, Rows], list[str]] | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """A column of a shop's table that holds ids of public rows, which are other ids elsewhere.

    Args:
        keys: by id, what a row is called in every installation.
        ids: the ids here of rows that are called so; unknown ones are left out.
    """

    table: str
    column: str
    keys: Callable[[Collection[int]], dict[int, str]]
    ids: Callable[[Collection[str]], dict[str, int]]

    @property
    def name(self) -> str:
        """The column's full name."""
        return f"{self.table}.{self.column}"


@dataclass(frozen=True, slots=True)
class Pictures:
    """A column of a shop's table that names files in the media storage.

    Args:
        files: all the files that stand behind one value.
    """

    table: str
    column: str
    files: Callable[[str], Collection[str]]


@dataclass(frozen=True, slots=True)
class RestoredSchema:
    """A schema that has just been put in a shop's place, in the transaction that does it."""

    shop: Shop
    is_from_elsewhere: bool
    now: datetime


Check = Callable[[Shop], None]
Follow = Callable[[RestoredSchema], list[str]]
CopyRows = Callable[[Shop, Shop, Callable[[str], str], datetime], None]

_parts: dict[str, PublicPart] = {}
_references: dict[str, Reference] = {}
_pictures: dict[tuple[str, str], Pictures] = {}
_checks: list[Check] = []
_followers: list[Follow] = []
_copiers: list[CopyRows] = []


def register_public_part(part: PublicPart) -> None:
    """Take a part of the public schema along."""
    _parts[part.name] = part


def register_reference(reference: Reference) -> None:
    """Have a column's ids translated where an archive comes from elsewhere."""
    _references[reference.name] = reference


def register_pictures(pictures: Pictures) -> None:
    """Take the files that a column names along."""
    _pictures[pictures.table, pictures.column] = pictures


def register_restore_check(check: Check) -> None:
    """Have a say before a shop's schema is replaced; asked again with its tables locked.

    The callback raises RestoreBlockedError.
    """
    if check not in _checks:
        _checks.append(check)


def register_restored(follow: Follow) -> None:
    """Follow a restored schema, in the same transaction; the callback returns what the report should say."""
    if follow not in _followers:
        _followers.append(follow)


def register_copier(copy_rows: CopyRows) -> None:
    """Copy what of a shop belongs into its clone: (source, clone, name of a copied file, now)."""
    if copy_rows not in _copiers:
        _copiers.append(copy_rows)


def public_parts() -> Sequence[PublicPart]:
    """Return the parts by name."""
    return [_parts[name] for name in sorted(_parts)]


def references() -> Sequence[Reference]:
    """Return the references by name."""
    return [_references[name] for name in sorted(_references)]


def pictures() -> Sequence[Pictures]:
    """Return the columns that name files."""
    return [_pictures[key] for key in sorted(_pictures)]


def check_restorable(shop: Shop) -> None:
    """Let every app object.

    Raises:
        RestoreBlockedError: one does.
    """
    for check in _checks:
        check(shop)


def follow_restored(restored: RestoredSchema) -> list[str]:
    """Let every app follow; return what they say, in order."""
    return [line for follow in _followers for line in follow(restored)]


def copy_rows(source: Shop, clone: Shop, copied: Callable[[str], str], now: datetime) -> None:
    """Have every app copy what it holds of a shop."""
    for copier in _copiers:
        copier(source, clone, copied, now)
