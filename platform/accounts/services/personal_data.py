"""Export and deletion of a person's data, by the apps' `PersonalData` in their wiring."""

import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext, gettext_lazy

from accounts.errors import PersonNotFoundError
from accounts.models import User
from kit.web.tables import csv_text
from kit.wiring import Contribution, contributions

README = gettext_lazy("""\
This is what {platform} keeps about {email}, as of {when}.

Each subject is there twice: as JSON, for programs, and as CSV, for a spreadsheet. Amounts are in the smallest
unit of the currency (kobo, pesewas, cents); times are in UTC.
""")


@dataclass(frozen=True, slots=True)
class Subject:
    """A person, or a guest of whom only the address is known.

    Args:
        email: in lower case.
        is_email_theirs: whether they have confirmed the address; without that they may not see what guests
            did under it.
    """

    user_id: int | None
    email: str
    is_email_theirs: bool


Rows = Sequence[Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class PersonalData(Contribution):
    """One app's personal data.

    Args:
        turn: parts are erased by turn, in the lock order (docs/locking.md), and the person's own row last,
            since the others refer to it.
        columns: the columns that it answers for, as `app_label.Model.field`.
        collect: rows by the name of the file that they go into.
        erase: removes the person's data, given the tombstone's address.
        obstacles: what must be over first, in words; none where nothing is.
    """

    name: str
    turn: int
    columns: frozenset[str]
    collect: Callable[[Subject], dict[str, Rows]]
    erase: Callable[[Subject, str, datetime], None]
    obstacles: Callable[[Subject], list[str]] = lambda _: []

    @property
    def key(self) -> str:
        """Name of the part."""
        return self.name


def personal_data_parts() -> list[PersonalData]:
    """Return the parts in the order in which they are erased."""
    return sorted(contributions(PersonalData), key=attrgetter("turn", "name"))


def subject_of(user: User, *, is_email_theirs: bool) -> Subject:
    """Return a person as the subject of data."""
    return Subject(user_id=user.pk, email=user.email, is_email_theirs=is_email_theirs)


def find_subject(*, email: str) -> Subject:
    """Return the person or guest with an address, for operators who have checked the request.

    Raises:
        PersonNotFoundError: nothing is kept under this address.
    """
    email = email.strip().lower()
    user_id = User.objects.filter(email=email).values_list("id", flat=True).first()
    subject = Subject(user_id=user_id, email=email, is_email_theirs=True)
    if user_id is None and not any(any(part.collect(subject).values()) for part in personal_data_parts()):
        raise PersonNotFoundError(gettext("Nothing is kept under this address."))
    return subject


def obstacles_of(subject: Subject) -> list[str]:
    """Return the texts of all obstacles that keep a person's data from being deleted now."""
    return [reason for part in personal_data_parts() for reason in part.obstacles(subject)]


def collect_data(subject: Subject) -> dict[str, Rows]:
    """Return everything that is kept about a person, by subject."""
    found: dict[str, Rows] = {}
    for part in personal_data_parts():
        found |= part.collect(subject)
    return {name: found[name] for name in sorted(found)}


def pack_data(subject: Subject, *, platform: str, now: datetime) -> bytes:
    """Return everything that is kept about a person as a ZIP of JSON and CSV files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", README.format(platform=platform, email=subject.email, when=f"{now:%d %B %Y}"))
        for name, rows in collect_data(subject).items():
            said = json.dumps(list(rows), cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
            archive.writestr(f"{name}.json", said + "\n")
            archive.writestr(f"{name}.csv", _as_csv(json.loads(said)))
    return buffer.getvalue()


def _as_csv(rows: Sequence[dict[str, Any]]) -> str:
    if not rows:
        return ""
    header = list(rows[0])
    return csv_text(header=header, rows=[[_cell(row.get(name)) for name in header] for row in rows])


def _cell(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value
