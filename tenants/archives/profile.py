"""A shop's profile in its archive, checked for the types and sizes of the shop's row."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext

from kit.money import SYMBOLS
from kit.text.columns import LineColumn
from tenants.archives.manifest import number_of, text_of
from tenants.archives.reading import Archive
from tenants.errors import ArchiveError
from tenants.models import Shop
from tenants.shops.profile import PROFILE

MOST_MINOR = 10**12


def profile_of(archive: Archive) -> tuple[dict[str, Any], list[str]]:
    """Return the columns of a shop's profile that an archive sets, and lines to report; the others stay as they are.

    Raises:
        ArchiveError: a value is none that a shop's row can take.
    """
    said = archive.manifest.shop
    if not text_of(said, "name").strip():
        raise ArchiveError(gettext("The archive does not say what the shop is called."))
    if text_of(said, "currency") not in SYMBOLS:
        raise ArchiveError(gettext("The archive's prices are in a currency that this market does not know."))
    faults: list[str] = []
    return {name: _value(said, name, faults) for name in sorted(PROFILE.keys() & said.keys())}, faults


def _value(said: Any, name: str, faults: list[str]) -> Any:
    field = Shop._meta.get_field(name)  # noqa: SLF001 - documented
    if not isinstance(field, models.CharField | models.TextField):
        return number_of(said, name, least=0, most=MOST_MINOR)
    text = text_of(said, name)
    try:
        return field.clean(text, None)
    except ValidationError as error:
        if isinstance(field, LineColumn) and field.blank and len(text) <= (field.max_length or 0):
            faults.append(
                gettext("The shop's %(name)s was %(text)s, left empty. %(messages)s")
                % {"name": name, "text": repr(text), "messages": " ".join(error.messages)}
            )
            return ""
        raise ArchiveError(
            gettext("The archive's %(name)s is none that a shop can have: %(messages)s")
            % {"name": name, "messages": " ".join(error.messages)}
        ) from error
