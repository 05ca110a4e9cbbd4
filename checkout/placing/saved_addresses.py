"""Addresses of the buyer's address book, for an order."""

from contextlib import suppress
from dataclasses import dataclass

from accounts.selectors import addresses_of, get_address
from checkout.placing.request import ADDRESS_FIELDS, Address
from kit.text.characters import TextError
from kit.text.phones import stored_phone
from kit.text.subdivisions import find_subdivision


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedAddress(Address):
    """An address as it is in the book: rules that are younger than it judge it when its owner changes it."""

    is_billing_default: bool = False

    together = ()


def read_book(*, user_id: int) -> dict[str, SavedAddress]:
    """Return a buyer's addresses by id, the one of deliveries first."""
    return {str(saved.pk): _saved(saved) for saved in addresses_of(user_id=user_id)}


def find_saved(*, user_id: int, address_id: int) -> SavedAddress:
    """Return an address of a buyer's own book.

    Raises:
        AddressNotFoundError: it is not in this person's book.
    """
    return _saved(get_address(user_id=user_id, address_id=address_id))


def _saved(row: object) -> SavedAddress:
    """Return an address in today's form, as far as its texts can be read."""
    values = {name: getattr(row, name) for name in ADDRESS_FIELDS}
    values["subdivision"] = ""
    if found := find_subdivision(values["country"], values["state"]):
        values |= {"subdivision": found.code, "state": found.name}
    with suppress(TextError):  # one that can't be read is shown to the courier as its owner wrote it
        values["phone"] = stored_phone(values["phone"], country=values["country"])
    return SavedAddress(**values, is_billing_default=getattr(row, "is_billing_default", False))
