"""allauth's adapter to our users, hosts and letters."""

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailConfirmation
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy

from accounts.errors import PasswordChangedError
from accounts.hand_off import redirect_by_page
from accounts.models import User
from accounts.paths import account_path
from accounts.redirects import is_own_url, leads_to_own_domain
from accounts.selectors import is_email_verified
from accounts.services.guesses import begin_guess, unlock_account
from accounts.services.languages import settle_language, speaking_to
from accounts.services.letters_asked_for import may_write_to
from accounts.services.mail import send_account_email
from accounts.services.signed_in import tell_signed_in
from accounts.services.workplaces import workplace_of
from kit.text.languages import keep_language
from kit.web.callers import caller_of
from kit.web.hosts import platform_url

logger = logging.getLogger(__name__)

# allauth's letter → our template, and whether its link lets the reader in.
LETTERS = {
    "account/email/email_confirmation": ("account_verify_email", True),
    "account/email/email_confirmation_signup": ("account_verify_email", True),
    "account/email/password_reset_key": ("account_reset_password", True),
    "account/email/unknown_account": ("account_unknown", False),
    "account/email/account_already_exists": ("account_exists", False),
    "account/email/password_changed": ("account_password_changed", False),
    "account/email/password_set": ("account_password_changed", False),
    "account/email/password_reset": ("account_password_changed", False),
}
# Letters that any caller can have sent to any address; resets have a separate limit.
ASKED_BY_ANYBODY = frozenset({"account_verify_email", "account_unknown", "account_exists"})
# allauth's notice → our words; what is not here is not worth a notice.
NOTICES = {
    "account/messages/logged_out.txt": gettext_lazy("You have signed out."),
    "account/messages/password_changed.txt": gettext_lazy("Your password has been changed."),
    "account/messages/password_set.txt": gettext_lazy("Your password has been set."),
}


class AccountAdapter(DefaultAccountAdapter):
    """Keeps redirects on our hosts, links on the platform's, and requests clear of the mail server."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": gettext_lazy("The e-mail address or the password is not right."),
        "enter_current_password": gettext_lazy("This is not your current password."),
        "incorrect_password": gettext_lazy("This is not your password."),
        "invalid_password_reset": gettext_lazy("This link has been used, or is too old. Ask for a new one."),
    }

    def is_safe_url(self, url: str | None) -> bool:
        """Allow paths and our own hosts."""
        return bool(url) and is_own_url(str(url))

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count a try at a password as wrong.

        Raises:
            TooManyAttemptsError: there were too many wrong ones.
        """
        self._guess = begin_guess(request=request, email=str(credentials.get("email", "")))

    def _rollback_login_failed_rl_usage(self) -> None:
        """Take back the count of an attempt whose password was right."""
        self._guess.was_right()

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        """Forget the wrong ones: the password has been set anew by letter."""
        unlock_account(email=str(credentials.get("email", "")))

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address by which wrong guesses, sign-ups and letters are counted."""
        return caller_of(request)

    def is_ajax(self, request: HttpRequest) -> bool:
        """Answer with pages only; programs have an API."""
        return False

    def set_password(self, user: User, password: str) -> None:
        """Replace the password that was checked, and no other.

        Raises:
            PasswordChangedError: the account has another one by now; nothing is changed.
        """
        checked = user.password
        user.set_password(password)
        if not User.objects.filter(pk=user.pk, password=checked).update(password=user.password):
            raise PasswordChangedError

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Let the other apps know, then lead on."""
        tell_signed_in(request, user)
        response: HttpResponse = super().post_login(request, user, **kwargs)
        target = response.headers.get("Location", "")
        response = redirect_by_page(request, target) if leads_to_own_domain(target) else response
        language = settle_language(user=user, is_chosen=settings.LANGUAGE_COOKIE_NAME in request.COOKIES)
        if language:
            keep_language(response, language)
        return response

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        """Show a message in our own text, or not at all."""
        if request.path.startswith("/api/"):
            return
        notice = NOTICES.get(message_template or "") or kwargs.get("message")
        if notice:
            messages.add_message(request, level, str(notice))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue a letter; those that anonymous callers can request are limited per mailbox and name no account."""
        template, is_secret = LETTERS[template_prefix]
        if template in ASKED_BY_ANYBODY and not may_write_to(email=email):
            logger.info("A letter of kind %s was not sent: its address has had enough of them.", template)
            return
        user = context.get("user")
        is_known = isinstance(user, User) and is_email_verified(user=user)
        facts = {
            "name": user.get_short_name() if is_known and user else "",
            "link": context.get("activate_url") or context.get("password_reset_url") or "",
            "sign_in_link": platform_url(account_path("accounts:sign-in")),
            "sign_up_link": platform_url(account_path("accounts:sign-up")),
            "reset_link": platform_url(account_path("accounts:reset-password")),
        }
        with speaking_to(email=email, otherwise=get_language() or ""):
            send_account_email(to=email, template=template, context=facts, now=timezone.now(), is_secret=is_secret)

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: EmailConfirmation) -> str:
        """Return the link that confirms an address; always on the platform's host, for requests to any host."""
        return platform_url(account_path("account_confirm_email", key=emailconfirmation.key))

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Return the link that sets a new password; always on the platform's host."""
        user_id, _, token = key.partition("-")
        return platform_url(account_path("account_reset_password_from_key", uidb36=user_id, key=token))

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Return the page where the person works, else the market; a page that was asked for before comes first."""
        user = request.user
        return (workplace_of(user) if isinstance(user, User) else "") or str(settings.LOGIN_REDIRECT_URL)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Return the address of the profile."""
        return account_path("accounts:profile")
