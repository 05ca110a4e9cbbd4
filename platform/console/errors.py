"""Refusals of the console."""

from django.utils.translation import gettext_lazy

from kit.errors import ConflictError, InvalidInputError


class ReasonMissingError(InvalidInputError):
    code = "reason_missing"
    default_message = gettext_lazy("Say why: the reason is kept in the audit log.")


class NothingToResolveError(ConflictError):
    code = "nothing_to_deal_with"
    default_message = gettext_lazy("This payment needs no action.")


class ShopHasOwnerError(ConflictError):
    code = "shop_has_owner"
    default_message = gettext_lazy("This shop has an owner, who can invite people.")
