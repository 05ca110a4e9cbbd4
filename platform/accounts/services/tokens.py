"""Access and refresh tokens of the API (JWT)."""

from dataclasses import dataclass

from django.db import transaction
from rest_framework.exceptions import ValidationError
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.serializers import TokenVerifySerializer
from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken
from rest_framework_simplejwt.tokens import BlacklistMixin, RefreshToken, Token, UntypedToken
from rest_framework_simplejwt.utils import datetime_from_epoch, get_md5_hash_password

from accounts.models import User
from accounts.services.families import FAMILY, PerhapsSpent, end_families, family_of, family_of_row, is_ended
from accounts.services.refused_tokens import check_owner, refused_token, spent_token


@dataclass(frozen=True, slots=True)
class TokenPair:
    """Tokens for a client: `access` for requests, `refresh` for the next pair."""

    access: str
    refresh: str


def issue_tokens(*, user: User, family: str = "") -> TokenPair:
    """Issue a pair of tokens for a user who has just authenticated.

    Args:
        family: the family of the refresh token that this pair replaces; a sign-in begins a new one.
    """
    refresh = super(BlacklistMixin, RefreshToken).for_user(user)  # unrecorded: its text changes once more
    refresh[FAMILY] = family or refresh[api_settings.JTI_CLAIM]
    OutstandingToken.objects.create(
        user=user,
        jti=refresh[api_settings.JTI_CLAIM],
        token=str(refresh),
        created_at=refresh.current_time,
        expires_at=datetime_from_epoch(refresh["exp"]),
    )
    return TokenPair(access=str(refresh.access_token), refresh=str(refresh))


def rotate_tokens(*, refresh: str) -> TokenPair:
    """Trade a refresh token for a new pair; it works once, however many ask at the same time.

    One that comes a second time has been stolen, from or by who used it first: all that followed from it ends
    (RFC 9700, section 4.14.2).

    Raises:
        InvalidToken: it is spent, expired or forged, its owner was shut out, or the password has changed.
    """
    token = _read(refresh)
    with transaction.atomic():
        user = _lock_owner(token)
        if _spend(token):
            if user is None or _is_of_another_password(token, user):
                raise spent_token()
            return issue_tokens(user=user, family=family_of(token))
        _revoke_family(token)
    raise spent_token()


def revoke_token(*, refresh: str) -> None:
    """End one sign-in, with the access tokens that follow from it.

    Raises:
        InvalidToken: the token is spent, expired or forged.
    """
    token = _read(refresh)
    with transaction.atomic():
        _lock_owner(token)
        if not _spend(token):
            raise spent_token()
        end_families(user_id=token.payload.get(api_settings.USER_ID_CLAIM), families=[family_of(token)])


def check_token(*, token: str) -> None:
    """Check a token of either kind.

    Raises:
        InvalidToken: it is spent, expired or forged, or its sign-in has ended.
    """
    try:
        TokenVerifySerializer().validate({"token": token})
    except TokenError as error:
        raise refused_token(token, error) from error
    except ValidationError as error:
        raise spent_token() from error
    read = UntypedToken(token)
    check_owner(read)
    owner = User.objects.filter(pk=read.payload.get(api_settings.USER_ID_CLAIM), is_active=True).first()
    if owner is None or _is_of_another_password(read, owner) or is_ended(user=owner, token=read):
        raise spent_token()


def _read(refresh: str) -> RefreshToken:
    try:
        token = PerhapsSpent(refresh)
    except TokenError as error:
        raise refused_token(refresh, error) from error
    check_owner(token)
    return token


def _lock_owner(token: RefreshToken) -> User | None:
    """Lock a signed-in user who may still sign in: one of their tokens at a time is replaced or ends its family."""
    owner = User.objects.select_for_update(no_key=True).filter(pk=token.payload.get(api_settings.USER_ID_CLAIM))
    return owner.filter(is_active=True).first()


def _is_of_another_password(token: Token, owner: User) -> bool:
    return bool(token.get(api_settings.REVOKE_TOKEN_CLAIM) != get_md5_hash_password(owner.password))


def _spend(token: RefreshToken) -> bool:
    """Mark a token as used; return whether it was unused."""
    _, is_first = token.blacklist()
    return bool(is_first)


def _revoke_family(token: RefreshToken) -> None:
    """End all tokens of the same sign-in; of tokens without a family, all that have none."""
    family, user_id = family_of(token), token.payload.get(api_settings.USER_ID_CLAIM)
    open_tokens = OutstandingToken.objects.filter(user_id=user_id, blacklistedtoken__isnull=True).order_by("pk")
    relatives = [row for row in open_tokens if family_of_row(row) == family]
    BlacklistedToken.objects.bulk_create([BlacklistedToken(token=row) for row in relatives], ignore_conflicts=True)
    end_families(user_id=user_id, families=[family])
