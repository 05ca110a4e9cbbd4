"""Input and output of the API of staff and invitations."""

from typing import Any

from rest_framework import serializers

from tenants.models import Invitation, Membership, Role
from tenants.shops.addresses import shop_url


class OwnMembershipOutput(serializers.ModelSerializer[Membership]):
    """A shop where one works."""

    shop = serializers.CharField(source="shop.slug", read_only=True)
    name = serializers.CharField(source="shop.name", read_only=True)
    role = serializers.ChoiceField(choices=Role.choices, read_only=True)
    since = serializers.DateTimeField(source="created_at", read_only=True)
    dashboard = serializers.SerializerMethodField()

    class Meta:
        model = Membership
        fields = ("shop", "name", "role", "since", "dashboard")

    def get_dashboard(self, membership: Membership) -> str:
        return shop_url(membership.shop, "/dashboard/")


class OwnInvitationOutput(serializers.ModelSerializer[Invitation]):
    """An offer to work in a shop."""

    shop = serializers.CharField(source="shop.slug", read_only=True)
    name = serializers.CharField(source="shop.name", read_only=True)
    role = serializers.ChoiceField(choices=Role.choices, read_only=True)

    class Meta:
        model = Invitation
        fields = ("id", "shop", "name", "role", "created_at", "expires_at")
        read_only_fields = fields


MEMBERSHIP: dict[str, Any] = {
    "shop": "indigo-fabrics",
    "name": "Indigo Fabrics",
    "role": "manager",
    "since": "2025-11-20T14:05:00+01:00",
    "dashboard": "http://indigo-fabrics.kasuwa.localhost:8000/dashboard/",
}
INVITATION: dict[str, Any] = {
    "id": "0199f2c1-7c1e-7a53-b1de-3f2a9a1c5d11",
    "shop": "indigo-fabrics",
    "name": "Indigo Fabrics",
    "role": "manager",
    "created_at": "2025-11-20T14:05:00+01:00",
    "expires_at": "2025-11-27T14:05:00+01:00",
}
