"""The same pages under the names that allauth's flows reverse."""

from django.urls import path, re_path

from accounts.urls import NEW_PASSWORD
from accounts.views import entrance, passwords, profile, proof

urlpatterns = [
    path("sign-in/", entrance.SignInView.as_view(), name="account_login"),
    path("sign-up/", entrance.SignUpView.as_view(), name="account_signup"),
    path("sign-out/", entrance.SignOutView.as_view(), name="account_logout"),
    path("inactive/", entrance.InactiveView.as_view(), name="account_inactive"),
    path("reauthenticate/", entrance.ReauthenticateView.as_view(), name="account_reauthenticate"),
    path("email/sent/", entrance.VerificationSentView.as_view(), name="account_email_verification_sent"),
    re_path(r"^email/confirm/(?P<key>[-:\w]+)/$", proof.confirm_email, name="account_confirm_email"),
    path("profile/", profile.profile, name="account_email"),
    path("password/change/", passwords.ChangePasswordView.as_view(), name="account_change_password"),
    path("password/set/", passwords.SetPasswordView.as_view(), name="account_set_password"),
    path("password/reset/", passwords.ResetPasswordView.as_view(), name="account_reset_password"),
    path("password/reset/sent/", passwords.ResetPasswordSentView.as_view(), name="account_reset_password_done"),
    path("password/reset/done/", passwords.NewPasswordDoneView.as_view(), name="account_reset_password_from_key_done"),
    re_path(NEW_PASSWORD, passwords.NewPasswordView.as_view(), name="account_reset_password_from_key"),
]
