"""Checks of a person's credentials, and new passwords; pages and API share the limits."""

from allauth.account.adapter import get_adapter
from allauth.account.forms import ResetPasswordKeyForm, UserTokenForm
from allauth.account.internal.flows import password_reset
from allauth.account.models import EmailAddress
from django.contrib.auth import SESSION_KEY, update_session_auth_hash
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.signals import user_logged_in
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext

from accounts.errors import (
    AccountInactiveError,
    InvalidCredentialsError,
    InvalidLinkError,
    TooManyAttemptsError,
)
from accounts.lockout import seconds_locked
from accounts.models import User
from accounts.selectors import active_users
from accounts.services.attempts import limit_attempts
from accounts.services.proof import faults_of, take_account
from accounts.services.signed_in import tell_signed_in
from kit.errors import Fault, InvalidInputError


def check_credentials(*, request: HttpRequest, email: str, password: str) -> User:
    """Return the user who has this address and password.

    Raises:
        InvalidCredentialsError: there is none; the error is the same whether or not the address is known.
        AccountInactiveError: the credentials are right, but the account is closed.
        TooManyAttemptsError: there were too many wrong passwords.
    """
    limit_attempts(request=request, action="login")
    user: User | None = get_adapter(request).authenticate(request, email=email, password=password)
    if getattr(request, "axes_locked_out", False):
        raise TooManyAttemptsError.of_passwords(retry_after=seconds_locked(request, email=email))
    if user is None:
        raise InvalidCredentialsError
    if not user.is_active:
        raise AccountInactiveError
    return user


def note_sign_in(*, request: HttpRequest, user: User) -> None:
    """Tell Django, axes and the other apps of a sign-in without a session."""
    user_logged_in.send(sender=User, request=request, user=user)
    tell_signed_in(request, user)


def sign_in(*, request: HttpRequest, user: User) -> None:
    """Open a session for a user who has just authenticated; a session of another user ends."""
    get_adapter(request).login(request, user)
    tell_signed_in(request, user)


def request_password_reset(*, request: HttpRequest, email: str) -> None:
    """Send a letter with a link, or one that says that there is no account.

    Raises:
        TooManyAttemptsError: too many letters were asked for.
    """
    limit_attempts(request=request, action="reset_password", key=email)
    email = email.strip().lower()
    password_reset.request_password_reset(request, email, active_users(email=email), None)


def reset_password(*, request: HttpRequest, uid: str, token: str, password: str) -> User:
    """Set a new password with the link's two parts, which proves the address too.

    Raises:
        InvalidLinkError: the link is spent, too old or forged.
        InvalidInputError: the password is too weak.
    """
    limit_attempts(request=request, action="reset_password_from_key")
    link = UserTokenForm(data={"uidb36": uid, "key": token})
    if not link.is_valid():
        raise InvalidLinkError
    form = ResetPasswordKeyForm(data={"password1": password, "password2": password}, user=link.reset_user)
    if not form.is_valid():
        raise InvalidInputError(
            details={"new_password1": faults_of(ValidationError(form.errors.as_data()["password1"]))}
        )
    user: User = link.reset_user
    take_account(user=user, password=password)
    password_reset.finalize_password_reset(request, user)
    return user


def change_password(*, request: HttpRequest, user: User, old_password: str, new_password: str) -> None:
    """Replace a password whose owner knows it; sign-ins elsewhere end.

    Raises:
        InvalidInputError: the old one is wrong, or the new one too weak.
        PasswordChangedError: it was replaced while this was under way.
        TooManyAttemptsError: there were too many wrong passwords.
    """
    limit_attempts(request=request, action="change_password")
    if not user.check_password(old_password):
        raise InvalidInputError(
            details={"old_password": [Fault(gettext("This is not your current password."), "wrong_password")]}
        )
    try:
        validate_password(new_password, user)
    except ValidationError as error:
        raise InvalidInputError(details={"new_password1": faults_of(error)}) from error
    adapter = get_adapter(request)
    adapter.set_password(user, new_password)
    if SESSION_KEY in request.session:
        update_session_auth_hash(request, user)
    adapter.send_notification_mail("account/email/password_changed", user)


def resend_confirmation(*, request: HttpRequest, email: str) -> None:
    """Send the letter that confirms an address again, if it waits for that; else do nothing.

    Raises:
        TooManyAttemptsError: one was sent a moment ago, or would have been.
    """
    limit_attempts(request=request, action="confirm_email", key=email)
    address = EmailAddress.objects.filter(email__iexact=email, verified=False, user__is_active=True).first()
    if address is not None:
        address.send_confirmation(request)
