"""Shops, hosts and members in the raw admin; provisioning makes shops, and none is deleted here."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from accounts.admin_access import OperatorsMayLook
from tenants.applications import admin as applications_admin  # noqa: F401 - registers them
from tenants.models import Domain, DomainClaim, Invitation, Membership, Shop, ShopEvent
from tenants.shops.profile import forget_hosts


@admin.register(Shop)
class ShopAdmin(OperatorsMayLook, ModelAdmin):
    """A shop's public row."""

    list_display = ["name", "slug", "status", "city", "currency", "created_at"]
    list_filter = ["status", "country", "currency"]
    search_fields = ["name", "slug"]
    # Status, commission and limit are changed in the console, which tells the owners and writes the audit log.
    readonly_fields = [
        *("schema_name", "slug", "primary_host", "schema_version", "currency", "created_at"),
        *("status", "status_at", "status_before", "closes_at", "delete_after"),
        *("commission_bps", "rate_limit_per_minute"),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Shop, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        forget_hosts(shop_id=obj.pk, slug=obj.slug)


class ReadOnlyDomains(OperatorsMayLook, ModelAdmin):
    """Read-only admin: the services change domains, and keep the main host, the trail and the caches consistent."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Domain)
class DomainAdmin(ReadOnlyDomains):
    """Hosts and their shops."""

    list_display = ["domain", "tenant", "is_primary", "verified_at"]
    search_fields = ["domain", "tenant__name"]
    list_select_related = ["tenant"]


@admin.register(DomainClaim)
class DomainClaimAdmin(ReadOnlyDomains):
    """Domains claimed by shops."""

    list_display = ["host", "shop", "problem", "checked_at", "due_at", "last_error", "missing_since"]
    list_filter = ["problem"]
    search_fields = ["host", "shop__name"]
    list_select_related = ["shop"]


class ReadOnly(OperatorsMayLook):
    """Read-only admin: the services keep an owner in every shop and write the audit trail."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Membership)
class MembershipAdmin(ReadOnly, ModelAdmin):
    """Members of shops."""

    list_display = ["user", "shop", "role", "created_at"]
    list_filter = ["role"]
    search_fields = ["user__email", "shop__name"]
    list_select_related = ["user", "shop"]


@admin.register(Invitation)
class InvitationAdmin(ReadOnly, ModelAdmin):
    """Invitations to shops."""

    list_display = ["email", "shop", "role", "created_at", "expires_at", "accepted_at", "revoked_at"]
    list_filter = ["role"]
    search_fields = ["email", "shop__name"]
    exclude = ["token_hash"]
    list_select_related = ["shop"]


@admin.register(ShopEvent)
class ShopEventAdmin(ReadOnly, ModelAdmin):
    """Audit trails of shops."""

    list_display = ["created_at", "shop", "actor", "kind", "subject"]
    list_filter = ["kind"]
    search_fields = ["subject", "shop__name", "actor__email"]
    list_select_related = ["shop", "actor"]
