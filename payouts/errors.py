"""Errors about money and bank accounts."""

from kit.errors import PermissionDeniedError


class NotTheOwnerError(PermissionDeniedError):
    code = "not_the_owner"
    default_message = "Only an owner of the shop may say where its money goes."
