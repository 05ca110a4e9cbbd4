"""Pieces of the account API's description."""

from drf_spectacular.utils import OpenApiExample, OpenApiResponse

from accounts.errors import InvalidCredentialsError, InvalidLinkError, NewPasswordNeededError
from kit.api.envelope import ErrorEnvelope
from kit.errors import DomainError, error_body
from kit.web.versions import ChangedMeanwhileError

AUTH_TAG = ["People"]


def refusal(error: type[DomainError], description: str) -> OpenApiResponse:
    """Describe a refusal by its error class."""
    value = error_body(code=error.code, message=error.default_message)
    return OpenApiResponse(ErrorEnvelope, description, examples=[OpenApiExample(error.code, value=value)])


changed_meanwhile = refusal(
    ChangedMeanwhileError,
    "It has been changed since you read it, and nothing is written: `errors.current` is what is saved now.",
)
_SPENT = error_body(code="token_not_valid", message="Token is invalid")
bad_credentials = refusal(InvalidCredentialsError, "The address or the password is wrong.")
bad_link = refusal(InvalidLinkError, "The link is spent, too old or forged.")
bad_confirmation = OpenApiResponse(
    ErrorEnvelope,
    "The link is spent, too old or forged, or it needs a new password.",
    examples=[*bad_link.examples, *refusal(NewPasswordNeededError, "").examples],
)
bad_token = OpenApiResponse(
    ErrorEnvelope,
    "The token is spent, expired or forged.",
    examples=[OpenApiExample("token_not_valid", value=_SPENT)],
)
