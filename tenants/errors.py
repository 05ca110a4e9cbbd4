"""What the tenancy refuses."""

from kit.errors import BusyError, ConflictError, DomainError, InvalidInputError, NotFoundError


class ShopNotFoundError(NotFoundError):
    code = "shop_not_found"
    default_message = "There is no such shop."


class ShopUnavailableError(BusyError):
    """A shop is registered, and its schema is not there."""

    code = "shop_unavailable"
    default_message = "This shop can't be reached at the moment. Nothing is lost; please try again later."


class ShopOutdatedError(BusyError):
    """A shop's schema is behind what the code needs."""

    code = "shop_outdated"
    default_message = "This shop is being updated. Nothing is lost; please try again in a minute."


class InvalidSlugError(InvalidInputError):
    code = "invalid_slug"
    default_message = "Use 3 to 50 lower-case letters, digits and single hyphens, beginning with a letter."


class ReservedSlugError(ConflictError):
    code = "reserved_slug"
    default_message = "The platform keeps this address for itself. Please choose another."


class SlugTakenError(ConflictError):
    code = "slug_taken"
    default_message = "Another shop has this address already. Please choose another."


class SchemaLeftoverError(ConflictError):
    code = "schema_leftover"
    default_message = "The database still holds data of an earlier shop with this address."


class AlreadyMemberError(ConflictError):
    code = "already_member"
    default_message = "This person works in the shop already."


class ArtefactError(DomainError):
    """The DDL artefact is missing, or no longer what the migrations build."""

    code, status = "stale_artefact", 500
    default_message = "The DDL artefact of shops is stale. Run: manage.py shop_schema build"


class ShopMigrationError(DomainError):
    """Some shops could not be migrated; the others were."""

    code, status = "shop_migration_failed", 500
    default_message = "Some shops could not be migrated."
