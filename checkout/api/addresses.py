"""Addresses of the caller's address book, named by id in a call."""

from typing import Any

from django.utils.translation import gettext
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from accounts.errors import AddressNotFoundError
from checkout.placing.request import Address
from checkout.placing.saved_addresses import find_saved


def address_by_id(request: Request, asked: dict[str, Any], *, field: str, id_field: str) -> Address | None:
    """Return the address of the caller's book that a call names; None where it names none.

    Raises:
        ValidationError: it is not in the book, or the call sends an address too.
    """
    address_id = asked.get(id_field)
    if address_id is None:
        return None
    if asked.get(field):
        raise ValidationError({id_field: [gettext("Send an address or an id, not both.")]}, code="either_or")
    try:
        return find_saved(user_id=request.user.pk or 0, address_id=address_id)
    except AddressNotFoundError as error:
        raise ValidationError({id_field: [error.message]}, code="unknown_address") from error


def address_needed() -> ValidationError:
    """Return the refusal of a call that names no destination."""
    message = gettext("Send a delivery address, or the id of one from your address book.")
    return ValidationError({"shipping_address": [message]}, code="one_required")
