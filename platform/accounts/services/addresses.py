"""A person's address book."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Annotated

from django.db import transaction

from accounts.errors import AddressNotFoundError, TooManyAddressesError
from accounts.models import Address
from accounts.selectors import address_version, lock_addresses
from kit.text import rules
from kit.text.inputs import cleaned
from kit.web.versions import Seen, check_version

MAX_ADDRESSES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressInput:
    """Fields of an address, in the address book and on orders; `country` is ISO 3166-1 alpha-2."""

    name: Annotated[str, rules.name(120)]
    line1: Annotated[str, rules.name(200)]
    city: Annotated[str, rules.name(100)]
    state: Annotated[str, rules.name(100)]
    country: Annotated[str, rules.COUNTRY]
    phone: Annotated[str, rules.PHONE_NUMBER]
    line2: Annotated[str, rules.line(200, may_be_empty=True)] = ""
    postcode: Annotated[str, rules.line(20, may_be_empty=True)] = ""


def add_address(*, user_id: int, data: AddressInput, is_default: bool = False) -> Address:
    """Add an address; the first one becomes the default.

    Raises:
        InvalidInputError: it is not one that a parcel would reach.
        TooManyAddressesError: the book is full.
    """
    data = cleaned(data)
    with transaction.atomic():
        book = lock_addresses(user_id=user_id)
        if len(book) >= MAX_ADDRESSES:
            raise TooManyAddressesError
        address = Address.objects.create(user_id=user_id, **asdict(data))
        if is_default or not book:
            _make_default(book, address)
    return address


def update_address(
    *, user_id: int, address_id: int, data: AddressInput, is_default: bool = False, seen: Seen = None
) -> Address:
    """Replace an address, and make it the default if requested; otherwise as `revise_address`."""
    return revise_address(
        user_id=user_id, address_id=address_id, revise=lambda _: data, is_default=is_default, seen=seen
    )


def revise_address(
    *,
    user_id: int,
    address_id: int,
    revise: Callable[[Address], AddressInput],
    is_default: bool = False,
    seen: Seen = None,
) -> Address:
    """Change a part of an address; the new values are computed from the current ones under its lock.

    Args:
        seen: the versions that it may be made from; None: any version.

    Raises:
        AddressNotFoundError: it is not in this person's book.
        ChangedMeanwhileError: it was made from another version; nothing is changed.
        InvalidInputError: a parcel could not be delivered to it.
    """
    with transaction.atomic():
        book = lock_addresses(user_id=user_id)
        address = _find(book, address_id)
        check_version(seen=seen, current=address_version(address))
        values = asdict(cleaned(revise(address), stored=address))
        changes = {field: value for field, value in values.items() if value != getattr(address, field)}
        for field, value in changes.items():
            setattr(address, field, value)
        address.save(update_fields=list(changes))
        if is_default:
            _make_default(book, address)
    return address


def set_default_address(*, user_id: int, address_id: int) -> Address:
    """Make an address the one that a checkout starts with.

    Raises:
        AddressNotFoundError: it is not in this person's book.
    """
    with transaction.atomic():
        book = lock_addresses(user_id=user_id)
        address = _find(book, address_id)
        _make_default(book, address)
    return address


def delete_address(*, user_id: int, address_id: int, seen: Seen = None) -> None:
    """Delete an address; where it was the default, the newest of the others takes its place.

    Args:
        seen: the versions that it may be deleted in; None: any version.

    Raises:
        AddressNotFoundError: it is not in this person's book.
        ChangedMeanwhileError: it is another version by now; nothing is deleted.
    """
    with transaction.atomic():
        book = lock_addresses(user_id=user_id)
        address = _find(book, address_id)
        check_version(seen=seen, current=address_version(address))
        others = [other for other in book if other is not address]
        address.delete()
        if address.is_default and others:
            _make_default([], others[-1])


def _find(book: list[Address], address_id: int) -> Address:
    for address in book:
        if address.pk == address_id:
            return address
    raise AddressNotFoundError


def _make_default(book: list[Address], address: Address) -> None:
    for other in book:
        if other.is_default and other.pk != address.pk:
            other.is_default = False
            other.save(update_fields=["is_default"])
    if not address.is_default:
        address.is_default = True
        address.save(update_fields=["is_default"])
