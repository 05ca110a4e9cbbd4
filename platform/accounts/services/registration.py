"""Opening an account: a letter first, the account when its link is followed (docs/adr/0040).

Nothing is stored before that, and the answer is the same whether or not there is an account with the address: only the
letter tells. The entered values are kept by the caller, signed, so that the chosen password is valid only in the
caller's own browser or program.
"""

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.core import signing
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from accounts.errors import EmailTakenError, InvalidLinkError, NewPasswordNeededError
from accounts.models import User
from accounts.paths import account_path
from accounts.selectors import find_user
from accounts.services.attempts import limit_attempts
from accounts.services.letters_asked_for import may_write_to
from accounts.services.mail import send_account_email
from accounts.services.people import create_user
from accounts.services.proof import EmailProved, open_proved_account
from kit.web.hosts import platform_url
from kit.wiring import tell

DAYS = 3
GOOD_SECONDS = DAYS * 24 * 3600
KEY, FILLED_IN = "accounts.registration.key", "accounts.registration.filled-in"


@dataclass(frozen=True, slots=True)
class Registration:
    """Entered values of a registration; the password as its digest."""

    email: str
    name: str
    password: str


def begin_registration(*, request: HttpRequest, email: str, password: str, name: str) -> str:
    """Write to an address, and return the signed registration for its sender to keep.

    The letter leads to the new account, or tells that there is one already. All else is the same for both, also the
    time that it takes.

    Raises:
        TooManyAttemptsError: too many accounts were asked for from there.
    """
    limit_attempts(request=request, action="signup")
    filled_in = {"email": email, "name": name, "password": make_password(password)}
    owner = find_user(email=email)
    if may_write_to(email=email):
        _write(email, owner)
    return signing.dumps(filled_in, salt=FILLED_IN)


def email_to_register(*, key: str) -> str:
    """Return the address that the link of a letter opens an account for.

    Raises:
        InvalidLinkError: the key is too old or forged, or there is an account with the address by now.
    """
    try:
        email = str(signing.loads(key, salt=KEY, max_age=GOOD_SECONDS))
    except signing.BadSignature as error:
        raise InvalidLinkError from error
    if find_user(email=email) is not None:
        raise InvalidLinkError
    return email


def read_registration(text: str) -> Registration | None:
    """Return a caller's registration, if its signature is valid and not too old."""
    try:
        return Registration(**signing.loads(text, salt=FILLED_IN, max_age=GOOD_SECONDS))
    except signing.BadSignature:
        return None


def finish_registration(*, key: str, registration: str, new_password: str | None, name: str) -> User:
    """Open the account of a letter's link; its address is confirmed.

    Args:
        registration: the value that `begin_registration` returned; its password is valid only with it.
        new_password: the password for other callers.

    Raises:
        InvalidLinkError: the key is too old or forged, or the account is open already.
        NewPasswordNeededError: the link was opened by a caller without the registration.
        InvalidInputError: the new password is too weak.
    """
    email = email_to_register(key=key)
    filled_in = read_registration(registration)
    try:
        if new_password is not None:
            return open_proved_account(email=email, password=new_password, name=name)
        if filled_in is None or filled_in.email != email:
            raise NewPasswordNeededError(details={"new_password": [NewPasswordNeededError.default_message]})
        return _open(filled_in)
    except EmailTakenError as error:
        raise InvalidLinkError from error


def _open(registration: Registration) -> User:
    with transaction.atomic():
        user = create_user(email=registration.email, password=None, name=registration.name, is_email_verified=True)
        user.password = registration.password
        user.save(update_fields=["password"])
    tell(EmailProved(user))
    return user


def _write(email: str, owner: User | None) -> None:
    if owner is None:
        link = platform_url(account_path("accounts:finish-sign-up", key=signing.dumps(email, salt=KEY)))
        template, facts = "account_welcome", {"name": "", "link": link}
    else:
        reset = platform_url(account_path("accounts:reset-password"))
        template, facts = "account_exists", {"name": "", "reset_link": reset, "sign_in_link": _sign_in_link()}
    send_account_email(to=email, template=template, context=facts, now=timezone.now(), is_secret=owner is None)


def _sign_in_link() -> str:
    return platform_url(account_path("accounts:sign-in"))
