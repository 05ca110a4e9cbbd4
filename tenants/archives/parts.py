"""The parts of a shop's archive that apps contribute in their wiring, and a restored schema, which they follow."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Protocol

from kit.wiring import Contribution, Moment, contributions, tell
from tenants.models import Shop

Rows = Iterable[dict[str, str]]
Advance = Callable[[], None]


class Progress(Protocol):
    """Progress display: `with progress("Tables", total=9) as advance`."""

    def __call__(self, title: str, *, total: int) -> AbstractContextManager[Advance]: ...


@contextmanager
def in_silence(title: str, *, total: int) -> Iterator[Advance]:  # noqa: ARG001 - as of a Progress
    """Show nothing."""
    yield lambda: None


@dataclass(frozen=True, slots=True)
class PublicPart(Contribution):
    """Public rows of a shop, written to an archive as a record and never restored.

    Args:
        name: the file is `public/<name>.csv`.
        query: a SELECT with `{shop_id}` in it, its rows in an order that is always the same.
        compare: returns texts with the differences from this installation; raises ValueError where a row holds
            what no export writes.
        compares: the columns that it reads.
    """

    name: str
    query: str
    compare: Callable[[int, Rows], list[str]] | None = None
    compares: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Name of the part, which is its file's name."""
        return self.name


@dataclass(frozen=True, slots=True)
class Reference(Contribution):
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
        """Return the column's full name."""
        return f"{self.table}.{self.column}"

    @property
    def key(self) -> str:
        """Return the column."""
        return self.name


@dataclass(frozen=True, slots=True)
class Pictures(Contribution):
    """A column of a shop's table that names files in the media storage.

    Args:
        files: all files of one value.
    """

    table: str
    column: str
    files: Callable[[str], Collection[str]]

    @property
    def key(self) -> tuple[str, str]:
        """Return the column."""
        return self.table, self.column


@dataclass(frozen=True, slots=True)
class Uploads(Contribution):
    """A column of a shop's table that names the shop's own files in the private storage; archives leave those out."""

    table: str
    column: str

    @property
    def key(self) -> tuple[str, str]:
        """Return the column."""
        return self.table, self.column


@dataclass(frozen=True, slots=True)
class RestoredSchema(Moment):
    """A schema has been put in a shop's place, in the transaction that does it; followers return lines to report."""

    shop: Shop
    is_from_elsewhere: bool
    now: datetime


@dataclass(frozen=True, slots=True)
class RestoreCheck(Contribution):
    """A check before a shop's schema is replaced; repeated with its tables locked.

    Args:
        check: raises RestoreBlockedError where it objects.
    """

    check: Callable[[Shop], None]


@dataclass(frozen=True, slots=True)
class RowsCheck(Contribution):
    """A check of a shop's tables that were filled from outside.

    Args:
        faults: what in a schema's rows the app's pages could not show; nothing for rows that they wrote.
    """

    faults: Callable[[str], list[str]]


@dataclass(frozen=True, slots=True)
class Copier(Contribution):
    """A copy of a shop's rows into its clone.

    Args:
        copy_rows: called with source, clone, the name of a copied file by the name of its original, and now.
    """

    copy_rows: Callable[[Shop, Shop, Callable[[str], str], datetime], None]


def public_parts() -> Sequence[PublicPart]:
    """Return the parts by name."""
    return sorted(contributions(PublicPart), key=attrgetter("key"))


def references() -> Sequence[Reference]:
    """Return the references by name."""
    return sorted(contributions(Reference), key=attrgetter("key"))


def pictures() -> Sequence[Pictures]:
    """Return the columns that name files."""
    return sorted(contributions(Pictures), key=attrgetter("key"))


def uploads() -> Sequence[Uploads]:
    """Return the columns that name private files."""
    return sorted(contributions(Uploads), key=attrgetter("key"))


def check_restorable(shop: Shop) -> None:
    """Let every app object.

    Raises:
        RestoreBlockedError: one does.
    """
    for contributed in contributions(RestoreCheck):
        contributed.check(shop)


def faults_of_rows(schema_name: str) -> list[str]:
    """Return the faults that apps find in the rows of a schema."""
    return [fault for check in contributions(RowsCheck) for fault in check.faults(schema_name)]


def follow_restored(restored: RestoredSchema) -> list[str]:
    """Run every app's step after a restore; return their reports, in order."""
    return [line for lines in tell(restored) for line in lines]


def copy_rows(source: Shop, clone: Shop, copied: Callable[[str], str], now: datetime) -> None:
    """Have every app copy what it holds of a shop."""
    for copier in contributions(Copier):
        copier.copy_rows(source, clone, copied, now)
