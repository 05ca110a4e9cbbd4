"""Changing and resetting passwords: allauth's flows in our pages."""

from typing import Any

from allauth.account import views as allauth_views
from django.forms import BaseForm
from django.http import HttpResponse
from django.urls import reverse_lazy

from accounts.errors import PasswordChangedError
from accounts.forms import ChangePasswordForm, NewPasswordForm, ResetPasswordForm, SetPasswordForm
from accounts.views.tabs import account_tabs


class _Replacing:
    """Shows beside the form that the password was replaced from elsewhere in the meantime."""

    def form_valid(self, form: BaseForm) -> HttpResponse:
        try:
            response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        except PasswordChangedError as error:
            form.add_error(None, error.message)
            response = self.form_invalid(form)  # type: ignore[attr-defined]
        return response


class ChangePasswordView(_Replacing, allauth_views.PasswordChangeView):
    """The current password and a new one; sign-ins elsewhere end."""

    form_class = ChangePasswordForm
    template_name = "accounts/password_change.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"tabs": account_tabs("change-password")}


class SetPasswordView(_Replacing, allauth_views.PasswordSetView):
    """A first password for a user who signed up with another provider."""

    form_class = SetPasswordForm
    template_name = "accounts/password_change.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"tabs": account_tabs("change-password")}


class ResetPasswordView(allauth_views.PasswordResetView):
    """Asks for the address; answers the same whether or not it is known."""

    form_class = ResetPasswordForm
    template_name = "accounts/password_reset.html"
    success_url = reverse_lazy("accounts:reset-password-sent")


class ResetPasswordSentView(allauth_views.PasswordResetDoneView):
    """Show that a letter was sent, if there is an account."""

    template_name = "accounts/password_reset_sent.html"


class NewPasswordView(allauth_views.PasswordResetFromKeyView):
    """Page of the letter's link, to set a new password."""

    form_class = NewPasswordForm
    template_name = "accounts/password_new.html"
    success_url = reverse_lazy("accounts:reset-password-done")


class NewPasswordDoneView(allauth_views.PasswordResetFromKeyDoneView):
    """Leads to the sign-in page."""

    template_name = "accounts/password_new_done.html"
