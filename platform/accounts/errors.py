"""What people are refused."""

from kit.errors import ConflictError, InvalidInputError, NotFoundError


class EmailTakenError(InvalidInputError):
    code = "email_taken"
    default_message = "There is already an account with this e-mail address. Sign in, or reset your password."


class AddressNotFoundError(NotFoundError):
    default_message = "This address is not in your address book."


class TooManyAddressesError(ConflictError):
    code = "too_many_addresses"
    default_message = "Your address book is full. Delete an address that you no longer use."


class PersonNotFoundError(NotFoundError):
    default_message = "There is no such person."
