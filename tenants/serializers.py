"""Input and output of the API of staff and invitations."""

from typing import Any

from rest_framework import serializers

from accounts.serializers import ShopBriefOutput
from tenants.models import Invitation, Membership, Role
from tenants.shops.addresses import shop_url


class OwnMembershipOutput(serializers.ModelSerializer[Membership]):
    """A shop where one works."""

    shop = ShopBriefOutput(read_only=True)
    role = serializers.ChoiceField(choices=Role.choices, read_only=True)
    joined_at = serializers.DateTimeField(source="created_at", read_only=True)
    dashboard_url = serializers.SerializerMethodField()

    class Meta:
        model = Membership
        fields = ("shop", "role", "joined_at", "dashboard_url")

    def get_dashboard_url(self, membership: Membership) -> str:
        return shop_url(membership.shop, "/dashboard/")


class OwnInvitationOutput(serializers.ModelSerializer[Invitation]):
    """An offer to work in a shop."""

    shop = ShopBriefOutput(read_only=True)
    role = serializers.ChoiceField(choices=Role.choices, read_only=True)

    class Meta:
        model = Invitation
        fields = ("id", "shop", "role", "created_at", "expires_at")
        read_only_fields = fields


MEMBERSHIP: dict[str, Any] = {
    "shop": {"slug": "indigo-fabrics", "name": "Indigo Fabrics"},
    "role": "manager",
    "joined_at": "2025-11-20T13:05:00.000Z",
    "dashboard_url": "http://indigo-fabrics.kasuwa.localhost:8000/dashboard/",
}
INVITATION: dict[str, Any] = {
    "id": "0199f2c1-7c1e-7a53-b1de-3f2a9a1c5d11",
    "shop": {"slug": "indigo-fabrics", "name": "Indigo Fabrics"},
    "role": "manager",
    "created_at": "2025-11-20T13:05:00.000Z",
    "expires_at": "2025-11-27T13:05:00.000Z",
}
