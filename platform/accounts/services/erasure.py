"""Forget a person: the account stays as a stone without a name, for the orders and entries that refer to it."""

from datetime import datetime

from django.db import transaction
from django_tenants.utils import get_public_schema_name, schema_context

from accounts.errors import ErasureBlockedError, WrongPasswordError
from accounts.models import User
from accounts.selectors import is_email_verified, lock_user
from accounts.services.personal_data import (
    Rows,
    Subject,
    collect_data,
    obstacles_of,
    pack_data,
    personal_data_parts,
    subject_of,
)
from kit.ids import uuid7

GONE = "deleted.invalid"  # a domain that can't exist (RFC 2606)


def is_tombstone(email: str) -> bool:
    """Return whether an address is that of an anonymised person."""
    return email.endswith(f"@{GONE}")


def tombstone() -> str:
    """Return a new address for an anonymised person."""
    return f"deleted-{uuid7().hex}@{GONE}"


def download_own_data(*, user: User, password: str, platform: str, now: datetime) -> bytes:
    """Return an archive of a person's data, after a check of their password.

    Raises:
        WrongPasswordError: it is not theirs.
    """
    _check_password(user, password)
    with schema_context(get_public_schema_name()):
        subject = subject_of(user, is_email_theirs=is_email_verified(user=user))
        return pack_data(subject, platform=platform, now=now)


def read_own_data(*, user: User, password: str) -> dict[str, Rows]:
    """Return a person's data, by subject, after a check of their password.

    Raises:
        WrongPasswordError: it is not theirs.
    """
    _check_password(user, password)
    with schema_context(get_public_schema_name()):
        return collect_data(subject_of(user, is_email_theirs=is_email_verified(user=user)))


def delete_own_account(*, user: User, password: str, now: datetime) -> None:
    """Delete a person's account and data at their own request.

    Raises:
        WrongPasswordError: the password is not theirs; nothing is changed.
        ErasureBlockedError: an obstacle must end first; the message names it.
    """
    _check_password(user, password)
    anonymise_user(subject=subject_of(user, is_email_theirs=is_email_verified(user=user)), now=now)


def anonymise_user(*, subject: Subject, now: datetime) -> str:
    """Replace a person by a tombstone in all apps; return the tombstone's address.

    The ledger, amounts and ordered lines are kept, since others' books depend on them; the buyer's name is not.

    Raises:
        ErasureBlockedError: an obstacle must end first; nothing is changed.
    """
    nobody = tombstone()
    with transaction.atomic(), schema_context(get_public_schema_name()):
        if subject.user_id is not None:
            lock_user(user_id=subject.user_id)
        if left := obstacles_of(subject):
            raise ErasureBlockedError(" ".join(left), details={"left": left})
        for part in personal_data_parts():
            part.erase(subject, nobody, now)
    return nobody


def _check_password(user: User, password: str) -> None:
    if not user.check_password(password):
        raise WrongPasswordError(details={"password": [WrongPasswordError.default_message]})


def obstacles_now(*, user: User) -> list[str]:
    """Return the texts of all obstacles that keep a person's account from being deleted now."""
    with schema_context(get_public_schema_name()):
        return obstacles_of(subject_of(user, is_email_theirs=is_email_verified(user=user)))
