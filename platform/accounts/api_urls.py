"""The account API, under `/api/v1/auth/`."""

from django.urls import path

from accounts.api import addresses, data, people, tokens

urlpatterns = [
    path("registration/", tokens.RegisterApi.as_view(), name="auth-registration"),
    path("registration/finish/", tokens.FinishRegistrationApi.as_view(), name="auth-registration-finish"),
    path("registration/verify-email/", people.VerifyEmailApi.as_view(), name="auth-verify-email"),
    path("registration/resend-email/", people.ResendEmailApi.as_view(), name="auth-resend-email"),
    path("login/", tokens.LoginApi.as_view(), name="auth-login"),
    path("logout/", tokens.LogoutApi.as_view(), name="auth-logout"),
    path("token/refresh/", tokens.RefreshApi.as_view(), name="auth-token-refresh"),
    path("token/verify/", tokens.VerifyTokenApi.as_view(), name="auth-token-verify"),
    path("user/", people.UserApi.as_view(), name="auth-user"),
    path("password/change/", people.PasswordChangeApi.as_view(), name="auth-password-change"),
    path("password/reset/", people.PasswordResetApi.as_view(), name="auth-password-reset"),
    path("password/reset/confirm/", people.PasswordResetConfirmApi.as_view(), name="auth-password-reset-confirm"),
    path("data/", data.PersonalDataApi.as_view(), name="auth-data"),
    path("delete-account/", data.DeleteAccountApi.as_view(), name="auth-delete-account"),
    path("addresses/", addresses.AddressListApi.as_view(), name="auth-addresses"),
    path("addresses/<int:address_id>/", addresses.AddressApi.as_view(), name="auth-address"),
]
