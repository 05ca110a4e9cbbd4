"""Confirmation of an e-mail address by its owner (docs/adr/0032).

An account can be opened with another person's address. Until it is confirmed, the reader of its mail may be another
person than the account's opener: a letter's link confirms the address for a user who is signed in to the account, or
gives the account to the link's reader with a new password. It never confirms an address for a password that another
person has chosen.
"""

from dataclasses import dataclass

from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.errors import InvalidLinkError, NewPasswordNeededError
from accounts.models import Address, User
from accounts.selectors import is_email_verified, lock_user
from accounts.services.people import create_user, release_address, revoke_tokens
from kit.errors import Fault, InvalidInputError
from kit.wiring import Moment, tell


@dataclass(frozen=True, slots=True)
class EmailProved(Moment):
    """An account's address has been proved, in the transaction that records it."""

    user: User


def addressee_of(*, key: str) -> User:
    """Return the user whose address a letter's link confirms.

    Raises:
        InvalidLinkError: the key is too old or forged, the address is confirmed already, or no longer the account's.
    """
    confirmation = EmailConfirmationHMAC.from_key(key)
    address = confirmation.email_address if confirmation else None
    if address is None or not address.user.is_active or address.email.lower() != address.user.email:
        raise InvalidLinkError
    user: User = address.user
    return user


def confirm_email(*, key: str, signed_in_id: int | None, new_password: str | None) -> User:
    """Confirm an address with the key of the letter's link.

    Args:
        signed_in_id: the signed-in user, if any.
        new_password: what the account opens with from now on; needed of everybody else.

    Raises:
        InvalidLinkError: the key is too old or forged, or the address is confirmed already.
        NewPasswordNeededError: neither has the account's owner signed in, nor is there a new password.
        InvalidInputError: the new password is too weak.
    """
    user = addressee_of(key=key)
    if user.pk == signed_in_id:
        prove_email(user=user)
    elif new_password is None:
        raise NewPasswordNeededError(details={"new_password": [NewPasswordNeededError.default_message]})
    else:
        take_account(user=user, password=new_password)
    return user


def prove_email(*, user: User) -> None:
    """Record that an account's address is its owner's, who has signed in and followed a link that was sent there."""
    with transaction.atomic():
        _record_proof(lock_user(user_id=user.pk))


def open_proved_account(*, email: str, password: str, name: str) -> User:
    """Open an account for a person who has opened a link sent to the address; no further letter is sent.

    Raises:
        InvalidInputError: the password is too weak.
        EmailTakenError: another account took the address a moment ago.
    """
    _check_strength(password, User(email=email, name=name))
    user = create_user(email=email, password=password, name=name, is_email_verified=True)
    tell(EmailProved(user))
    return user


def take_account(*, user: User, password: str) -> None:
    """Give an account to the reader of its mail, with a new password; all its sign-ins end.

    If the address was unconfirmed, all other ways to sign in are removed too: second factors, accounts of other
    providers, further addresses. Its address book is kept without a default, since another person may have written it.

    Raises:
        InvalidInputError: the password is too weak; nothing is changed.
    """
    _check_strength(password, user)
    with transaction.atomic():
        locked = lock_user(user_id=user.pk)
        locked.set_password(password)
        locked.save(update_fields=["password"])
        revoke_tokens(user_id=locked.pk)
        if not is_email_verified(user=locked):
            _forget_other_ways_in(locked)
            _record_proof(locked)
    user.password = locked.password


def _check_strength(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise InvalidInputError(details={"new_password": faults_of(error)}) from error


def faults_of(error: ValidationError) -> list[Fault]:
    """Return the faults of a password, each with its code."""
    return [Fault(message, each.code or "invalid") for each in error.error_list for message in each.messages]


def _forget_other_ways_in(user: User) -> None:
    Authenticator.objects.filter(user_id=user.pk).delete()
    SocialAccount.objects.filter(user_id=user.pk).delete()
    EmailAddress.objects.filter(user_id=user.pk).exclude(email__iexact=user.email).delete()
    Address.objects.filter(user_id=user.pk, is_default=True).update(is_default=False)


def _record_proof(user: User) -> None:
    if is_email_verified(user=user):
        return
    EmailAddress.objects.filter(user_id=user.pk, primary=True).exclude(email__iexact=user.email).update(primary=False)
    release_address(user=user)
    EmailAddress.objects.update_or_create(
        user_id=user.pk, email=user.email, defaults={"verified": True, "primary": True}
    )
    tell(EmailProved(user))
