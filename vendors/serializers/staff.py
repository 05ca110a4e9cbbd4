"""Staff, invitations and activity as the shop's API gives and takes them."""

from typing import Any, cast

from rest_framework import serializers

from kit.api.input import InputSerializer
from kit.api.lists import FeedOutput
from kit.api.moments import with_moments_in_form
from kit.text.serializers import EmailField
from kit.web.versions import entity_tag
from tenants.models import Invitation, Membership, Role, ShopEvent
from tenants.shops.activity import details_of
from tenants.staff.locks import member_version


class MemberOutput(serializers.ModelSerializer[Membership]):
    """A member of the shop."""

    name = serializers.CharField(source="user.name", read_only=True)
    email = serializers.EmailField(source="user.email", read_only=True)
    role = serializers.ChoiceField(choices=Role.choices, read_only=True)
    version = serializers.SerializerMethodField(help_text="Of the role: send it as `If-Match` to change it.")
    joined_at = serializers.DateTimeField(source="created_at", read_only=True)

    class Meta:
        model = Membership
        fields = ("id", "name", "email", "role", "version", "joined_at")
        read_only_fields = fields

    def get_version(self, member: Membership) -> str:
        """Return the version in the form of the header."""
        return entity_tag(member_version(member))


class RoleInput(InputSerializer):
    """A role."""

    role = serializers.ChoiceField(choices=Role.choices)


class InvitationInput(RoleInput):
    """E-mail address and role of an invitation."""

    email = EmailField()


class InvitationOutput(serializers.ModelSerializer[Invitation]):
    """An invitation that waits for an answer."""

    role = serializers.ChoiceField(choices=Role.choices, read_only=True)
    invited_by = serializers.SerializerMethodField()

    class Meta:
        model = Invitation
        fields = ("id", "email", "role", "invited_by", "created_at", "expires_at")
        read_only_fields = fields

    def get_invited_by(self, invitation: Invitation) -> str | None:
        return str(invitation.invited_by) if invitation.invited_by else None


class ActivityOutput(serializers.ModelSerializer[ShopEvent]):
    """An entry of the audit trail."""

    actor_email = serializers.SerializerMethodField(help_text="Null for the platform.")
    title = serializers.CharField(source="label", read_only=True)
    text = serializers.SerializerMethodField(help_text="The particulars in one line.")
    details = serializers.SerializerMethodField(help_text="The particulars, by name; which ones depends on `kind`.")

    class Meta:
        model = ShopEvent
        fields = ("id", "kind", "title", "actor_email", "subject", "text", "details", "request_id", "created_at")
        read_only_fields = fields

    def get_actor_email(self, event: ShopEvent) -> str | None:
        return event.actor.email if event.actor else None

    def get_text(self, event: ShopEvent) -> str:
        return details_of(event)

    def get_details(self, event: ShopEvent) -> dict[str, Any]:
        return cast("dict[str, Any]", with_moments_in_form(event.details))


class ActivityFeedOutput(FeedOutput):
    """Some entries of the audit trail."""

    results = ActivityOutput(many=True)
