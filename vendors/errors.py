"""Errors of access to a shop's pages."""

from django.utils.translation import gettext_lazy

from kit.errors import ConflictError, PermissionDeniedError


class NotAMemberError(PermissionDeniedError):
    code = "not_a_member"
    default_message = gettext_lazy("You don't work in this shop.")


class RoleTooLowError(PermissionDeniedError):
    code = "role_too_low"
    default_message = gettext_lazy("Your role in this shop doesn't allow this. Ask its owner.")


class SetupIncompleteError(ConflictError):
    """A shop can't open yet; `details` has the missing facts, by step."""

    code = "setup_incomplete"
    default_message = gettext_lazy("Some steps are missing before your shop can open.")


class PreviewEmptyError(ConflictError):
    code = "preview_empty"
    default_message = gettext_lazy("There is nothing to look at yet. Put a product on sale, then look at the preview.")
