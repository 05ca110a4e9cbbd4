"""Pieces of the account API's description."""

from drf_spectacular.utils import OpenApiResponse

from accounts.errors import AccountInactiveError, InvalidCredentialsError, InvalidLinkError, NewPasswordNeededError
from kit.api.envelope import ErrorEnvelope
from kit.api.openapi import BAD_TOKENS
from kit.api.refusals import refusal

AUTH_TAG = ["People"]
bad_credentials = refusal("The address or the password is wrong.", InvalidCredentialsError)
account_closed = refusal("The account is closed.", AccountInactiveError)
bad_link = refusal("The link is spent, too old or forged.", InvalidLinkError)
bad_confirmation = refusal(
    "The link is spent, too old or forged, or it needs a new password.", InvalidLinkError, NewPasswordNeededError
)
bad_token = OpenApiResponse(
    ErrorEnvelope,
    "The token is spent, expired, forged or of another kind, or its account is not good.",
    examples=[example for refused in BAD_TOKENS for example in refused.examples],
)
