"""Errors about money and bank accounts."""

from django.utils.translation import gettext_lazy

from kit.errors import PermissionDeniedError


class NotTheOwnerError(PermissionDeniedError):
    code = "not_the_owner"
    default_message = gettext_lazy("Only an owner of the shop can set its bank account.")
