"""Pages about working in shops, on the platform's host."""

from django.urls import path

from tenants.views import invitations

app_name = "tenants"
urlpatterns = [
    path("account/shops/", invitations.own_shops, name="own-shops"),
    path(
        "account/shops/invitations/<uuid:invitation_id>/accept/",
        invitations.own_invitation,
        {"action": "accept"},
        name="own-invitation-accept",
    ),
    path(
        "account/shops/invitations/<uuid:invitation_id>/decline/",
        invitations.own_invitation,
        {"action": "decline"},
        name="own-invitation-decline",
    ),
    path("invitations/<str:token>/", invitations.invitation_page, name="invitation"),
    path("invitations/<str:token>/accept/", invitations.invitation_accept, name="invitation-accept"),
    path("invitations/<str:token>/join/", invitations.invitation_join, name="invitation-join"),
    path("invitations/<str:token>/decline/", invitations.invitation_decline, name="invitation-decline"),
]
