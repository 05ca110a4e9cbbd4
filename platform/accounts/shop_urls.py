"""The few account addresses that exist on a shop's host too."""

from django.urls import path

from accounts.views import hand_off, languages, sign_in

app_name = "accounts"
urlpatterns = [
    path("sign-in/", sign_in.sign_in_from_shop, name="sign-in"),
    path("sign-out/", sign_in.SignOutView.as_view(), name="sign-out"),
    path("language/", languages.switch_language, name="language"),
    path("hand-off/", hand_off.arrive, name="hand-off"),
]
