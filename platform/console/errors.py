"""Refusals of the console."""

from kit.errors import ConflictError, InvalidInputError


class ReasonMissingError(InvalidInputError):
    code = "reason_missing"
    default_message = "Say why: the reason is kept in the audit log."


class NothingToResolveError(ConflictError):
    code = "nothing_to_deal_with"
    default_message = "This payment needs no action."


class ShopHasOwnerError(ConflictError):
    code = "shop_has_owner"
    default_message = "This shop has an owner, who can invite whom they want."
