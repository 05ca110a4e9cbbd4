"""Versions of editable rows, so that one edit does not overwrite another that its author has not seen.

A version is a digest of the values that an edit would replace. Pages send it back in a hidden field `version`, programs
in `If-Match` (RFC 9110, section 13.1.1); services compare it with the row that they have locked.
"""

import hashlib
import json
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext, gettext_lazy
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from kit.errors import DomainError, Facts
from kit.text.sentences import with_one_stop

LENGTH = 20
CONFLICT = 409  # of a page whose form was shown with another version
IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    description="The `ETag` of the answer that you read. Where it has changed since, nothing is written.",
)
FIELD = "version"

Seen = Collection[str] | None  # the versions that a change may be made from; None: any version


class ChangedMeanwhileError(DomainError):
    """The change was made from a version that is not the current one; nothing is changed."""

    code, status = "version_mismatch", 412
    default_message = gettext_lazy("This was changed after you opened it. Check the saved values, then save again.")


class VersionMissingError(DomainError):
    """The change names no version, and the market takes none without (`REQUIRE_IF_MATCH`)."""

    code, status = "version_required", 428
    default_message = gettext_lazy("Read this first, and send the ETag of the answer in the header If-Match.")


def version_of(values: Mapping[str, Any]) -> str:
    """Return the version that values make."""
    text = json.dumps(values, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:LENGTH]


def check_version(*, seen: Seen, current: str) -> None:
    """Refuse a change that was made from another version than the current one.

    Raises:
        ChangedMeanwhileError: it was.
    """
    if seen is not None and current not in seen:
        raise ChangedMeanwhileError


def entity_tag(version: str) -> str:
    """Return a version as the header `ETag` has it."""
    return f'"{version}"'


def sent_tags(request: Request) -> Seen:
    """Return the versions that a program's `If-Match` names; None without the header, or with `*`.

    Raises:
        VersionMissingError: the market asks for the header (RFC 6585, section 3).
    """
    header = request.headers.get("If-Match")
    if header is None and settings.REQUIRE_IF_MATCH:
        raise VersionMissingError
    if header is None or header.strip() == "*":
        return None
    return frozenset(tag.strip().removeprefix("W/").strip('"') for tag in header.split(","))


def sent_version(request: HttpRequest) -> Seen:
    """Return the version that a page's form was shown with; None where it names none."""
    version = request.POST.get(FIELD, "")
    return {version} if version else None


def shown_version(request: HttpRequest, current: str) -> str:
    """Return the version for a form to carry: that which it came with, while its changes are not saved."""
    return request.POST.get(FIELD, "") or current


def show_what_is_saved(form: forms.BaseForm, error: ChangedMeanwhileError, *, saved: Mapping[str, Any]) -> None:
    """Keep the entered values of a form, and show the saved ones beside changed fields.

    Args:
        saved: the form's initial values, as they would be now.
    """
    form.add_error(None, forms.ValidationError(error.message, code=error.code))
    for name, value in saved.items():
        if _typed(form, name, value) != _comparable(value):
            shown = _labels(form.fields[name], value)
            form.add_error(name, with_one_stop(gettext("Saved meanwhile: “%(value)s”.") % {"value": shown}))


def _typed(form: forms.BaseForm, name: str, saved: Any) -> str | list[str]:
    """Return the entered value of a field, to be compared with the saved one."""
    if isinstance(saved, list):
        return sorted(form.data.getlist(name) if isinstance(form.data, QueryDict) else form.data.get(name, []))
    if isinstance(form.fields[name], forms.BooleanField):
        return str(form.cleaned_data[name])
    return str(form.data.get(name, ""))


def _comparable(value: Any) -> str | list[str]:
    if isinstance(value, list):
        return sorted(map(str, value))
    return "" if value is None else str(value)


def _labels(field: forms.Field, value: Any) -> str:
    labels = dict(getattr(field, "choices", ()))
    if isinstance(value, list):
        return ", ".join(str(labels.get(each, each)) for each in value)
    return str(labels.get(value, "" if value is None else value))


@contextmanager
def telling_the_current(read: Callable[[], Any]) -> Iterator[None]:
    """Add the current values to the refusal of a change that was made from an older version."""
    try:
        yield
    except ChangedMeanwhileError as error:
        raise ChangedMeanwhileError(error.message, details={"current": Facts(read())}) from error
