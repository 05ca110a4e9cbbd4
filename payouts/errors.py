"""Errors about money and bank accounts."""

from django.utils.translation import gettext_lazy

from kit.errors import ConflictError, PermissionDeniedError


class NotTheOwnerError(PermissionDeniedError):
    code = "not_the_owner"
    default_message = gettext_lazy("Only an owner of the shop can set its bank account.")


class AlreadyReleasedError(ConflictError):
    code = "already_released"
    default_message = gettext_lazy("The money of this order is released already.")


class AlreadyHeldError(ConflictError):
    code = "already_held"
    default_message = gettext_lazy("The money of this order is held by an operator already.")


class NotHeldError(ConflictError):
    code = "not_held"
    default_message = gettext_lazy("No operator holds the money of this order.")


class NotDeliveredError(ConflictError):
    code = "not_delivered"
    default_message = gettext_lazy("This order has not arrived. Its money is released after the delivery.")
