"""Making, changing and ending accounts."""

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken

from accounts.errors import EmailTakenError
from accounts.models import User
from accounts.selectors import lock_user, profile_version
from accounts.services.families import end_families, young_families
from kit.text.inputs import checked_text
from kit.text.phones import stored_phone
from kit.web.versions import Seen, check_version


def create_user(
    *,
    email: str,
    password: str | None,
    name: str = "",
    phone: str = "",
    is_operator: bool = False,
    is_email_verified: bool = False,
) -> User:
    """Create a person and the address they sign in with; the password must have been validated.

    Raises:
        EmailTakenError: another account has this address; nothing is created.
        InvalidInputError: the phone number is none.
    """
    phone = checked_text("phone", stored_phone, phone)
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                email, password, name=name, phone=phone, is_operator=is_operator, is_staff=is_operator
            )
    except IntegrityError as error:
        raise EmailTakenError(details={"email": [EmailTakenError.default_message]}) from error
    if is_email_verified:
        release_address(user=user)
    EmailAddress.objects.create(user_id=user.pk, email=user.email, primary=True, verified=is_email_verified)
    return user


def release_address(*, user: User) -> None:
    """Take a person's address from accounts that had it before: its owner of today is about to prove it."""
    EmailAddress.objects.filter(email__iexact=user.email).exclude(user_id=user.pk).delete()


def update_profile(
    *,
    user: User,
    name: str | None = None,
    phone: str | None = None,
    time_zone: str | None = None,
    language: str | None = None,
    seen: Seen = None,
) -> User:
    """Change a person's name, phone number, language and time zone; None leaves a value unchanged.

    Args:
        seen: the versions that it may be made from; None: any version.

    Raises:
        ChangedMeanwhileError: it was made from another; nothing is changed.
        InvalidInputError: the new phone number is none.
    """
    if phone is not None and phone != user.phone:
        phone = checked_text("phone", stored_phone, phone)
    given = {"name": name, "phone": phone, "time_zone": time_zone, "language": language}
    changes = {field: value for field, value in given.items() if value is not None}
    with transaction.atomic():
        if seen is not None:
            check_version(seen=seen, current=profile_version(lock_user(user_id=user.pk)))
        for field, value in changes.items():
            setattr(user, field, value)
        user.save(update_fields=list(changes))
    return user


def deactivate_user(*, user_id: int) -> User:
    """Close a person's account: no sign-in, no refresh, and sessions and tokens end with their next request.

    Raises:
        PersonNotFoundError: no person has this id.
    """
    with transaction.atomic():
        user = lock_user(user_id=user_id)
        user.is_active = False
        user.save(update_fields=["is_active"])
        revoke_tokens(user_id=user_id)
    return user


def revoke_tokens(*, user_id: int) -> None:
    """End every API sign-in of a person, with the access tokens that follow from it; needs an open transaction."""
    open_tokens = OutstandingToken.objects.filter(user_id=user_id, blacklistedtoken__isnull=True).order_by("pk")
    rows = list(open_tokens)
    BlacklistedToken.objects.bulk_create([BlacklistedToken(token=row) for row in rows], ignore_conflicts=True)
    end_families(user_id=user_id, families=young_families(rows))
