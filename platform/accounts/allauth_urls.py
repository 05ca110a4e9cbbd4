"""The same pages under the names that allauth's flows reverse."""

from django.urls import path, re_path

from accounts.urls import NEW_PASSWORD
from accounts.views import passwords, profile, proof, sign_in, sign_up

urlpatterns = [
    path("sign-in/", sign_in.SignInView.as_view(), name="account_login"),
    path("sign-up/", sign_up.sign_up, name="account_signup"),
    path("sign-out/", sign_in.SignOutView.as_view(), name="account_logout"),
    path("inactive/", sign_in.InactiveView.as_view(), name="account_inactive"),
    path("reauthenticate/", sign_in.ReauthenticateView.as_view(), name="account_reauthenticate"),
    path("email/sent/", sign_up.sign_up_sent, name="account_email_verification_sent"),
    re_path(r"^email/confirm/(?P<key>[-:\w]+)/$", proof.confirm_email, name="account_confirm_email"),
    path("profile/", profile.profile, name="account_email"),
    path("password/change/", passwords.ChangePasswordView.as_view(), name="account_change_password"),
    path("password/set/", passwords.SetPasswordView.as_view(), name="account_set_password"),
    path("password/reset/", passwords.ResetPasswordView.as_view(), name="account_reset_password"),
    path("password/reset/sent/", passwords.ResetPasswordSentView.as_view(), name="account_reset_password_done"),
    path("password/reset/done/", passwords.NewPasswordDoneView.as_view(), name="account_reset_password_from_key_done"),
    re_path(NEW_PASSWORD, passwords.NewPasswordView.as_view(), name="account_reset_password_from_key"),
]
