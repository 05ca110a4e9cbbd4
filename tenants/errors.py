"""Errors of shops and their staff."""

from django.utils.translation import gettext_lazy

from kit.errors import BusyError, ConflictError, DomainError, InvalidInputError, NotFoundError, PermissionDeniedError


class ShopNotFoundError(NotFoundError):
    code = "shop_not_found"
    default_message = gettext_lazy("There is no such shop.")


class ShopUnavailableError(BusyError):
    """A shop is registered, and its schema is not there."""

    code = "shop_unavailable"
    default_message = gettext_lazy("This shop can't be reached at the moment. Nothing is lost; please try again later.")


class ShopOutdatedError(BusyError):
    """A shop's schema is behind what the code needs."""

    code = "shop_outdated"
    default_message = gettext_lazy("This shop is being updated. Nothing is lost; please try again in a minute.")


class ShopGoneError(DomainError):
    """A shop was deleted for good; its address leads to no shop and is not given to another one."""

    code, status = "shop_gone", 410
    default_message = gettext_lazy("This shop is gone. It closed, and what it kept here was deleted.")


class ShopStatusError(ConflictError):
    code = "shop_status"
    default_message = gettext_lazy("The shop's status has changed in the meantime. Reload the page and try again.")


class ShopSuspendedError(PermissionDeniedError):
    code = "shop_suspended"
    default_message = gettext_lazy(
        "The platform has suspended this shop. You can finish open orders and change nothing else."
    )


class ShopClosedError(ConflictError):
    code = "shop_closed"
    default_message = gettext_lazy("This shop is closed. You can read everything and change nothing.")


class ShopBusyError(ConflictError):
    """Open work keeps a shop from being closed or deleted; `details` lists it."""

    code = "shop_not_done"
    default_message = gettext_lazy("This shop has open work. Finish it first.")


class InvalidSlugError(InvalidInputError):
    code = "invalid_slug"
    default_message = gettext_lazy(
        "Use 3 to 50 lower-case letters, digits and single hyphens, beginning with a letter."
    )


class ReservedSlugError(ConflictError):
    code = "reserved_slug"
    default_message = gettext_lazy("The platform keeps this address for itself. Please choose another.")


class SlugTakenError(ConflictError):
    code = "slug_taken"
    default_message = gettext_lazy("Another shop has this address already. Please choose another.")


class SchemaLeftoverError(ConflictError):
    code = "schema_leftover"
    default_message = gettext_lazy("The database still holds data of an earlier shop with this address.")


class AlreadyMemberError(ConflictError):
    code = "already_member"
    default_message = gettext_lazy("This person works in the shop already.")


class NotStaffError(NotFoundError):
    code = "not_staff"
    default_message = gettext_lazy("This person doesn't work in the shop, or no longer does.")


class LastOwnerError(ConflictError):
    code = "last_owner"
    default_message = gettext_lazy("A shop needs an owner. Make another member an owner first.")


class InvitationNotFoundError(NotFoundError):
    code = "invitation_not_found"
    default_message = gettext_lazy("There is no such invitation. Open the link in the e-mail again, all of it.")


class InvitationSpentError(ConflictError):
    """The invitation was accepted, declined, withdrawn, replaced by a newer one, or has expired."""

    code = "invitation_spent"
    default_message = gettext_lazy(
        "This invitation was withdrawn, declined or replaced by a newer one. Ask the shop for another."
    )


class InvitationForAnotherError(PermissionDeniedError):
    code = "invitation_for_another"
    default_message = gettext_lazy("This invitation was sent to another address. Sign in with that one.")


class EmailUnconfirmedError(PermissionDeniedError):
    code = "email_unconfirmed"
    default_message = gettext_lazy(
        "Confirm your e-mail address first, so that we know that the invitation reached you."
    )


class SignInNeededError(PermissionDeniedError):
    code = "sign_in_needed"
    default_message = gettext_lazy("There is an account with this address already. Sign in to it to accept.")


class TooManyInvitationsError(DomainError):
    code, status = "too_many_invitations", 429
    default_message = gettext_lazy(
        "The shop has invited many people already. Withdraw some invitations, or go on tomorrow."
    )


class ArtefactError(DomainError):
    """The DDL artefact is missing, or no longer what the migrations build."""

    code, status = "stale_artefact", 500
    default_message = gettext_lazy("The DDL artefact of shops is stale. Run: manage.py shop_schema build")


class ShopMigrationError(DomainError):
    """Some shops could not be migrated; the others were."""

    code, status = "shop_migration_failed", 500
    default_message = gettext_lazy("Some shops could not be migrated.")


class InvalidHostError(InvalidInputError):
    code = "invalid_host"
    default_message = gettext_lazy("This can't be a shop's domain.")


class ClaimNotFoundError(NotFoundError):
    code = "domain_not_found"
    default_message = gettext_lazy("The shop has no such domain.")


class AlreadyClaimedError(ConflictError):
    code = "already_claimed"
    default_message = gettext_lazy("This domain is in your list already.")


class TooManyDomainsError(ConflictError):
    code = "too_many_domains"
    default_message = gettext_lazy("A shop may have ten domains. Remove one that you no longer need.")


class DomainNotVerifiedError(ConflictError):
    code = "domain_not_verified"
    default_message = gettext_lazy("This domain doesn't lead to your shop yet: we have not found its TXT record.")


class CheckedJustNowError(DomainError):
    """The name servers were asked a moment ago."""

    code, status = "checked_just_now", 429
    default_message = gettext_lazy("We looked a moment ago. Wait a few seconds, then try again.")


class ArchiveError(DomainError):
    """An archive is damaged, forged, or of a form that this release cannot read; nothing was touched."""

    code, status = "archive_unusable", 400
    default_message = gettext_lazy("This is not a whole archive of a shop.")


class RestoreBlockedError(ConflictError):
    """A shop cannot be restored in its present state; nothing was changed."""

    code = "restore_blocked"
    default_message = gettext_lazy("This shop can't be restored in its present state.")


class ArchiveRunningError(ConflictError):
    """Another process restores or copies this shop at the moment."""

    code = "archive_running"
    default_message = gettext_lazy("This shop is being restored already. Wait until that has ended.")


class ExportNotFoundError(NotFoundError):
    code = "export_not_found"
    default_message = gettext_lazy("This shop has no such export.")


class ExportRunningError(ConflictError):
    code = "export_running"
    default_message = gettext_lazy("An export of this shop is being made already. It will be there in a moment.")


class ExportExpiredError(ConflictError):
    """The file is not there yet, or not any more."""

    code = "export_not_there"
    default_message = gettext_lazy("This export can't be downloaded: it is not ready, or was kept for its seven days.")
