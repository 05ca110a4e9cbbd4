"""The few account addresses that exist on a shop's host too."""

from django.urls import path

from accounts.views import entrance, hand_off

app_name = "accounts"
urlpatterns = [
    path("sign-in/", entrance.sign_in_from_shop, name="sign-in"),
    path("sign-out/", entrance.SignOutView.as_view(), name="sign-out"),
    path("hand-off/", hand_off.arrive, name="hand-off"),
]
