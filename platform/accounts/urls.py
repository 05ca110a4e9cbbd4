"""Account pages, on the platform's host."""

from django.urls import path, re_path

from accounts.views import addresses, data, hand_off, languages, passwords, profile, sign_in, sign_up

app_name = "accounts"
NEW_PASSWORD = r"^password/reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$"  # noqa: S105 - an address

urlpatterns = [
    path("sign-in/", sign_in.SignInView.as_view(), name="sign-in"),
    path("sign-up/", sign_up.sign_up, name="sign-up"),
    path("sign-up/sent/", sign_up.sign_up_sent, name="sign-up-sent"),
    re_path(r"^sign-up/finish/(?P<key>[-:\w]+)/$", sign_up.finish_sign_up, name="finish-sign-up"),
    path("sign-out/", sign_in.SignOutView.as_view(), name="sign-out"),
    path("hand-off/", hand_off.hand_over, name="hand-off"),
    path("email/resend/", sign_in.resend_verification, name="resend-verification"),
    path("password/change/", passwords.ChangePasswordView.as_view(), name="change-password"),
    path("password/reset/", passwords.ResetPasswordView.as_view(), name="reset-password"),
    path("password/reset/sent/", passwords.ResetPasswordSentView.as_view(), name="reset-password-sent"),
    path("password/reset/done/", passwords.NewPasswordDoneView.as_view(), name="reset-password-done"),
    re_path(NEW_PASSWORD, passwords.NewPasswordView.as_view(), name="new-password"),
    path("language/", languages.switch_language, name="language"),
    path("profile/", profile.profile, name="profile"),
    path("data/", data.data_page, name="data"),
    path("data/download/", data.download, name="data-download"),
    path("data/delete/", data.delete_account, name="delete-account"),
    path("addresses/", addresses.address_list, name="addresses"),
    path("addresses/add/", addresses.address_add, name="address-add"),
    path("addresses/<int:address_id>/", addresses.address_edit, name="address-edit"),
    path("addresses/<int:address_id>/delete/", addresses.address_delete, name="address-delete"),
    path("addresses/<int:address_id>/default/", addresses.address_default, name="address-default"),
]
