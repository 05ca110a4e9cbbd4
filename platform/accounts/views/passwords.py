"""Changing and resetting passwords: allauth's flows in our pages."""

from allauth.account import views as allauth_views
from django.urls import reverse_lazy

from accounts.forms import ChangePasswordForm, NewPasswordForm, ResetPasswordForm, SetPasswordForm


class ChangePasswordView(allauth_views.PasswordChangeView):  # type: ignore[misc]
    """The current password and a new one; sign-ins elsewhere end."""

    form_class = ChangePasswordForm
    template_name = "accounts/password_change.html"


class SetPasswordView(allauth_views.PasswordSetView):  # type: ignore[misc]
    """A first password for somebody who came by another provider."""

    form_class = SetPasswordForm
    template_name = "accounts/password_change.html"


class ResetPasswordView(allauth_views.PasswordResetView):  # type: ignore[misc]
    """Asks for the address; answers the same whether or not it is known."""

    form_class = ResetPasswordForm
    template_name = "accounts/password_reset.html"
    success_url = reverse_lazy("accounts:reset-password-sent")


class ResetPasswordSentView(allauth_views.PasswordResetDoneView):  # type: ignore[misc]
    """Says that a letter is on its way, if there is an account."""

    template_name = "accounts/password_reset_sent.html"


class NewPasswordView(allauth_views.PasswordResetFromKeyView):  # type: ignore[misc]
    """Where the letter's link leads."""

    form_class = NewPasswordForm
    template_name = "accounts/password_new.html"
    success_url = reverse_lazy("accounts:reset-password-done")


class NewPasswordDoneView(allauth_views.PasswordResetFromKeyDoneView):  # type: ignore[misc]
    """Leads to the sign-in page."""

    template_name = "accounts/password_new_done.html"
