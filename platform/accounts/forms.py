"""Forms of the account pages."""

from typing import Any

from allauth.account import forms as allauth_forms
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.selectors import active_users
from accounts.services.proof import take_account
from kit.text.cross_field_rules import phone_of_market
from kit.text.forms import EmailField, JudgedTogether, NameField, PhoneField, SecretField
from kit.text.languages import language_choices
from kit.web.zones import zone_choices


def relabel(form: forms.BaseForm, labels: dict[str, str]) -> None:
    """Give allauth's fields our labels and take out its placeholders and hints."""
    for name, field in form.fields.items():
        field.widget.attrs.pop("placeholder", None)
        field.help_text = ""
        field.label = labels.get(name, field.label)


class SignInForm(allauth_forms.LoginForm):
    """E-mail address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        relabel(
            self,
            {
                "login": gettext("E-mail address"),
                "password": gettext("Password"),
                "remember": gettext("Keep me signed in"),
            },
        )
        self.fields["login"] = EmailField(label=gettext("E-mail address"), widget=self.fields["login"].widget)
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class FinishSignUpForm(forms.Form):
    """Name and password, for an account whose letter's link was followed."""

    name = NameField(max_length=120, label=_("Your name"), widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password1 = SecretField(
        label=_("Password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class SignUpForm(FinishSignUpForm):
    """Name, e-mail address and password; which addresses have an account makes no difference."""

    email = EmailField(label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "email"}))
    field_order = ("name", "email", "password1")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = _("At least 10 characters; a few words that only you would put together.")

    def clean(self) -> dict[str, Any]:
        """Judge the password beside what else was filled in."""
        sent: dict[str, Any] = super().clean() or {}
        if password := sent.get("password1"):
            try:
                validate_password(password, User(email=sent.get("email", ""), name=sent.get("name", "")))
            except ValidationError as error:
                self.add_error("password1", error)
        return sent


class ChangePasswordForm(allauth_forms.ChangePasswordForm):
    """The current password, and a new one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {
            "oldpassword": gettext("Current password"),
            "password1": gettext("New password"),
            "password2": gettext("New password again"),
        }
        relabel(self, labels)


class SetPasswordForm(allauth_forms.SetPasswordForm):
    """A first password for a user who signed up without one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        relabel(self, {"password1": gettext("New password"), "password2": gettext("New password again")})


class ResetPasswordForm(allauth_forms.ResetPasswordForm):
    """E-mail address to which the link is sent."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = EmailField(widget=self.fields["email"].widget)
        relabel(self, {"email": gettext("E-mail address")})

    def clean_email(self) -> str:
        """Find the account of this address; one that it had before opens it no more."""
        email: str = super().clean_email()
        self.users = active_users(email=email)
        return email


class NewPasswordForm(allauth_forms.ResetPasswordKeyForm):
    """The new password, after following the link."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        relabel(self, {"password1": gettext("New password"), "password2": gettext("New password again")})

    def save(self) -> None:
        """Set the password; following the link confirms the address."""
        take_account(user=self.user, password=self.cleaned_data["password1"])


class ChosenPasswordForm(forms.Form):
    """A new password for an account that its reader's letter leads to."""

    password1 = SecretField(
        label=_("New password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class ReauthenticateForm(allauth_forms.ReauthenticateForm):
    """The password once more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        relabel(self, {"password": gettext("Password")})


class ProfileForm(JudgedTogether, forms.Form):
    """A person's name and contact."""

    together = (phone_of_market(),)

    name = NameField(max_length=120, label=_("Name"), widget=forms.TextInput(attrs={"autocomplete": "name"}))
    phone = PhoneField(required=False)
    language = forms.ChoiceField(label=_("Language"), choices=language_choices, required=False)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=zone_choices, required=False)


class PasswordForm(forms.Form):
    """Password, asked again before a sensitive change."""

    password = SecretField(
        label=_("Your password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class DeleteAccountForm(PasswordForm):
    """The password, and that it is meant."""

    is_meant = forms.BooleanField(label=_("Yes, delete my account for good"))
