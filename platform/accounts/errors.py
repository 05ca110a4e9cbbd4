"""Errors about people."""

from django.utils.translation import gettext, gettext_lazy

from kit.errors import ConflictError, DomainError, InvalidInputError, NotFoundError, TooManyRequestsError
from kit.web.too_many import in_words


class EmailTakenError(InvalidInputError):
    code, status = "email_taken", 409
    default_message = gettext_lazy(
        "There is already an account with this e-mail address. Sign in, or reset your password."
    )


class AddressNotFoundError(NotFoundError):
    default_message = gettext_lazy("This address is not in your address book.")


class TooManyAddressesError(ConflictError):
    code = "too_many_addresses"
    default_message = gettext_lazy("Your address book is full. Delete an address that you no longer use.")


class PersonNotFoundError(NotFoundError):
    default_message = gettext_lazy("There is no such person.")


class InvalidCredentialsError(DomainError):
    code, status = "invalid_credentials", 401
    default_message = gettext_lazy("The e-mail address or the password is not right.")


class AccountInactiveError(DomainError):
    code, status = "account_inactive", 403
    default_message = gettext_lazy("This account is closed. Write to us if you think that it should not be.")


class TooManyAttemptsError(TooManyRequestsError):
    code = "too_many_attempts"
    default_message = gettext_lazy("Too many attempts. Wait a little, then try again.")

    @classmethod
    def of(cls, *, retry_after: int) -> "TooManyAttemptsError":
        """Return the refusal with the time to wait in its words."""
        words = gettext("Too many attempts. Try again in %(wait)s.")
        return cls(words % {"wait": in_words(retry_after)}, retry_after=retry_after)

    @classmethod
    def of_passwords(cls, *, retry_after: int) -> "TooManyAttemptsError":
        """Return the refusal of one more password, with the way in that stays open."""
        words = gettext("Too many wrong passwords. Try again in %(wait)s, or reset your password: that works at once.")
        return cls(words % {"wait": in_words(retry_after)}, retry_after=retry_after)


class InvalidLinkError(DomainError):
    code, status = "invalid_link", 400
    default_message = gettext_lazy("This link has been used, or is too old. Ask for a new one.")


class NewPasswordNeededError(InvalidInputError):
    """A letter's link was opened by a visitor who is not signed in to the account."""

    code = "new_password_needed"
    default_message = gettext_lazy("Sign in to this account first, or choose a new password for it.")


class PasswordChangedError(ConflictError):
    """The password is another one by now than the one that was checked."""

    code = "password_changed"
    default_message = gettext_lazy("The password has been changed a moment ago. Sign in with the new one.")


class HandOffError(ConflictError):
    """A sign-in can't be carried over to a shop's domain."""

    code = "hand_off_refused"
    default_message = gettext_lazy(
        "This link has been used, is too old, or was made for another browser. Please sign in again."
    )


class WrongPasswordError(InvalidInputError):
    code = "wrong_password"
    default_message = gettext_lazy("This is not your password.")


class ErasureBlockedError(ConflictError):
    """A person's data can't be deleted yet."""

    code = "erasure_blocked"
    default_message = gettext_lazy("Your account can't be deleted yet.")
