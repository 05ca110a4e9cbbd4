"""A person's address book."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Annotated, Any

from django.db import transaction

from accounts.errors import AddressNotFoundError, TooManyAddressesError
from accounts.models import Address
from accounts.selectors import address_version, lock_addresses
from kit.text import rules
from kit.text.cross_field_rules import ADDRESS
from kit.text.inputs import cleaned
from kit.web.versions import Seen, check_version

MAX_ADDRESSES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressInput:
    """Fields of an address, in the address book and on orders.

    Args:
        country: ISO 3166-1 alpha-2.
        state: name of the state, region or county, or its code; stored as the name.
        subdivision: its ISO 3166-2 code; either of both will do.
        phone: as it is dialled in the country, or with its country's code; stored as E.164.
    """

    name: Annotated[str, rules.name(120)]
    line1: Annotated[str, rules.name(200)]
    city: Annotated[str, rules.name(100)]
    state: Annotated[str, rules.name(100, may_be_empty=True)] = ""
    country: Annotated[str, rules.COUNTRY]
    phone: Annotated[str, rules.PHONE_NUMBER]
    line2: Annotated[str, rules.line(200, may_be_empty=True)] = ""
    postcode: Annotated[str, rules.line(20, may_be_empty=True)] = ""
    subdivision: Annotated[str, rules.line(6, may_be_empty=True)] = ""

    together = ADDRESS


def add_address(
    *, user_id: int, data: AddressInput, is_default: bool = False, is_billing_default: bool = False
) -> Address:
    """Add an address; the first one becomes the default of deliveries.

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
        _choose(book, address, is_default=is_default or not book, is_billing_default=is_billing_default)
    return address


def update_address(*, user_id: int, address_id: int, data: AddressInput, **choices: Any) -> Address:
    """Replace an address; `choices` as of `revise_address`."""
    return revise_address(user_id=user_id, address_id=address_id, revise=lambda _: data, **choices)


def revise_address(
    *,
    user_id: int,
    address_id: int,
    revise: Callable[[Address], AddressInput],
    is_default: bool = False,
    is_billing_default: bool | None = None,
    seen: Seen = None,
) -> Address:
    """Change a part of an address; the new values are computed from the current ones under its lock.

    Args:
        is_default: make it the one that orders are delivered to.
        is_billing_default: make it the one that orders are billed to; False: it is that no more.
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
        _choose(book, address, is_default=is_default, is_billing_default=is_billing_default)
    return address


def set_default_address(*, user_id: int, address_id: int, for_bills: bool = False) -> Address:
    """Make an address the one that a checkout delivers to, or bills to, unless its buyer says otherwise.

    Raises:
        AddressNotFoundError: it is not in this person's book.
    """
    with transaction.atomic():
        book = lock_addresses(user_id=user_id)
        address = _find(book, address_id)
        _choose(book, address, is_default=not for_bills, is_billing_default=for_bills or None)
    return address


def delete_address(*, user_id: int, address_id: int, seen: Seen = None) -> None:
    """Delete an address; where orders were delivered to it, the newest of the others takes its place.

    Where they were billed to it, they are billed to where they are delivered again.

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
            _make_default([], others[-1], "is_default")


def _find(book: list[Address], address_id: int) -> Address:
    for address in book:
        if address.pk == address_id:
            return address
    raise AddressNotFoundError


def _choose(book: list[Address], address: Address, *, is_default: bool, is_billing_default: bool | None) -> None:
    if is_default:
        _make_default(book, address, "is_default")
    if is_billing_default:
        _make_default(book, address, "is_billing_default")
    elif is_billing_default is False and address.is_billing_default:
        address.is_billing_default = False
        address.save(update_fields=["is_billing_default"])


def _make_default(book: list[Address], address: Address, column: str) -> None:
    for other in book:
        if getattr(other, column) and other.pk != address.pk:
            setattr(other, column, False)
            other.save(update_fields=[column])
    if not getattr(address, column):
        setattr(address, column, True)
        address.save(update_fields=[column])
