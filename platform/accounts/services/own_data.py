"""Personal data that this app itself keeps."""

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from rest_framework_simplejwt.token_blacklist.models import OutstandingToken

from accounts.models import Address, User
from accounts.services.people import revoke_tokens
from accounts.services.personal_data import Rows, Subject

PERSON = ("email", "name", "phone", "time_zone", "language", "date_joined", "last_login", "is_operator")
ADDRESS = ("name", "line1", "line2", "city", "state", "subdivision", "country", "postcode", "phone")
CHOSEN = ("is_default", "is_billing_default")
TRIES = ("username", "ip_address", "user_agent", "attempt_time")
COLUMNS = frozenset(
    {
        "accounts.User.email",
        "accounts.User.name",
        "accounts.User.phone",
        "accounts.Address.name",
        "accounts.Address.line1",
        "accounts.Address.line2",
        "accounts.Address.city",
        "accounts.Address.phone",
        "account.EmailAddress.email",
        *(f"axes.{model}.{name}" for model in ("AccessAttempt", "AccessFailureLog", "AccessLog") for name in TRIES),
    }
)
GONE = "Deleted person"


def collect(subject: Subject) -> dict[str, Rows]:
    """Return the account, its addresses, and when it was signed in to."""
    tries = [row for model in (AccessAttempt, AccessLog) for row in model.objects.filter(username=subject.email)]
    found: dict[str, Rows] = {"sign_ins": [{name: getattr(row, name) for name in TRIES} for row in tries]}
    if subject.user_id is not None:
        found["profile"] = list(User.objects.filter(pk=subject.user_id).values(*PERSON))
        found["addresses"] = list(
            Address.objects.filter(user_id=subject.user_id).order_by("pk").values(*ADDRESS, *CHOSEN)
        )
        social = SocialAccount.objects.filter(user_id=subject.user_id).order_by("pk")
        found["social_accounts"] = list(social.values("provider", "uid", "date_joined"))
    return found


def erase(subject: Subject, nobody: str, now: datetime) -> None:  # noqa: ARG001 - as of every app's
    """Take the name off an account, shut it, and end every sign-in."""
    for log in (AccessAttempt, AccessFailureLog, AccessLog):
        log.objects.filter(username=subject.email).delete()
    if subject.user_id is None:
        return
    revoke_tokens(user_id=subject.user_id)
    OutstandingToken.objects.filter(user_id=subject.user_id, blacklistedtoken__isnull=True).delete()
    for model in (Address, EmailAddress, SocialAccount, Authenticator):
        model._default_manager.filter(user_id=subject.user_id).delete()  # noqa: SLF001 - documented
    user = User.objects.get(pk=subject.user_id)
    user.email, user.name, user.phone, user.time_zone, user.language = nobody, GONE, "", "", ""
    user.is_active = user.is_staff = user.is_superuser = user.is_operator = False
    user.set_unusable_password()  # sessions hold a hash of the password: all of them end
    user.save()
