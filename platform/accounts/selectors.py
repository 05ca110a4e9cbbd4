"""Facts about people for other apps."""

from collections.abc import Collection

from allauth.account.models import EmailAddress
from django.db.models import Exists, F, OuterRef, QuerySet

from accounts.errors import AddressNotFoundError, PersonNotFoundError
from accounts.models import USER_PARTS, Address, User
from kit.text.matching import identifier_matches, name_matches
from kit.text.parts import has_parts, parts_match
from kit.web.versions import version_of

# Columns of a person that colleagues in a shop must not see; a shop's database role can't read them.
PRIVATE = (
    "password", "last_login", "is_superuser", "is_staff", "phone", "date_joined", "time_zone", "language",
    "ended_families",
)  # fmt: skip


PROFILE = ("name", "phone", "language", "time_zone")
POSTAL = ("name", "line1", "line2", "city", "state", "country", "postcode", "phone")


def private_fields(relation: str = "") -> list[str]:
    """Return the private columns to `defer` of people, or of people loaded by a relation."""
    return [f"{relation}__{name}" if relation else name for name in PRIVATE]


def get_user(*, user_id: int) -> User:
    """Return a person.

    Raises:
        PersonNotFoundError: no person has this id.
    """
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        raise PersonNotFoundError
    return user


def users_by_id(ids: Collection[int]) -> dict[int, User]:
    """Return people by id, in one statement; unknown ids are left out."""
    return User.objects.in_bulk(ids) if ids else {}


def list_people(*, search: str = "", is_operator: bool | None = None) -> "QuerySet[User]":
    """Return people, each with `has_verified_email`.

    Args:
        search: parts of the name and of the e-mail address.
    """
    proved = EmailAddress.objects.filter(user_id=OuterRef("pk"), email__iexact=OuterRef("email"), verified=True)
    people = User.objects.annotate(has_verified_email=Exists(proved))
    if has_parts(search):
        people = people.filter(parts_match(search, *USER_PARTS))
    elif search:
        people = people.filter(name_matches(search, "name") | identifier_matches(search, "email"))
    return people if is_operator is None else people.filter(is_operator=is_operator)


def get_person(*, person_id: int) -> User:
    """Return a person with `has_verified_email`.

    Raises:
        PersonNotFoundError: no person has this id.
    """
    person = list_people().filter(pk=person_id).first()
    if person is None:
        raise PersonNotFoundError
    return person


def find_user(*, email: str) -> User | None:
    """Return the person with this address, if there is one."""
    return User.objects.filter(email=email.strip().lower()).first()


def active_users(*, email: str) -> list[User]:
    """Return the users who may set a new password by a letter to this address: one or none.

    Only the account's present address counts, not an earlier one.
    """
    return list(User.objects.filter(email=email.strip().lower(), is_active=True))


def is_email_verified(*, user: User) -> bool:
    """Return whether a person has shown that the address is theirs."""
    return bool(EmailAddress.objects.filter(user_id=user.pk, email__iexact=user.email, verified=True).exists())


def profile_version(user: User) -> str:
    """Return the version of a person's profile."""
    return version_of({name: getattr(user, name) for name in PROFILE})


def address_version(address: Address) -> str:
    """Return the version of an address; its being the default is no part of it."""
    return version_of({name: getattr(address, name) for name in POSTAL})


def addresses_of(*, user_id: int) -> list[Address]:
    """Return a person's address book, the default first."""
    return list(Address.objects.filter(user_id=user_id).order_by("-is_default", "-pk"))


def get_address(*, user_id: int, address_id: int) -> Address:
    """Return an address of a person's own address book.

    Raises:
        AddressNotFoundError: this person has no such address.
    """
    address = Address.objects.filter(user_id=user_id, pk=address_id).first()
    if address is None:
        raise AddressNotFoundError
    return address


def lock_addresses(*, user_id: int) -> list[Address]:
    """Lock a person and then their addresses in primary-key order; needs an open transaction.

    The person's row comes first, so that two first addresses wait for each other.
    """
    list(User.objects.select_for_update(no_key=True).filter(pk=user_id).values_list("pk"))
    return list(Address.objects.select_for_update().filter(user_id=user_id).order_by("pk"))


def confirmed_emails(*, emails: Collection[str]) -> set[str]:
    """Return those of some addresses that a user who can sign in has confirmed."""
    wanted = {email.lower() for email in emails}
    found = EmailAddress.objects.filter(email__in=wanted, verified=True, user__email=F("email"), user__is_active=True)
    return set(found.values_list("email", flat=True))


def lock_user(*, user_id: int) -> User:
    """Lock a person's row; needs an open transaction. Writes of rows that refer to the person wait, new orders too.

    Raises:
        PersonNotFoundError: no person has this id.
    """
    user = User.objects.select_for_update().filter(pk=user_id).first()
    if user is None:
        raise PersonNotFoundError
    return user
