"""The API about working in shops, under `/api/v1/` on the platform's host."""

from django.urls import path

from tenants.api import own

urlpatterns = [
    path("memberships/", own.OwnMembershipListApi.as_view(), name="own-memberships"),
    path("invitations/", own.OwnInvitationListApi.as_view(), name="own-invitations"),
    path("invitations/<uuid:invitation_id>/accept/", own.AcceptInvitationApi.as_view(), name="own-invitation-accept"),
    path(
        "invitations/<uuid:invitation_id>/decline/", own.DeclineInvitationApi.as_view(), name="own-invitation-decline"
    ),
]
